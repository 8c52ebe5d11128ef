"""A page of the error guide that is open: it learns of incidents and of changes, and leaves alone what is typed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from incidents.guide.models import Entry
from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_component, make_incident, make_page
from tests.guide.making import make_entry
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)

POLL = "document.dispatchEvent(new Event('page:poll'))"
AT_EASE = "You do not need to change anything."


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100))


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page, name="API")


@pytest.fixture
def entry(page: Page, api: Component) -> Entry:
    return make_entry(page, at=now() - timedelta(days=1), components=("API",), providers=("Gmail",))


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/errors/{slug}", "/errors/400-499", "/errors/providers/gmail"])
def test_an_open_page_learns_of_an_incident_that_causes_its_error_and_of_its_end(
    live_server: Any, page: Page, api: Component, entry: Entry, tab: Tab, path: str
) -> None:
    complaints = listen_for_complaints(tab)
    tab.goto(live_server.url + path.format(slug=entry.slug))
    tab.evaluate("window.stillHere = true")
    expect(tab.get_by_text(AT_EASE)).to_have_count(0)
    incident = make_incident(page, at=now(), title="Errors on the API", components={api: "major_outage"})
    tab.evaluate(POLL)
    expect(tab.get_by_text(AT_EASE)).to_be_visible()
    expect(tab.locator("#live-news")).to_have_text("New incident: Errors on the API.")
    incident.resolve(body="Over.", by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.get_by_text(AT_EASE)).to_have_count(0)
    expect(tab.locator("#live-news")).to_have_text("Errors on the API is over.")
    assert tab.evaluate("window.stillHere")
    assert complaints == []


def test_the_first_page_of_the_guide_learns_it_too_and_keeps_what_is_typed(
    live_server: Any, page: Page, api: Component, entry: Entry, tab: Tab
) -> None:
    tab.goto(f"{live_server.url}/errors")
    tab.get_by_label("Paste an error message or response").fill('{"message": "typed before the news"}')
    tab.locator("input[name=keep]").check()
    make_incident(page, at=now(), title="Errors on the API", components={api: "major_outage"})
    tab.evaluate(POLL)
    expect(tab.locator(".trouble").get_by_text("Errors on the API")).to_be_visible()
    expect(tab.get_by_label("Paste an error message or response")).to_have_value('{"message": "typed before the news"}')
    expect(tab.locator("input[name=keep]")).to_be_checked()


def test_what_a_reader_filtered_stays_and_is_left_by_the_poll(
    live_server: Any, page: Page, api: Component, entry: Entry, tab: Tab
) -> None:
    make_entry(page, at=now() - timedelta(days=1), code="429", title="Slow down")
    tab.goto(f"{live_server.url}/errors/400-499")
    tab.locator("#guide-q").press_sequentially("slow")
    tab.wait_for_url("**q=slow**")
    expect(tab.locator("#found section")).to_have_count(1)
    with tab.expect_response("**/live/errors/**"):
        tab.evaluate(POLL)
    tab.wait_for_timeout(200)
    expect(tab.locator("#found section")).to_have_count(1)
    expect(tab.locator("#guide-q")).to_have_value("slow")
    expect(tab.locator("#live-paused")).to_be_hidden()
    tab.locator("#guide-q").press_sequentially(" down")
    tab.wait_for_url("**q=slow%20down**")


def test_a_corrected_solution_is_read_without_a_reload(
    live_server: Any, page: Page, api: Component, entry: Entry, tab: Tab
) -> None:
    tab.goto(f"{live_server.url}/errors/{entry.slug}")
    entry.edit(contents=replace(entry.contents, solution="Ask us at once."), by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.get_by_text("Ask us at once.")).to_be_visible()


def test_an_open_page_of_an_entry_that_was_renamed_keeps_current(
    live_server: Any, page: Page, api: Component, entry: Entry, tab: Tab
) -> None:
    tab.goto(f"{live_server.url}/errors/{entry.slug}")
    entry.edit(contents=replace(entry.contents, title="Renamed", slug="renamed"), by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Renamed")
    expect(tab.locator("#live-paused")).to_be_hidden()
