from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from incidents.publishing.chronicle import Chronicle, chronicle_of
from incidents.publishing.shapes import AffectedFacts, ChangeFacts, IncidentFacts, PhaseFacts, UpdateFacts

START = datetime(2023, 4, 5, 1, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def update(phase: str, minutes: int, *changes: ChangeFacts) -> UpdateFacts:
    return UpdateFacts(
        code=f"u{minutes}",
        phase=PhaseFacts(phase, phase.title(), phase),
        html="<p>Words.</p>",
        posted_at=after(minutes),
        changes=changes,
    )


API_DOWN = ChangeFacts("api", "API", "operational", "major_outage")
API_UP = ChangeFacts("api", "API", "major_outage", "operational")
WEB_SLOW = ChangeFacts("web", "Web", "operational", "degraded_performance")

INCIDENT = IncidentFacts(
    code="x",
    number=1,
    title="Applications frozen",
    phase=PhaseFacts("resolved", "Resolved", "resolved"),
    impact="critical",
    worst="major_outage",
    started_at=START,
    updated_at=after(240),
    updates=(
        update("resolved", 240, API_UP),
        update("monitoring", 180),
        update("identified", 160, WEB_SLOW),
        update("investigating", 140, API_DOWN),
    ),
    affected=(
        AffectedFacts("web", "Web", "degraded_performance"),
        AffectedFacts("api", "API", "major_outage"),
    ),
    ended_at=after(240),
)


def drawn(incident: IncidentFacts = INCIDENT) -> Chronicle:
    picture = chronicle_of(incident, seen_at=after(240))
    assert picture is not None
    return picture


def test_marks_tell_the_story_in_order() -> None:
    noticed = replace(INCIDENT, detected_at=after(139), detected_by="customers")
    words = [mark.word for mark in drawn(noticed).marks]
    assert words == ["Impact began", "Noticed", "First update", "Identified", "Fix in place", "Resolved"]


def test_the_worst_component_comes_first_and_its_trouble_reaches_back_to_the_start() -> None:
    api, web = drawn().rows
    assert (api.name, web.name) == ("API", "Web")
    assert [(segment.position, segment.width, segment.state) for segment in api.segments] == [
        ("0.00%", "100.00%", "major_outage")
    ]


def test_a_component_that_joined_later_was_well_before() -> None:
    _, web = drawn().rows
    assert [(segment.state, segment.height) for segment in web.segments] == [
        ("operational", 4),
        ("degraded_performance", 8),
    ]
    assert web.segments[1].position == "66.67%"


def test_marks_too_close_share_a_label() -> None:
    labels = drawn().labels
    assert [[mark.word for mark in label.marks] for label in labels] == [
        ["Impact began"],
        ["First update", "Identified"],
        ["Fix in place"],
        ["Resolved"],
    ]
    assert [label.place for label in labels] == ["first", "middle", "middle", "last"]


def test_i07_a_long_tail_of_watching_is_cut_and_says_how_long_it_was() -> None:
    long = replace(
        INCIDENT,
        updates=(update("resolved", 180 + 19 * 60), *INCIDENT.updates[1:]),
        ended_at=after(180 + 19 * 60),
    )
    picture = chronicle_of(long, seen_at=after(3000))
    assert picture is not None
    assert picture.break_words == "19 hours later"
    assert picture.labels[-1].position == "100.00%"
    assert float(picture.labels[-2].position.rstrip("%")) <= 84


def test_more_than_eight_components_are_counted() -> None:
    many = tuple(AffectedFacts(f"c{number}", f"C{number}", "partial_outage") for number in range(13))
    picture = drawn(replace(INCIDENT, affected=many))
    assert (len(picture.rows), picture.more_rows) == (8, 5)


def test_an_incident_without_extent_has_no_picture() -> None:
    assert chronicle_of(replace(INCIDENT, updates=(), started_at=after(240)), seen_at=after(240)) is None


STORIES = [
    (140, 160, 180, 240),
    (1, 2, 3, 4),
    (13, 20, 26, 26),
    (5, 100, 101, 240),
    (30, 60, 90, 120),
    (2, 40, 80, 83),
    (60, 61, 62, 300),
    (10, 200, 210, 215),
    (50, 55, 60, 65),
    (1, 238, 239, 240),
]
"""Minutes of first update, identification, fix and end."""


@pytest.mark.parametrize("minutes", STORIES)
def test_i09_no_two_labels_touch(minutes: tuple[int, int, int, int]) -> None:
    phases = ("investigating", "identified", "monitoring", "resolved")
    told = tuple(update(phase, at) for phase, at in zip(phases, minutes, strict=True))
    story = replace(INCIDENT, updates=told[::-1], ended_at=after(minutes[-1]))
    labels = drawn(story).labels
    assert sum(len(label.marks) for label in labels) == 5
    assert all(left.box[1] < right.box[0] for left, right in pairwise(labels))
    still_open = replace(story, updates=told[2::-1], ended_at=None, phase=told[2].phase)
    assert all(left.box[1] < right.box[0] for left, right in pairwise(drawn(still_open).labels))
