"""The scorecard: figures of stories, and stories of incidents."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents.models import Postmortem
from incidents.timeline.measuring import measured_since, stories_of
from incidents.timeline.scorecard import Promise, Story, Stretch, card, first_noticed_by, scorecard
from tests.build import NOON, make_component, make_incident, make_page, minutes

UTC = ZoneInfo("UTC")


def story(**moments: float | None) -> Story:
    """Return a story that began at NOON; moments are minutes after it."""
    at: dict[str, Any] = {name: None if count is None else NOON + minutes(count) for name, count in moments.items()}
    return Story(began_at=NOON, **at)


def test_times_are_medians_from_the_beginning_and_the_longest_stands_beside() -> None:
    found = card([story(told_at=5), story(told_at=7), story(told_at=60), story(told_at=None)], at=NOON)
    assert found.told == Stretch(3, minutes(7), minutes(60))
    assert found.noticed == Stretch()
    assert found.incidents == 4


def test_what_was_noticed_before_the_impact_took_no_time() -> None:
    assert card([story(noticed_at=-5)], at=NOON).noticed.middle == timedelta()


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (Story(NOON, detected_by="monitoring"), "us"),
        (Story(NOON, detected_by="staff"), "us"),
        (Story(NOON, detected_by="customer"), "customers"),
        (Story(NOON, detected_by="third_party"), "others"),
        (Story(NOON), ""),
        (
            Story(NOON, detected_by="monitoring", noticed_at=NOON + minutes(9), customer_noticed_at=NOON + minutes(2)),
            "customers",
        ),
        (
            Story(NOON, detected_by="customer", noticed_at=NOON + minutes(1), customer_noticed_at=NOON + minutes(2)),
            "us",
        ),
    ],
)
def test_who_noticed_first_follows_the_times_where_they_are_known(said: Story, who: str) -> None:
    assert first_noticed_by(said) == who


def test_promises_are_kept_broken_or_still_open() -> None:
    said = (
        Promise(NOON, NOON),
        Promise(NOON, NOON + minutes(1)),
        Promise(NOON + minutes(9), None),
        Promise(NOON - minutes(1), None),
    )
    found = card([Story(NOON, promises=said)], at=NOON)
    assert (found.kept, found.promises) == (1, 3)


def test_an_incident_counts_in_its_month_and_for_each_of_its_components() -> None:
    late = Story(NOON.replace(day=1, hour=3), components=("a", "b"))
    found = scorecard([late, Story(NOON, components=("a",))], zone=ZoneInfo("America/Los_Angeles"), at=NOON)
    assert [(month, one.incidents) for month, one in found.months] == [(date(2026, 11, 1), 1), (date(2026, 10, 1), 1)]
    assert [(code, one.incidents) for code, one in found.components] == [("a", 2), ("b", 1)]
    assert found.whole.incidents == 2


def test_a_year_begins_with_its_first_month() -> None:
    page = type("P", (), {"today": lambda self, at: date(2026, 3, 9), "zone": UTC})()
    assert measured_since(page, at=NOON).date() == date(2025, 4, 1)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_stories_are_read_from_incidents(django_assert_max_num_queries: Any) -> None:
    page = make_page()
    api, inner = make_component(page), make_component(page, name="Inner", visibility="staff")
    incident = make_incident(
        page,
        components={api: "major_outage", inner: "major_outage"},
        impact_started_at=NOON - minutes(4),
        next_update_due_at=NOON + minutes(30),
        detected_by="monitoring",
    )
    incident.post_update(body="More.", next_update_due_at=NOON + minutes(40), by="test", at=NOON + minutes(20))
    incident.resolve(body="Over.", by="test", at=NOON + minutes(50))
    Postmortem.write(incident=incident, draft="Words.", by="test", at=NOON).publish(
        by="test", at=NOON + timedelta(days=2)
    )
    make_incident(page, at=NOON - timedelta(days=9), backfilled=True)
    with django_assert_max_num_queries(3):
        found = stories_of(page, at=NOON + timedelta(days=3))
    assert len(found) == 1
    read = found[0]
    assert (read.told_at, read.ended_at) == (NOON, NOON + minutes(50))
    assert read.components == (api.code,)
    assert read.is_major
    assert read.promises == (
        Promise(NOON + minutes(30), NOON + minutes(20)),
        Promise(NOON + minutes(40), NOON + minutes(50)),
    )
    found_card = card(found, at=NOON + timedelta(days=3))
    assert (found_card.kept, found_card.promises) == (1, 2)
    assert found_card.told.middle == minutes(4)
    assert found_card.postmortem.middle == timedelta(days=2) - minutes(50)
