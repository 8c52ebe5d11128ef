"""C08: what is being written is never lost."""

import time

import pytest
from playwright.sync_api import expect

from incidents.timeline.models import Incident, Page
from tests.journeys.console.conftest import Opens

pytestmark = pytest.mark.django_db(transaction=True)

ACKNOWLEDGED = "#draft time"


def test_c08_a_draft_is_acknowledged_within_three_seconds_and_survives_reload_logout_and_another_device(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    address = f"{ada.address}/console/incidents/{incident.code}"
    ada.tab.goto(address)
    with ada.keeps("A bad configuration", "identified"):
        ada.write("A bad configuration reached the edge proxies.")
        ada.choose("Identified")
        stopped = time.monotonic()
    ada.tab.locator(ACKNOWLEDGED).wait_for(timeout=3000)
    assert time.monotonic() - stopped <= 3
    ada.tab.reload()
    assert ada.said() == "A bad configuration reached the edge proxies."
    assert ada.tab.locator("[name=phase]:checked").get_attribute("value") == "identified"
    ada.context.clear_cookies()
    priya = opens("priya")
    priya.tab.goto(address)
    assert priya.said() == "A bad configuration reached the edge proxies."
    expect(priya.tab.locator("#draft")).to_contain_text("by ada")


def test_c08_a_report_is_a_draft_too_and_stands_on_now(opens: Opens, page: Page) -> None:
    ada = opens()
    ada.tab.goto(f"{ada.address}/console/incidents/new")
    with ada.keeps("Login fails", "Nobody can sign in."):
        ada.tab.get_by_label("Title").fill("Login fails")
        ada.write("Nobody can sign in.")
    ada.tab.locator(ACKNOWLEDGED).wait_for(timeout=3000)
    ada.tab.reload()
    assert ada.said() == "Nobody can sign in."
    priya = opens("priya")
    priya.tab.goto(f"{priya.address}/console/")
    priya.tap("link", "Login fails")
    assert priya.said() == "Nobody can sign in."
    assert priya.tab.get_by_label("Title").input_value() == "Login fails"


def test_c08_without_the_server_the_browser_keeps_the_text(opens: Opens, incident: Incident) -> None:
    ada = opens()
    address = f"{ada.address}/console/incidents/{incident.code}"
    ada.tab.goto(address)
    ada.tab.route("**/console/drafts/*", lambda route: route.abort())
    ada.write("Only here so far.")
    ada.tab.get_by_text("Kept in this browser").wait_for()
    ada.tab.reload()
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value("Only here so far.")
    ada.tab.unroute("**/console/drafts/*")
    ada.tab.locator(ACKNOWLEDGED).wait_for()
