"""A reader taps "This affects me too": answered in place, once on a device, and without script by a page."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from incidents.lib.clock import now
from incidents.readers.models import ReaderReport
from incidents.timeline.models import Page
from tests.build import make_component, make_incident, make_page
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)

POLL = "document.dispatchEvent(new Event('page:poll'))"
BUTTON = "This affects me too"


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100)).edit(takes_reports=True, by="test", at=now())


def test_one_tap_is_answered_in_place_and_cannot_be_repeated(live_server: Any, page: Page, browser: Browser) -> None:
    api = make_component(page)
    incident = make_incident(page, at=now(), components={api: "partial_outage"})
    context = browser.new_context(viewport={"width": 360, "height": 780}, has_touch=True)
    tab = context.new_page()
    complaints = listen_for_complaints(tab)
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    tab.get_by_role("button", name=BUTTON).tap()
    answer = tab.get_by_text("Thanks, noted at")
    expect(answer).to_be_focused()
    assert tab.url.endswith(incident.code)
    assert not Axe().run(tab).response["violations"]
    incident.post_update(body="More.", by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.get_by_text("More.")).to_be_visible()
    expect(answer).to_be_visible()
    tab.reload()
    expect(tab.get_by_text("Thanks, noted at")).to_be_visible()
    expect(tab.get_by_role("button", name=BUTTON)).to_have_count(0)
    tab.goto(f"{live_server.url}/c/{api.code}")
    expect(tab.get_by_role("button", name=BUTTON)).to_be_visible()
    assert ReaderReport.objects.count() == 1
    assert complaints == []
    context.close()


def test_where_its_script_cannot_be_had_a_page_answers(live_server: Any, page: Page, browser: Browser) -> None:
    api = make_component(page)
    context = browser.new_context()
    tab = context.new_page()
    tab.route("**/affects*.js", lambda route: route.abort())
    tab.goto(f"{live_server.url}/c/{api.code}")
    tab.get_by_role("button", name=BUTTON).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Thanks, noted at")
    assert ReaderReport.objects.count() == 1
    context.close()


def test_without_script_a_page_answers(live_server: Any, page: Page, browser: Browser) -> None:
    api = make_component(page)
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{live_server.url}/c/{api.code}")
    tab.get_by_role("button", name=BUTTON).click()
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Thanks, noted at")
    said = heading.inner_text()
    tab.get_by_role("link", name="Back").click()
    tab.get_by_role("button", name=BUTTON).click()
    expect(heading).to_have_text(said)
    assert ReaderReport.objects.count() == 1
    context.close()
