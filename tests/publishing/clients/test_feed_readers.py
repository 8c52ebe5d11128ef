"""Readers of feeds and calendars that people use read ours."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from incidents.timeline.models import Page
from tests.publishing.clients.conftest import RunScript
from tests.servers.strangers import install_with_apt

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES = ["Planned work", "Slow answers", "Running work", "Over & done"]


@pytest.mark.parametrize("path", ["/history.rss", "/history.atom"])
def test_rss_parser_lists_the_entries(acme: Page, node: RunScript, path: str) -> None:
    told = json.loads(
        node(
            """
            const Parser = require("rss-parser");
            new Parser().parseURL(process.env.SERVER + "PATH").then(feed => console.log(JSON.stringify({
                title: feed.title,
                titles: feed.items.map(one => one.title),
                dated: feed.items.every(one => !isNaN(Date.parse(one.isoDate))),
                linked: feed.items.every(one => one.link.startsWith(process.env.SERVER + "/incidents/")),
            })));
            """.replace("PATH", path)
        )
    )
    assert told["title"] == "Acme Status - Incident History"
    assert sorted(told["titles"]) == sorted(ENTRIES)
    assert told["titles"][0] == "Planned work"
    assert (told["dated"], told["linked"]) == (True, True)


@pytest.mark.parametrize(("path", "parse"), [("/history.rss", "parseRssFeed"), ("/history.atom", "parseAtomFeed")])
def test_feedsmith_lists_the_entries(acme: Page, node: RunScript, path: str, parse: str) -> None:
    told = json.loads(
        node(
            f"""
            (async () => {{
                const {{ {parse} }} = await import("feedsmith");
                const body = await (await fetch(process.env.SERVER + "{path}")).text();
                const feed = {parse}(body);
                console.log(JSON.stringify((feed.items || feed.entries).map(one => one.title)));
            }})();
            """
        )
    )
    titles = [title if isinstance(title, str) else title["value"] for title in told]
    assert sorted(titles) == sorted(ENTRIES)


def test_node_ical_reads_the_calendar(acme: Page, node: RunScript) -> None:
    told = json.loads(
        node(
            """
            const ical = require("node-ical");
            ical.async.fromURL(process.env.SERVER + "/history.ics").then(calendar => {
                const events = Object.values(calendar).filter(one => one.type === "VEVENT");
                console.log(JSON.stringify(events.map(one => [one.summary, one.start.toISOString(), one.status])));
            });
            """
        )
    )
    assert told == [
        ["Acme: Planned work", "2026-11-22T12:00:00.000Z", "CONFIRMED"],
        ["Acme: Running work", "2026-11-21T12:00:00.000Z", "CONFIRMED"],
    ]


@pytest.fixture(scope="session")
def newsboat() -> str:
    """The path of newsboat, from Debian's package where this is root on a machine with apt."""
    return install_with_apt("newsboat")


@pytest.mark.parametrize("path", ["/history.rss", "/history.atom"])
def test_newsboat_lists_the_entries(
    acme: Page, live_server: LiveServer, newsboat: str, tmp_path: Path, path: str
) -> None:
    urls, cache, settings = tmp_path / "urls", tmp_path / "cache.db", tmp_path / "config"
    urls.write_text(f"{live_server.url}{path}\n")
    settings.write_text("")
    subprocess.run(
        [newsboat, "-q", "-C", str(settings), "-u", str(urls), "-c", str(cache), "-x", "reload"],
        env={**os.environ, "HOME": str(tmp_path), "no_proxy": "*"},
        capture_output=True,
        check=True,
        timeout=240,
    )
    with sqlite3.connect(cache) as database:
        titles = [title for (title,) in database.execute("select title from rss_item")]
    database.close()
    assert sorted(titles) == sorted(ENTRIES)
