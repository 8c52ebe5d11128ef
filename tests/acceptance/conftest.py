"""A tab of a real browser for the acceptance points, and the stages that stand behind one server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from incidents.lib.clock import now
from incidents.timeline.models import Page
from tests.acceptance.scenes import set_up

Stage = Callable[..., tuple[Page, str]]
Opened = Callable[..., Tab]


@pytest.fixture
def stage(live_server: LiveServer, settings: Any) -> Stage:
    """Set a scene up now and return its page and its address, which has a host of its own."""
    settings.ALLOWED_HOSTS = ["*"]
    port = live_server.url.rpartition(":")[2]

    def show(name: str, **options: Any) -> tuple[Page, str]:
        page = set_up(name, at=now(), **options)
        return page, f"http://{page.host}:{port}"

    return show


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Open a tab with the options of a context: 768 x 1024, light, in UTC unless told otherwise."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Tab:
        usual: dict[str, Any] = {"viewport": {"width": 768, "height": 1024}, "timezone_id": "UTC"}
        contexts.append(browser.new_context(**(usual | options)))
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()
