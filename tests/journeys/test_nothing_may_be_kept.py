"""A browser that lets no page keep anything: everything works, and nothing is remembered."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from incidents.lib.clock import now
from incidents.readers.models import ReaderReport
from tests.build import make_component, make_group, make_incident, make_page, make_staff
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.console.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});"""


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    context = browser.new_context(timezone_id="Asia/Tokyo")
    context.add_init_script(FORBIDDEN)
    return context


def test_the_public_page_works(live_server: Any, context: BrowserContext) -> None:
    page = make_page(at=now() - timedelta(days=100)).edit(takes_reports=True, by="test", at=now())
    api = make_component(page, group=make_group(page))
    incident = make_incident(page, at=now(), components={api: "partial_outage"})
    tab = context.new_page()
    complaints = listen_for_complaints(tab)
    tab.goto(f"{live_server.url}/")
    group = tab.locator("details.group")
    opened = group.evaluate("group => group.open")
    group.locator("summary").click()
    assert group.evaluate("group => group.open") is not opened
    tab.locator("[data-switches-zone]").first.click()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    expect(tab.locator("article.update time[role=button]").first).to_be_visible()
    tab.get_by_role("button", name="This affects me too").click()
    expect(tab.get_by_text("Thanks, noted at")).to_be_focused()
    assert ReaderReport.objects.count() == 1
    assert complaints == []
    context.close()


def test_a_draft_is_kept_by_the_server(live_server: Any, context: BrowserContext) -> None:
    page = make_page(at=now() - timedelta(days=100))
    incident = make_incident(page, at=now())
    ada = Person(context, live_server.url, make_staff())
    complaints = listen_for_complaints(ada.tab)
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.write("Half a sentence")
    ada.tab.locator("#draft time").wait_for(timeout=3_000)
    ada.tab.reload()
    assert ada.said() == "Half a sentence"
    assert complaints == []
    context.close()
