"""Programs other people wrote, installed in a scratch folder: the product itself needs none of them."""

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from incidents.timeline.models import Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.servers.strangers import install_with_npm

PACKAGES = [
    *("statuspage.io@3.3.8", "statuspage.js@1.0.17", "@statuspage/status-widget@1.0.5"),
    *("node-ical@0.26.1", "feedsmith@3.0.1", "rss-parser@3.13.0"),
]

RunScript = Callable[[str], str]


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which npm installed the clients, as they are."""
    folder = tmp_path_factory.mktemp("npm")
    install_with_npm(folder, *PACKAGES)
    return folder


@pytest.fixture
def node(packages: Path, live_server: LiveServer) -> RunScript:
    """Run a script of Node beside the clients, with the page's address in SERVER; gives what it prints."""

    def run(script: str) -> str:
        environment = {**os.environ, "SERVER": live_server.url, "NO_PROXY": "*"}
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
            environment.pop(name, None)
        outcome = subprocess.run(
            ["node", "--input-type=commonjs", "-e", script],
            cwd=packages,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout

    return run


@pytest.fixture
def acme(live_server: LiveServer, settings: Any) -> Page:
    """A page with a group, an open and a resolved incident, and maintenance ahead, under way and over."""
    settings.SITE_URL = live_server.url
    page = make_page(time_zone="America/Los_Angeles")
    api = make_component(page, group=make_group(page, name="Core"))
    make_component(page, name="Web")
    over = make_incident(page, title="Over & done", at=NOON - timedelta(days=2), components={api: "major_outage"})
    over.resolve(body="It is over.", by="test", at=NOON - timedelta(days=2) + minutes(30))
    make_incident(page, title="Slow answers", body="Some *wait*.\n\nWe look.", components={api: "partial_outage"})
    make_maintenance(page, title="Planned work")
    running = make_maintenance(page, title="Running work", starts_at=NOON, ends_at=NOON + minutes(60))
    running.start(by="test", at=NOON)
    return page
