from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.publishing.quiet import Stretch, stretches
from incidents.publishing.shapes import IncidentFacts, PhaseFacts

TODAY = date(2026, 11, 21)
UTC_ZONE = ZoneInfo("UTC")
LONG_AGO = date(2020, 1, 1)


def incident(start: datetime, end: datetime | None) -> IncidentFacts:
    return IncidentFacts(
        code="x",
        number=1,
        title="Delayed webhooks",
        phase=PhaseFacts("resolved", "Resolved", "resolved"),
        impact="minor",
        worst="degraded_performance",
        started_at=start,
        updated_at=start,
        ended_at=end,
    )


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def runs(
    past: list[IncidentFacts], still_open: list[IncidentFacts], zone: ZoneInfo = UTC_ZONE, since: date = LONG_AGO
) -> list[Stretch]:
    return stretches(past, still_open, zone=zone, today=TODAY, since=since)


def test_fifteen_quiet_days_are_one_stretch() -> None:
    (run,) = runs([], [])
    assert (run.first, run.last, run.length) == (date(2026, 11, 7), TODAY, 15)


def test_an_incident_cuts_the_quiet_in_two() -> None:
    found = runs([incident(at(19), at(19, 13))], [])
    assert [(run.first.day, run.last.day, len(run.incidents)) for run in found] == [
        (20, 21, 0),
        (19, 19, 1),
        (7, 18, 0),
    ]


def test_a_day_an_incident_only_lasted_through_is_not_called_quiet() -> None:
    found = runs([incident(at(17), at(19))], [])
    assert [(run.first.day, run.last.day) for run in found] == [(20, 21), (19, 19), (7, 16)]


def test_days_of_an_open_incident_are_not_called_quiet() -> None:
    found = runs([], [incident(at(20), None)])
    assert [(run.first.day, run.last.day) for run in found] == [(7, 19)]


def test_nothing_is_said_of_days_before_the_page_was_live() -> None:
    (run,) = runs([], [], since=TODAY - timedelta(days=2))
    assert run.length == 3


def test_days_are_those_of_the_page_zone() -> None:
    late = incident(at(20, 3), at(20, 4))
    (first, second, *_) = runs([late], [], zone=ZoneInfo("America/Los_Angeles"))
    assert first.last == TODAY
    assert second.first == date(2026, 11, 19)
    assert second.incidents == (late,)
