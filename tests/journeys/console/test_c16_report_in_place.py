"""C16: after publishing, the report is there without a tap, adds up at every look, and says three things at most."""

import re

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.notifications.fanout import fan_out
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_subscribers
from tests.journeys.console.conftest import Opens
from tests.notifications.delivered import leave

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """() => {
  window.said = [document.getElementById('said').textContent];
  new MutationObserver(() => window.said.push(document.getElementById('said').textContent))
    .observe(document.getElementById('said'), {childList: true, characterData: true, subtree: true});
}"""
"""What a screen reader says: what the live region comes with, and each change of it."""


def adds_up(tab: Tab) -> bool:
    """Say whether the line that is shown adds up."""
    words = tab.locator("#line-email").inner_text()
    total = re.search(r"of ([\d,]+) sent", words)
    numbers = [int(number.replace(",", "")) for number in re.findall(r"(?:Email|·) ([\d,]+)", words)]
    return total is not None and sum(numbers) == int(total[1].replace(",", ""))


def test_c16_the_report_follows_the_sending_in_place_and_then_stands(
    opens: Opens, window: dict[str, int], page: Page, api: Component, incident: Incident
) -> None:
    make_subscribers(page, 7)
    ada = opens(window=window)
    tab = ada.tab
    tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.write("We found the cause.")
    ada.tap("button", "Publish")
    tab.get_by_role("heading", name="Telling subscribers").wait_for()
    assert ada.actions == 1
    tab.evaluate(LISTEN)
    event = page.events.filter(update__incident=incident).latest("seq")
    fan_out(event_id=event.pk)
    total = event.deliveries.count()
    for states in (("sent",), ("sent", "failed"), ("sent", "failed", "sent")):
        leave(event, *states, *["queued"] * (total - len(states)), sent_at=now())
        expect(tab.locator("#line-email")).to_contain_text(f"{states.count('sent')} of {total} sent")
        assert adds_up(tab)
    leave(event, "sent", "failed", *["sent"] * (total - 2), sent_at=now())
    expect(tab.locator("#live")).to_contain_text("Finished ")
    assert adds_up(tab)
    assert tab.locator("#live").get_attribute("hx-get") is None
    assert tab.evaluate("window.said") == ["Sending.", "Sending; some did not get through.", "Finished."]
    tab.get_by_role("link", name="Look at the 1 failed").click()
    expect(tab.locator("tbody tr")).to_have_count(1)
    tab.get_by_role("button", name="Send the 1 failed again").click()
    expect(tab.get_by_text("1 waits to be sent again.")).to_be_visible()
