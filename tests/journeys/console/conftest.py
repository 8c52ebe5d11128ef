"""The cast at the console: Ada and Priya, page Acme with API and Webhooks, an open incident, a template."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from incidents.lib.clock import now
from incidents.timeline.models import Component, Incident, IncidentTemplate, Page
from tests.build import make_component, make_incident, make_page, make_staff, make_subscriber, minutes
from tests.journeys.console.person import Person

PHONE = {"width": 360, "height": 740}
ABOVE_THE_KEYBOARD = {"width": 360, "height": 430}
DESK = {"width": 1280, "height": 800}

Opens = Callable[..., Person]


@pytest.fixture
def page() -> Page:
    page = make_page(at=now() - timedelta(days=100))
    make_subscriber(page)
    return page


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


@pytest.fixture
def webhooks(page: Page) -> Component:
    return make_component(page, name="Webhooks")


@pytest.fixture
def template(page: Page, api: Component) -> IncidentTemplate:
    return IncidentTemplate.keep(
        page=page,
        name="API errors",
        title="Elevated error rates on the API",
        body="Some requests to {components} fail since {start}. Next update by {next_update}.",
        components={api: "partial_outage"},
        by="test",
        at=page.created_at,
    )


@pytest.fixture
def incident(page: Page, api: Component, webhooks: Component) -> Incident:
    states = {api: "partial_outage", webhooks: "degraded_performance"}
    return make_incident(page, at=now() - minutes(18), components=states)


@pytest.fixture(params=[PHONE, ABOVE_THE_KEYBOARD, DESK], ids=["360x740", "360x430", "1280"])
def window(request: pytest.FixtureRequest) -> dict[str, int]:
    return request.param


@pytest.fixture
def opens(browser: Browser, live_server: Any) -> Iterator[Opens]:
    """Let somebody sit down at a browser of their own."""
    contexts: list[BrowserContext] = []

    def sit_down(name: str = "ada", *, window: dict[str, int] = PHONE, **options: Any) -> Person:
        context = browser.new_context(viewport=window, **options)
        contexts.append(context)
        return Person(context, live_server.url, make_staff(name=name))

    yield sit_down
    for context in contexts:
        context.close()
