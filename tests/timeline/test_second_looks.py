"""What is worth a second look in a postmortem: said quietly, and right about the report the idea came from (C20)."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from incidents.timeline.models import ActionItem, Incident, Postmortem
from incidents.timeline.postmortems.reading import read_draft
from incidents.timeline.postmortems.second_looks import Story, Told, second_looks
from incidents.timeline.postmortems.sections import HINTS, first_draft, timeline_of, with_timeline
from tests.build import NOON, make_incident, make_page, make_staff, minutes

PACIFIC = ZoneInfo("America/Los_Angeles")
SEED = Path(__file__).parents[3] / "shared" / "data" / "nylas" / "incident-report.txt"

OUR_OWN = (
    "On April 4th at about 9:00PM EST a billing script mistakenly froze half of the applications. Customers told us "
    "at approximately 11:20 PM, and we began to undo it at once, completing the process by 12:00 AM."
)
"""Told after the report of April 2023, in words of our own."""


def pacific(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2023, 4, 4, int(hour), int(minute), tzinfo=PACIFIC)


def that_evening(**more) -> Story:
    told = (
        Told(pacific("20:21"), "We look into it.", is_trouble=True),
        Told(pacific("20:45"), "We switch them on again.", is_trouble=True),
        Told(pacific("21:05"), "All calls should be succeeding now.", is_trouble=False),
        Told(pacific("21:11"), "We are seeing some applications still being disabled. We work on it.", is_trouble=True),
        Told(pacific("21:16"), "All are active again.", is_trouble=False),
        Told(pacific("21:58"), "This is resolved.", is_trouble=False),
    )
    said = {"noticed_by_customers": False, "actions": (), "people": (), "page": "Nylas", **more}
    return Story(pacific("18:00"), pacific("21:58"), PACIFIC, told, **said)


def sentences(text: str, story: Story | None = None) -> list[str]:
    return [look.sentence for look in second_looks(text, story or that_evening())]


def test_c20_a_report_that_says_all_was_back_before_an_update_says_otherwise_is_noticed() -> None:
    assert sentences(OUR_OWN) == [
        (
            "It says all was over at 21:00 PDT; the update of 21:11 PDT says otherwise: "
            "“We are seeing some applications still being disabled.”"
        ),
        "“EST” was not the clock on that day, EDT was. Written as [time: …] it is told in every reader's zone.",
    ]


@pytest.mark.skipif(not SEED.exists(), reason="the captured report is not beside this checkout")
def test_c20_the_contradiction_of_the_captured_report_is_noticed() -> None:
    report = SEED.read_text().partition("Incident Report for Nylas")[2].partition("Posted Apr 12")[0]
    found = sentences(report)
    assert any("over at 21:00 PDT; the update of 21:11 PDT says otherwise" in one for one in found)
    assert not any("person" in one or "stands next to" in one for one in found)


def test_an_end_that_agrees_with_the_updates_is_left_alone() -> None:
    assert sentences("All was restored by 21:16 PDT.") == []
    assert sentences("The last application was active again by [time: 2023-04-04 21:16 America/Los_Angeles].") == []
    assert sentences("At 21:00 it was not yet restored.") == []
    assert sentences("We rang the bell at 21:00.") == []


def test_an_end_after_the_page_said_so_is_noticed() -> None:
    assert sentences("It was resolved at 22:30.") == [
        "It says all was over at 22:30 PDT; the page said so at 21:58 PDT already."
    ]


def test_a_beginning_that_is_not_that_of_the_incident_is_noticed() -> None:
    assert sentences("It started at 17:00 PDT.") == [
        "It says something began at 17:00 PDT; the incident began at 18:00 PDT."
    ]
    assert sentences("It started at 6 p.m. PDT.") == []
    assert sentences("We started to look at 20:21 PDT.") == []


def test_a_section_that_still_has_its_hint_is_named() -> None:
    looks = second_looks(f"## Summary\n\nIt broke.\n\n## Impact\n\n{HINTS['Impact']}\n", that_evening())
    assert [(look.section, look.sentence) for look in looks] == [("Impact", "The hint is still there.")]


def test_an_impact_without_a_number_is_noticed_and_a_time_is_none() -> None:
    asks = "There is no number: how many people, requests or minutes?"
    assert sentences("## Impact\n\nFrom 18:00 PDT calls failed.") == [asks]
    assert sentences("## Impact\n\nFrom [time: 2023-04-04 18:00 UTC] calls failed.") == [asks]
    assert sentences("## Impact\n\nAbout half of all calls failed.") == []
    assert sentences("## Impact\n\n403 of 800 calls failed.") == []
    assert sentences("## Summary\n\nCalls failed.") == []


def test_a_person_beside_a_mistake_is_noticed_and_a_thing_is_not() -> None:
    story = that_evening(people=("Priya", "Sharma"))
    assert sentences("Priya deployed the wrong version.", story) == [
        "“Priya” stands next to a mistake. Tell what the system allowed, not who did it."
    ]
    assert "“Tom Miller” stands" in sentences("The flag was set by Tom Miller by mistake.")[0]
    assert sentences("Priya wrote the fix.", story) == []
    assert sentences("A script froze accounts by mistake.", story) == []
    assert sentences("They were frozen by Nylas by mistake.", story) == []


def test_customers_first_and_no_action_item_about_noticing_is_noticed() -> None:
    asks = "Customers noticed first, and no action item says how we would notice next time."
    assert sentences("x", that_evening(noticed_by_customers=True, actions=("Guard the script",))) == [asks]
    assert sentences("x", that_evening(noticed_by_customers=True, actions=("Raise an alarm on tickets",))) == []


def test_an_incident_of_many_days_is_not_guessed_about() -> None:
    story = Story(NOON, NOON + timedelta(days=9), ZoneInfo("UTC"), (), False, (), (), "Acme")
    assert sentences("It was restored by 11:00.", story) == []


@pytest.mark.parametrize(
    "text", ["", "\n\n", "## ", "12:", "99:99 PM", "25:00", "[time: x]", "## Impact", "a" * 50_000]
)
def test_odd_texts_are_read_without_harm(text: str) -> None:
    second_looks(text, that_evening())


@pytest.mark.parametrize("piece", ["12:00 AM EST over ", "- restored\n", "## Impact\n", "by Tom Tom mistake. ", "1:1"])
def test_a_long_text_is_read_soon(piece: str) -> None:
    began = time.thread_time()
    second_looks(piece * (100_000 // len(piece)), that_evening())
    assert time.thread_time() - began < 5


# The draft and its timeline


@pytest.fixture
def incident(db: None) -> Incident:
    page = make_page(time_zone="Europe/Berlin")
    incident = make_incident(page, at=NOON, impact_started_at=NOON - minutes(10), detected_by="customer")
    incident.resolve(body="Over. All is well.", by="t", at=NOON + minutes(30))
    incident.edit(customer_noticed_at=NOON - minutes(5), by="t", at=NOON + minutes(31))
    return incident


def test_the_timeline_is_filled_from_stamps_and_updates_in_their_order(incident: Incident) -> None:
    assert [line.markdown for line in timeline_of(incident)] == [
        "- [time: 2026-11-21 12:50 Europe/Berlin] The impact began.",
        "- [time: 2026-11-21 12:55 Europe/Berlin] Customers told us.",
        "- [time: 2026-11-21 13:00 Europe/Berlin] **Investigating:** Some requests fail.",
        "- [time: 2026-11-21 13:30 Europe/Berlin] **Resolved:** Over.",
    ]


def test_a_first_draft_has_every_section_its_hint_and_the_timeline(incident: Incident) -> None:
    draft = first_draft(incident)
    assert all(f"## {name}\n\n{hint}" in draft for name, hint in HINTS.items())
    assert "## Timeline\n\n- [time: 2026-11-21 12:50 Europe/Berlin] The impact began." in draft


def test_lines_take_the_place_of_the_timeline_and_of_nothing_else(incident: Incident) -> None:
    lines = timeline_of(incident)
    written = "## Summary\n\nIt broke.\n\n## timeline\n\n- old\n- older\n\n## After\n\nEnd.\n"
    assert with_timeline(written, lines[:1]) == (
        "## Summary\n\nIt broke.\n\n## timeline\n\n"
        "- [time: 2026-11-21 12:50 Europe/Berlin] The impact began.\n\n## After\n\nEnd.\n"
    )
    assert with_timeline("It broke.", lines[:1]).startswith("It broke.\n\n## Timeline\n\n- [time:")
    once = with_timeline(written, lines)
    assert with_timeline(once, lines) == once


def test_a_draft_is_read_against_its_own_incident(incident: Incident) -> None:
    make_staff(name="priya")
    told = "## Summary\n\nThe error was made by priya. All was restored at 12:40 UTC.\n"
    assert [look.sentence for look in read_draft(told, incident, at=NOON + minutes(40))] == [
        "“priya” stands next to a mistake. Tell what the system allowed, not who did it.",
        "It says all was over at 13:40 CET; the page said so at 13:30 CET already.",
        "Customers noticed first, and no action item says how we would notice next time.",
    ]
    report = Postmortem.write(incident=incident, draft="x", by="t", at=NOON)
    ActionItem.add(postmortem=report, text="Alert on support tickets", by="t", at=NOON)
    assert read_draft("x", incident, at=NOON) == []


def test_the_filled_timeline_does_not_contradict_itself(incident: Incident) -> None:
    looks = read_draft(first_draft(incident), incident, at=NOON + minutes(40))
    assert {look.section for look in looks if "over at" in look.sentence} == set()


@pytest.mark.django_db
def test_the_night_the_clocks_go_back_is_told_in_its_order() -> None:
    began = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    page = make_page(at=began - timedelta(days=1), time_zone="Europe/Berlin")
    incident = make_incident(page, at=began)
    incident.resolve(body="Over.", by="t", at=began + minutes(20))
    assert [line.markdown for line in timeline_of(incident)] == [
        "- [time: 2026-10-25 02:50 Europe/Berlin] The impact began.",
        "- [time: 2026-10-25 02:50 Europe/Berlin] **Investigating:** Some requests fail.",
        "- [time: 2026-10-25 02:10 +01:00] **Resolved:** Over.",
    ]
