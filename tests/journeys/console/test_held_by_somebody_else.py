"""A colleague publishes while a screen of the same incident is open: it says so once and leaves what is typed alone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, HeldPost, Incident, Maintenance, Page
from tests.build import make_maintenance, make_page, make_staff, seconds
from tests.journeys.console.conftest import Opens
from tests.journeys.console.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

MINE = "Ada's words, half"
PLACE = MINE.index("half")
ROUND = 10_000
"""Milliseconds between two questions of an open screen."""


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100), hold_seconds=30)


@pytest.fixture
def window_of_work(page: Page, api: Component) -> Maintenance:
    return make_maintenance(page, at=now(), components=[api])


def writes_at(ada: Person, path: str) -> None:
    """Let Ada type at a screen with the caret before "half", and keep what is spoken to her from then on."""
    ada.tab.clock.install()
    ada.open(path)
    ada.write(MINE)
    ada.tab.get_by_label("Text", exact=True).evaluate("(field, place) => field.setSelectionRange(place, place)", PLACE)
    ada.tab.evaluate(
        """() => {
            const place = document.getElementById("spoken");
            window.heard = [];
            new MutationObserver(() => heard.push(place.textContent)).observe(place, { childList: true });
        }"""
    )


def heard(ada: Person) -> list[str]:
    words: list[str] = ada.tab.evaluate("heard")
    return words


def holds(name: str, incident: Incident, deed: str) -> HeldPost:
    said = {"body": "Theirs.", "notify": True}
    return HeldPost.hold(
        page=incident.page,
        deed=deed,
        incident=incident,
        arguments=said,
        request_key=deed,
        by=make_staff(name=name),
        at=now(),
    )


def a_round_passes(ada: Person) -> None:
    with ada.tab.expect_response("**/presence"):
        ada.tab.clock.run_for(ROUND)


def typing_goes_on(ada: Person) -> None:
    """Type one more character where the caret was; nothing was lost and the focus did not move."""
    ada.wait_for_caret(PLACE)
    ada.tab.keyboard.type("-")
    assert ada.said() == "Ada's words, -half"


def test_it_is_shown_and_spoken_once_within_a_round_and_so_is_that_it_was_taken_back(
    opens: Opens, incident: Incident, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    writes_at(ada, f"/console/incidents/{incident.code}")
    a_round_passes(ada)
    bar = ada.tab.locator(".hold")
    expect(bar).to_have_count(0)
    post = holds("priya", incident, "update")
    a_round_passes(ada)
    expect(bar).to_be_in_viewport(ratio=0.99)
    expect(bar.locator("[data-count]")).to_have_text(re.compile(r"in (30|2\d) s"))
    a_round_passes(ada)
    expect(bar).to_have_count(1)
    expect(bar.locator("[data-count]")).to_have_text(re.compile(r"in (20|1\d) s"))
    typing_goes_on(ada)
    post.take_back(by=post.by or "priya", at=now())
    ada.tab.clock.run_for(3000)
    expect(bar).to_contain_text("Taken back by priya. Nothing was published.")
    ada.tab.clock.run_for(7000)
    expect(bar).to_have_count(0)
    a_round_passes(ada)
    expect(bar).to_have_count(0)
    begun, ended = heard(ada)
    assert begun.startswith("priya publishes in ")
    assert begun.endswith("to the page and its feeds: Elevated error rates on the API.")
    assert ended == "Taken back by priya. Nothing was published."


def test_a_step_of_a_maintenance_says_so_too_and_that_it_left(opens: Opens, window_of_work: Maintenance) -> None:
    ada = opens()
    writes_at(ada, f"/console/maintenances/{window_of_work.code}/cancel")
    holds("priya", window_of_work, "start")
    a_round_passes(ada)
    bar = ada.tab.locator(".hold")
    expect(bar).to_contain_text("Database upgrade · Start")
    typing_goes_on(ada)
    release_due(at=now() + seconds(31))
    ada.tab.clock.run_for(3000)
    expect(bar).to_contain_text("Published. The page shows it now.")
    assert ada.tab.url.endswith("/cancel")
    assert [words.partition(" in ")[0] for words in heard(ada)] == [
        "priya publishes",
        "Published. The page shows it now.",
    ]
    assert ada.said() == "Ada's words, -half"
