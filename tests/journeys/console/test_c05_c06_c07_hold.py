"""C05, C06, C07: the hold in a browser. What is published waits, is taken back by one action, or leaves by itself."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, Route, expect

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, HeldPost, Incident, Page
from tests.build import make_page, make_subscriber, seconds
from tests.journeys.console.conftest import ABOVE_THE_KEYBOARD, Opens
from tests.journeys.console.person import Person
from tests.journeys.late import held_up

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
    # Its scripts are there: keys pressed from here on are heard.
    person.tab.wait_for_load_state()
    person.actions = 0
    return HeldPost.objects.get()


def seconds_shown(person: Person, held: HeldPost) -> int:
    """Return how many seconds the bar gives, after it was found to tell the truth within two of them.

    A busy browser may draw late, for a moment: what is not true yet is read again.
    """
    assert held.release_at is not None
    for _ in range(20):
        most = (held.release_at - now()).total_seconds()
        words = person.tab.locator(".hold [data-count]").inner_text()
        least = (held.release_at - now()).total_seconds()
        shown = int(words.removeprefix("in ").removesuffix(" s"))
        if least - 1 <= shown <= most + 2:
            return shown
        person.tab.wait_for_timeout(100)
    raise AssertionError(f"It gives {shown} s, and {least} to {most} are left.")


def test_c05_the_bar_says_to_whom_and_how_long_and_the_page_does_not_know(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    held = publish(ada, incident)
    bar = ada.tab.locator(".hold")
    expect(bar).to_be_in_viewport(ratio=0.99)
    expect(bar).to_contain_text("to the page and 1 recipient")
    began = seconds_shown(ada, held)
    expect(bar.locator("[data-count]")).not_to_have_text(f"in {began} s")
    assert seconds_shown(ada, held) < began
    for name in ("Undo", "Publish now"):
        button = ada.tab.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=0.99)
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 47
    assert WRITTEN not in ada.public(f"/incidents/{incident.code}")


def test_c05_a_bar_whose_script_came_late_counts_from_when_the_bar_was_made(opens: Opens, incident: Incident) -> None:
    ada = opens()
    publish(ada, incident)
    on_their_way = held_up(ada.tab, "**/hold*.js")
    with ada.tab.expect_request("**/hold*.js"):
        ada.tab.reload(wait_until="commit")
    ada.tab.wait_for_timeout(4000)
    first = ada.tab.locator(".hold [data-count]").inner_text()
    for script in on_their_way:
        script.continue_()
    expect(ada.tab.locator(".hold [data-count]")).not_to_have_text(first)
    seconds_shown(ada, HeldPost.objects.get())


def test_c05_it_is_spoken_once_when_it_begins_and_once_when_it_ends(opens: Opens, incident: Incident) -> None:
    ada = opens()
    heard: list[list[str]] = []
    ada.context.expose_function("hear", lambda *words: heard.append(list(words)))
    ada.tab.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            const place = document.getElementById("spoken"), bar = () => document.querySelector(".hold").textContent;
            if (place) new MutationObserver(() => hear(place.textContent, bar())).observe(place, { childList: true });
        });"""
    )
    publish(ada, incident)
    ada.tab.wait_for_function("() => document.getElementById('spoken').textContent")
    ada.tab.wait_for_timeout(2000)
    assert len(heard) == 1
    said = heard[0][0]
    assert re.fullmatch(r"Publishing in (30|2\d) seconds to the page and 1 recipient\. Undo takes it back\.", said)
    release_due(at=now() + seconds(31))
    ada.tab.get_by_label("Text", exact=True).wait_for()
    assert [words for words, _ in heard] == [said, "Published. The page shows it now."]
    assert "Published. The page shows it now." in heard[1][1]
    assert incident.updates.count() == 2


def test_c05_somebody_else_sees_it_too_and_may_take_it_back(opens: Opens, incident: Incident) -> None:
    ada, priya = opens(), opens("priya")
    publish(ada, incident)
    priya.tab.goto(f"{priya.address}/console/components")
    expect(priya.tab.locator(".hold")).to_contain_text("ada: ")
    priya.tap("button", "Undo")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(WRITTEN)


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
    expect(ada.tab.locator(".state-row select").first).to_have_value("degraded_performance")
    assert (HeldPost.objects.count(), incident.updates.count()) == (0, 1)


def test_c07_undo_leads_to_its_own_answer_however_late_that_comes(opens: Opens, incident: Incident) -> None:
    ada = opens()
    publish(ada, incident)
    done: list[tuple[Route, APIResponse]] = []
    ada.tab.route("**/undo", lambda route: done.append((route, route.fetch(max_redirects=0))))
    ada.tab.get_by_role("button", name="Undo").click(no_wait_after=True)
    # Long enough to ask what became of it, and to go where that leads.
    ada.tab.wait_for_timeout(5000)
    for _ in range(250):
        if not done:
            ada.tab.wait_for_timeout(100)
    ((route, answer),) = done
    route.fulfill(response=answer)
    expect(ada.tab.get_by_text("Taken back. Nothing was published.")).to_be_visible()
    ada.wait_for_caret(WRITTEN.index(" the cause"))


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
    expect(ada.tab.locator(".hold")).to_contain_text(re.compile(r"Publishing\s+in (30|2\d) s"))
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
