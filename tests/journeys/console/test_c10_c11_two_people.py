"""C10, C11: two people at one incident."""

import time

import pytest
from playwright.sync_api import APIResponse, Route, expect

from incidents.timeline.models import Component, Draft, Incident
from tests.journeys.console.conftest import Opens
from tests.journeys.console.person import Person
from tests.journeys.late import held_up

pytestmark = pytest.mark.django_db(transaction=True)


def both_write(opens: Opens, incident: Incident, **window: dict[str, int]) -> tuple[Person, Person]:
    """Let Ada open the composer, then Priya publish, then Ada try to."""
    ada, priya = opens("ada", **window), opens("priya")
    for one in (ada, priya):
        one.tab.goto(f"{one.address}/console/incidents/{incident.code}")
    ada.write("Ada's words.")
    ada.tab.locator("#draft time").wait_for()
    priya.write("Priya's words.")
    priya.tap("button", "Publish")
    priya.tab.get_by_text("Posted. The page shows it now.").wait_for()
    ada.write("Ada's words, finished.")
    ada.tap("button", "Publish")
    ada.tab.locator("#conflict").wait_for()
    return ada, priya


def bodies(incident: Incident) -> list[str]:
    return [update.body for update in incident.updates.order_by("pk")][1:]


def test_c10_their_update_is_shown_in_full_above_mine_and_mine_can_follow(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada, _ = both_write(opens, incident, window=window)
    panel = ada.tab.locator("#conflict")
    expect(panel.get_by_role("heading", name="priya posted meanwhile")).to_be_in_viewport()
    expect(panel).to_contain_text("Priya's words.")
    expect(panel).to_be_focused()
    assert ada.said() == "Ada's words, finished."
    assert bodies(incident) == ["Priya's words."]
    ada.tap("button", "Post mine as well")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert bodies(incident) == ["Priya's words.", "Ada's words, finished."]


def test_c10_mine_can_be_edited(opens: Opens, incident: Incident) -> None:
    ada, _ = both_write(opens, incident)
    ada.tap("link", "Edit mine")
    expect(ada.tab.get_by_label("Text", exact=True)).to_be_focused()
    expect(ada.tab.locator("#conflict")).to_have_count(0)
    ada.write("Nothing to add to what Priya says.")
    ada.tap("button", "Publish")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert bodies(incident) == ["Priya's words.", "Nothing to add to what Priya says."]


def test_c10_mine_can_be_discarded(opens: Opens, incident: Incident) -> None:
    ada, _ = both_write(opens, incident)
    ada.tap("button", "Discard mine")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value("")
    assert bodies(incident) == ["Priya's words."]
    assert not Draft.objects.exists()


def test_c10_mine_is_discarded_after_the_save_that_is_under_way(opens: Opens, incident: Incident) -> None:
    ada, _ = both_write(opens, incident)
    kept: list[tuple[Route, APIResponse]] = []
    ada.tab.route("**/console/drafts/*", lambda route: kept.append((route, route.fetch())))
    ada.write("Ada's words, once more.")
    ada.tab.wait_for_function("() => document.querySelector('form.composer').dataset.unsaved === undefined")
    ada.tap("button", "Discard mine")
    ada.tab.wait_for_timeout(300)
    assert ada.said() == "Ada's words, once more."
    for route, answer in kept:
        route.fulfill(response=answer)
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value("")
    assert not Draft.objects.exists()


def test_c10_mine_is_discarded_after_a_save_that_began_before_theirs_was_shown(
    opens: Opens, incident: Incident
) -> None:
    ada, priya = opens("ada"), opens("priya")
    for one in (ada, priya):
        one.tab.goto(f"{one.address}/console/incidents/{incident.code}")
    saves = held_up(ada.tab, "**/console/drafts/*")
    with ada.tab.expect_request("**/console/drafts/*"):
        ada.write("Ada's words.")
    priya.write("Priya's words.")
    priya.tap("button", "Publish")
    priya.tab.get_by_text("Posted. The page shows it now.").wait_for()
    ada.tap("button", "Publish")
    ada.tab.locator("#conflict").wait_for()
    ada.tap("button", "Discard mine")
    ada.tab.wait_for_timeout(300)
    assert ada.said() == "Ada's words."
    for save in saves:
        save.continue_()
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value("")
    assert not Draft.objects.exists()


def test_c10_both_speaking_of_one_component_are_asked(opens: Opens, incident: Incident, api: Component) -> None:
    ada, priya = opens("ada"), opens("priya")
    for one in (ada, priya):
        one.tab.goto(f"{one.address}/console/incidents/{incident.code}")
    priya.write("Better.")
    priya.tab.locator(f"[name=state_{api.code}]").select_option("degraded_performance")
    priya.tap("button", "Publish")
    priya.tab.get_by_text("Posted. The page shows it now.").wait_for()
    ada.write("Worse.")
    ada.tab.locator(f"[name=state_{api.code}]").select_option("major_outage")
    ada.tap("button", "Publish")
    asked = ada.tab.locator("#conflict .dispute")
    expect(asked).to_contain_text("priya says Degraded performance")
    expect(asked.locator("select")).to_have_value("major_outage")


def test_c11_presence_appears_within_twelve_seconds_and_leaves_within_sixty(opens: Opens, incident: Incident) -> None:
    ada, priya = opens("ada"), opens("priya")
    for one in (ada, priya):
        one.tab.goto(f"{one.address}/console/incidents/{incident.code}")
    priya.tab.get_by_label("Text", exact=True).press_sequentially("I")
    began = time.monotonic()
    line = ada.tab.locator("#others p")
    ada.tab.wait_for_function("() => document.querySelector('#others p')", timeout=12_000)
    assert time.monotonic() - began <= 12
    expect(line).to_contain_text("priya is writing on this incident")
    expect(priya.tab.locator("#others p")).to_have_count(0)
    left = time.monotonic()
    priya.tab.goto(f"{priya.address}/console/more")
    expect(line).to_have_count(0, timeout=60_000)
    assert time.monotonic() - left <= 60
