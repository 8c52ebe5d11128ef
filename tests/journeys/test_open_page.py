"""A page that is open: it keeps current without a reload, says what changed, and lets days be looked at."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_component, make_group, make_incident, make_page, minutes
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.late import held_up

pytestmark = pytest.mark.django_db(transaction=True)

POLL = "document.dispatchEvent(new Event('page:poll'))"


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100))


@pytest.fixture
def api(page: Page) -> Component:
    """A component of a group that had an outage of 14 minutes six days ago, far from midnight."""
    api = make_component(page, name="API", group=make_group(page))
    began = now().replace(hour=12, minute=0) - timedelta(days=6)
    incident = make_incident(page, at=began, title="Six days ago", components={api: "partial_outage"})
    incident.resolve(body="Over.", by="test", at=began + minutes(14))
    return api


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_l07_u05_news_appears_without_a_reload_and_is_said_once(
    live_server: Any, page: Page, api: Component, tab: Tab
) -> None:
    complaints = listen_for_complaints(tab)
    tab.goto(live_server.url)
    tab.evaluate("window.stillHere = true")
    incident = make_incident(page, at=now(), title="Errors on the API", components={api: "major_outage"})
    tab.evaluate(POLL)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Major outage")
    said = tab.locator("#live-news")
    expect(said).to_have_text("API: major outage. New incident: Errors on the API.")
    expect(tab).to_have_title(re.compile("^Major outage"))
    expect(tab.locator("#favicon")).to_have_attribute("href", re.compile("major_outage"))
    incident.post_update(body="Found it.", by="test", at=now(), phase=page.phase("identified"))
    tab.evaluate(POLL)
    expect(said).to_have_text("New update on Errors on the API: Identified.")
    with tab.expect_response("**/live/**"):
        tab.evaluate(POLL)
    tab.wait_for_timeout(300)
    expect(said).to_have_text("New update on Errors on the API: Identified.")
    assert tab.evaluate("window.stillHere")
    assert complaints == []


def test_l06_what_a_visitor_did_survives_news(live_server: Any, page: Page, api: Component, tab: Tab) -> None:
    tab.goto(live_server.url)
    group = tab.locator("details.group").first
    group.locator("summary").click()
    expect(group).not_to_have_attribute("open", "")
    subscribe = tab.get_by_role("link", name="Incident history").last
    subscribe.focus()
    make_incident(page, at=now(), title="Elsewhere")
    tab.evaluate(POLL)
    expect(tab.get_by_role("heading", name="Elsewhere")).to_be_visible()
    expect(group).not_to_have_attribute("open", "")
    expect(subscribe).to_be_focused()


def test_l08_a_server_that_is_gone_is_said_and_forgotten_when_it_is_back(
    live_server: Any, page: Page, api: Component, tab: Tab
) -> None:
    tab.goto(live_server.url)
    notice = tab.locator("#live-paused")
    expect(notice).to_be_hidden()
    tab.route("**/live/**", lambda route: route.abort())
    tab.evaluate(POLL)
    expect(notice).to_be_visible()
    tab.unroute("**/live/**")
    tab.evaluate(POLL)
    expect(notice).to_be_hidden()


def test_t06_t07_a_strip_is_one_tab_stop_read_and_walked_by_keys(
    live_server: Any, page: Page, api: Component, tab: Tab
) -> None:
    complaints = listen_for_complaints(tab)
    tab.goto(live_server.url)
    strip = tab.get_by_role("slider", name="API, last 90 days")
    expect(strip).to_have_attribute("aria-valuetext", re.compile("no trouble"))
    strip.focus()
    strip.press("PageUp")
    expect(strip).to_have_attribute("aria-valuetext", re.compile("partial outage, 14 minutes; 1 incident"))
    panel = tab.locator(".day-panel")
    expect(panel).to_contain_text("Partial outage, 14 minutes")
    expect(panel.get_by_role("link", name="Six days ago")).to_be_visible()
    assert not Axe().run(tab).response["violations"]
    strip.press("ArrowLeft")
    expect(panel).to_contain_text("No incidents recorded")
    strip.press("ArrowRight")
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    strip.press("PageUp")
    strip.press("Enter")
    tab.wait_for_url("**/history*")
    assert complaints == []


def test_keys_pressed_before_the_days_have_come_act_when_they_are_there(
    live_server: Any, page: Page, api: Component, tab: Tab
) -> None:
    on_their_way = held_up(tab, "**/traces*.js", "**/days.json")
    tab.goto(live_server.url)
    strip = tab.get_by_role("slider", name="API, last 90 days")
    with tab.expect_request("**/traces*.js"):
        strip.focus()
    strip.press("PageUp")
    with tab.expect_request("**/days.json"):
        on_their_way.pop().continue_()
    strip.press("ArrowLeft")
    expect(strip).to_have_attribute("aria-valuenow", "89")
    on_their_way.pop().continue_()
    expect(strip).to_have_attribute("aria-valuenow", "82")
    expect(tab.locator(".day-panel")).to_contain_text("No incidents recorded")


def test_t08_a_tap_takes_the_nearest_day_with_an_event_and_opens_below_the_strip(
    live_server: Any, page: Page, api: Component, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, has_touch=True)
    tab = context.new_page()
    tab.goto(live_server.url)
    strip = tab.locator(".strip[role=slider]").first
    box = strip.bounding_box()
    assert box
    day = box["width"] / 45
    tab.touchscreen.tap(box["x"] + box["width"] - 4.5 * day, box["y"] + 10)
    panel = tab.locator(".day-panel")
    expect(panel).to_contain_text("Partial outage, 14 minutes")
    below = panel.bounding_box()
    assert below
    assert below["y"] >= box["y"] + box["height"]
    assert (panel.get_by_role("link").bounding_box() or {"height": 0})["height"] >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    context.close()


def test_times_can_be_read_in_the_viewers_zone_and_stay_so(
    live_server: Any, page: Page, api: Component, browser: Browser
) -> None:
    # While something is open the stamp is that of the last change, and not of the minute the page is read in.
    make_incident(page, at=now() - minutes(5), title="Under way")
    context = browser.new_context(timezone_id="Asia/Tokyo")
    tab = context.new_page()
    tab.goto(live_server.url)
    switch = tab.get_by_role("button", name="Show in your time")
    stamp = tab.locator(".masthead time")
    before, machine = stamp.inner_text(), stamp.get_attribute("datetime")
    assert before.endswith("UTC")
    switch.click()
    expect(stamp).not_to_have_text(before)
    expect(stamp).to_have_attribute("title", before)
    assert stamp.get_attribute("datetime") == machine
    tab.reload()
    expect(tab.locator("#times-in")).not_to_have_text("Times in UTC")
    expect(tab.locator(".masthead time")).not_to_have_text(before)
    tab.get_by_role("button", name="Show in UTC").click()
    expect(tab.locator(".masthead time")).to_have_text(before)
    context.close()


def test_a_viewer_in_the_pages_zone_is_offered_no_other(live_server: Any, page: Page, browser: Browser) -> None:
    context = browser.new_context(timezone_id="UTC")
    tab = context.new_page()
    tab.goto(live_server.url)
    tab.wait_for_load_state("networkidle")
    assert tab.get_by_role("button", name="Show in your time").count() == 0
    context.close()
