"""C05, C06, C07: the hold in a browser. What is published waits, is taken back by one action, or leaves by itself."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, HeldPost, Incident, Page
from tests.build import make_page, make_subscriber, seconds
from tests.journeys.console.conftest import ABOVE_THE_KEYBOARD, Opens
from tests.journeys.console.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = "We found the cause and mend it."


@pytest.fixture
def page() -> Page:
    page = make_page(at=now() - timedelta(days=100), hold_seconds=30)
    make_subscriber(page)
    return page


def publish(person: Person, incident: Incident) -> HeldPost:
    """Write an update with the caret after "found" and publish it."""
    person.tab.goto(f"{person.address}/console/incidents/{incident.code}")
    person.choose("Identified")
    person.write(WRITTEN)
    place = WRITTEN.index(" the cause")
    person.tab.get_by_label("Text", exact=True).evaluate(f"field => field.setSelectionRange({place}, {place})")
    person.tab.locator(".state-row select").first.select_option("degraded_performance")
    person.tap("button", "Publish")
    person.tab.locator(".hold").wait_for()
    person.actions = 0
    return HeldPost.objects.get()


def test_c05_the_bar_says_to_whom_and_how_long_and_the_page_does_not_know(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    publish(ada, incident)
    bar = ada.tab.locator(".hold")
    expect(bar).to_be_in_viewport(ratio=0.99)
    expect(bar).to_contain_text("to the page and 1 recipient")
    expect(bar.locator("[data-count]")).to_have_text("in 29 s")
    expect(bar.locator("[data-count]")).to_have_text("in 27 s")
    for name in ("Undo", "Publish now"):
        button = ada.tab.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=0.99)
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 47
    assert WRITTEN not in ada.public(f"/incidents/{incident.code}")


def test_c05_it_is_spoken_once_when_it_begins_and_once_when_it_ends(opens: Opens, incident: Incident) -> None:
    ada = opens()
    ada.tab.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            globalThis.heard = [];
            const place = document.getElementById("spoken");
            if (place) new MutationObserver(() => heard.push(place.textContent)).observe(place, { childList: true });
        });"""
    )
    publish(ada, incident)
    ada.tab.wait_for_timeout(2500)
    said = "Publishing in 30 seconds to the page and 1 recipient. Undo takes it back."
    assert ada.tab.evaluate("heard") == [said]
    release_due(at=now() + seconds(31))
    expect(ada.tab.locator(".hold")).to_contain_text("Published. The page shows it now.")
    assert ada.tab.evaluate("heard")[1:] == ["Published. The page shows it now."]
    ada.tab.get_by_label("Text", exact=True).wait_for()
    assert incident.updates.count() == 2


def test_c05_somebody_else_sees_it_too_and_may_take_it_back(opens: Opens, incident: Incident) -> None:
    ada, priya = opens(), opens("priya")
    publish(ada, incident)
    priya.tab.goto(f"{priya.address}/console/components")
    expect(priya.tab.locator(".hold")).to_contain_text("ada: ")
    priya.tap("button", "Undo")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(WRITTEN, timeout=10_000)


def test_c06_with_the_browser_closed_it_leaves_on_time(opens: Opens, incident: Incident) -> None:
    ada = opens()
    held = publish(ada, incident)
    ada.context.close()
    assert held.release_at is not None
    release_due(at=held.release_at - seconds(0.1))
    assert incident.updates.count() == 1
    release_due(at=held.release_at)
    assert incident.updates.order_by("-pk")[0].body == WRITTEN


def test_c07_undo_is_one_action_and_restores_text_states_and_caret(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    publish(ada, incident)
    ada.tap("button", "Undo")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(WRITTEN)
    assert ada.actions == 1
    ada.wait_for_caret(WRITTEN.index(" the cause"))
    expect(ada.tab.locator(".step", has_text="Identified").locator("input")).to_be_checked()
    assert ada.tab.locator(".state-row select").first.input_value() == "degraded_performance"
    assert (HeldPost.objects.count(), incident.updates.count()) == (0, 1)


@pytest.mark.parametrize("keys", ["Control+z", "Meta+z"])
def test_c07_the_keys_for_undo_take_it_back_too(opens: Opens, incident: Incident, keys: str) -> None:
    ada = opens()
    publish(ada, incident)
    ada.press(keys)
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(WRITTEN)
    assert ada.actions == 1
    expect(ada.tab.get_by_label("Text", exact=True)).to_be_focused()
    assert not HeldPost.objects.exists()


def test_c07_without_script_undo_restores_text_and_states(opens: Opens, incident: Incident) -> None:
    ada = opens(java_script_enabled=False)
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.write(WRITTEN)
    ada.tap("button", "Publish")
    expect(ada.tab.locator(".hold")).to_contain_text("Publishing in 30 s")
    ada.tap("button", "Undo")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(WRITTEN)
    assert not HeldPost.objects.exists()


def test_a_report_is_held_on_a_screen_of_its_own_and_undo_opens_it_again(
    opens: Opens, page: Page, api: Component
) -> None:
    ada = opens(window=ABOVE_THE_KEYBOARD)
    ada.tab.goto(f"{ada.address}/console/incidents/new")
    ada.tab.get_by_label("Title").fill("Search is slow")
    ada.write(WRITTEN)
    ada.tap("button", "Publish")
    expect(ada.tab.get_by_role("heading", level=1)).to_have_text("Search is slow")
    ada.tap("button", "Undo")
    expect(ada.tab.get_by_label("Title")).to_have_value("Search is slow")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(WRITTEN)
    assert not Incident.objects.exists()


def test_publish_now_leaves_at_once_and_leads_to_the_incident(opens: Opens, incident: Incident) -> None:
    ada = opens()
    publish(ada, incident)
    ada.tap("button", "Publish now")
    ada.tab.get_by_text("Published. The page shows it now.").first.wait_for()
    assert WRITTEN in ada.public(f"/incidents/{incident.code}")


def test_under_reduced_motion_the_line_stands_still(opens: Opens, incident: Incident) -> None:
    ada = opens(reduced_motion="reduce")
    publish(ada, incident)
    assert ada.tab.locator(".hold .left > span").evaluate("line => line.getAnimations().length") == 0
