"""Uptime: spans, days of the page's zone, percentages rounded down."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.timeline.states import ComponentStatus
from incidents.timeline.uptime import (
    Change,
    Correction,
    Day,
    Span,
    days,
    percentage,
    spans,
    uptime,
)

BERLIN = ZoneInfo("Europe/Berlin")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 11, 1, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def test_without_changes_the_present_state_fills_the_time() -> None:
    told = spans([], [], current="operational", since=START, until=START + hours(1))
    assert told == [Span(START, START + hours(1), "operational")]


def test_changes_cut_the_time_into_spans() -> None:
    changes = [
        Change(START + hours(1), "operational", "major_outage"),
        Change(START + hours(2), "major_outage", "operational"),
    ]
    told = spans(changes, [], current="operational", since=START, until=START + hours(4))
    assert [(span.status, span.seconds) for span in told] == [
        ("operational", 3600),
        ("major_outage", 3600),
        ("operational", 7200),
    ]


def test_a_change_before_the_beginning_sets_the_first_state() -> None:
    changes = [Change(START - hours(5), "operational", "partial_outage")]
    told = spans(changes, [], current="partial_outage", since=START, until=START + hours(1))
    assert [span.status for span in told] == ["partial_outage"]


def test_a_correction_lies_over_what_was_recorded() -> None:
    changes = [Change(START + hours(1), "operational", "major_outage")]
    corrections = [Correction(START + hours(2), START + hours(3), "degraded_performance")]
    told = spans(changes, corrections, current="major_outage", since=START, until=START + hours(4))
    assert [(span.status, span.seconds // 3600) for span in told] == [
        ("operational", 1),
        ("major_outage", 1),
        ("degraded_performance", 1),
        ("major_outage", 1),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (BERLIN, date(2026, 3, 29), 23),
        (BERLIN, date(2026, 10, 25), 25),
        (LOS_ANGELES, date(2026, 3, 8), 23),
        (LOS_ANGELES, date(2026, 11, 1), 25),
        (LOS_ANGELES, date(2026, 11, 2), 24),
    ],
)
def test_t05_a_day_of_a_clock_change_has_its_real_length(zone: ZoneInfo, day: date, length: int) -> None:
    whole = [Span(START - timedelta(days=400), START + timedelta(days=400), "operational")]
    (one,) = days(whole, zone=zone, first=day, last=day)
    assert one.measured == length * 3600


def test_t05_the_outage_of_a_short_day_is_measured_against_its_real_length() -> None:
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN)
    noon = datetime(2026, 3, 29, 12, tzinfo=BERLIN)
    end = datetime(2026, 3, 30, tzinfo=BERLIN)
    told = [Span(midnight, noon, "major_outage"), Span(noon, end, "operational")]
    (day,) = days(told, zone=BERLIN, first=date(2026, 3, 29), last=date(2026, 3, 29))
    assert day.seconds == {"major_outage": 11 * 3600, "operational": 12 * 3600}


def test_t03_days_before_the_start_have_no_data() -> None:
    told = [Span(START, START + hours(36), "operational")]
    before, first, second = days(told, zone=ZoneInfo("UTC"), first=date(2026, 10, 31), last=date(2026, 11, 2))
    assert (before.worst, before.measured) == (None, 0)
    assert (first.measured, second.measured) == (86_400, 43_200)


def test_a_partial_outage_weighs_three_tenths_and_degraded_nothing() -> None:
    day = Day(
        date(2026, 11, 1),
        {
            "operational": 40_000,
            "partial_outage": 10_000,
            "degraded_performance": 30_000,
            "under_maintenance": 10_000,
            "major_outage": 10_000,
        },
    )
    assert uptime([day]) == 1 - Decimal(13_000) / Decimal(100_000)


def test_nothing_measured_has_no_uptime() -> None:
    assert uptime([Day(date(2026, 11, 1))]) is None


def test_a_state_shorter_than_a_minute_is_not_the_worst_of_its_day() -> None:
    assert Day(date(2026, 11, 1), {"operational": 86_341, "major_outage": 59}).worst == "operational"
    assert Day(date(2026, 11, 1), {"operational": 86_340, "major_outage": 60}).worst == "major_outage"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("1", "100.00%"),
        ("0.99999999", "99.999%"),
        ("0.9999", "99.990%"),
        ("0.99989999", "99.98%"),
        ("0.99946", "99.94%"),
        ("0", "0.00%"),
    ],
)
def test_t04_percentages_are_rounded_down(share: str, text: str) -> None:
    assert percentage(Decimal(share)) == text


@given(st.integers(1, 90 * 86_400))
def test_t04_one_second_of_downtime_never_reads_a_hundred(down: int) -> None:
    total = 90 * 86_400
    seconds = {"operational": total - down, "major_outage": down}
    share = uptime([Day(date(2026, 11, 1), seconds)])
    assert share is not None
    assert not percentage(share).startswith("100")


@given(st.lists(st.tuples(st.integers(-500, 5_000), st.sampled_from(ComponentStatus.values)), max_size=12))
def test_spans_cover_the_time_without_gaps_whatever_the_changes(
    steps: list[tuple[int, str]],
) -> None:
    status, changes = "operational", []
    for minute, new in sorted(steps):
        changes.append(Change(START + timedelta(minutes=minute), status, new))
        status = new
    until = START + timedelta(days=3)
    told = spans(changes, [], current=status, since=START, until=until)
    assert told[0].starts_at == START
    assert told[-1].ends_at == until
    assert all(one.ends_at == two.starts_at for one, two in pairwise(told))
    covered = days(told, zone=BERLIN, first=date(2026, 11, 1), last=date(2026, 11, 4))
    assert sum(day.measured for day in covered) == 3 * 86_400
