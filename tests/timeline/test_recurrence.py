"""Dates by a rule: the wall clock stays, the clocks may change, and nonsense is refused soon."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as datetime_time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.timeline.recurrence import checked_rule, following
from incidents.timeline.refusals import UnknownRecurrence

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC")
RULES = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYMONTHDAY=-1")


def dates(rule: str, *, first: datetime, zone: ZoneInfo = BERLIN, count: int = 5) -> list[str]:
    starts = following(rule, first=first, zone=zone, after=first, count=count)
    return [start.astimezone(zone).isoformat() for start in starts]


def test_the_wall_clock_stays_over_both_changes_of_the_clocks() -> None:
    spring = dates("FREQ=WEEKLY", first=datetime(2027, 3, 21, 3, tzinfo=BERLIN), count=2)
    assert spring == ["2027-03-28T03:00:00+02:00", "2027-04-04T03:00:00+02:00"]
    autumn = dates("FREQ=WEEKLY", first=datetime(2027, 10, 24, 3, tzinfo=BERLIN), count=2)
    assert autumn == ["2027-10-31T03:00:00+01:00", "2027-11-07T03:00:00+01:00"]


def test_a_time_the_clocks_skip_is_told_with_the_offset_before_and_only_on_that_day() -> None:
    starts = dates("FREQ=DAILY", first=datetime(2027, 3, 26, 2, 30, tzinfo=BERLIN), count=3)
    assert starts == ["2027-03-27T02:30:00+01:00", "2027-03-28T03:30:00+02:00", "2027-03-29T02:30:00+02:00"]


def test_a_time_the_clocks_show_twice_means_the_first() -> None:
    starts = dates("FREQ=DAILY", first=datetime(2027, 10, 30, 2, 30, tzinfo=BERLIN), count=1)
    assert starts == ["2027-10-31T02:30:00+02:00"]


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    rule=st.sampled_from(RULES),
    day=st.dates(date(2024, 1, 1), date(2031, 1, 1)),
    # Three in the morning and later: no zone here skips these hours.
    clock=st.times(datetime_time(3), datetime_time(23)).map(lambda one: one.replace(microsecond=0)),
)
@settings(max_examples=60, deadline=None)
def test_every_date_has_the_wall_clock_of_the_first_and_comes_after_the_one_before(
    zone: ZoneInfo, rule: str, day: date, clock: datetime_time
) -> None:
    began = datetime.combine(day, clock, zone)
    starts = following(rule, first=began, zone=zone, after=began, count=60)
    assert len(starts) == 60
    assert {start.astimezone(zone).time() for start in starts} == {clock}
    assert all(earlier < later for earlier, later in pairwise([began.astimezone(UTC), *starts]))


@given(rule=st.sampled_from(RULES), skipped=st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_where_one_looks_from_does_not_move_the_series(rule: str, skipped: int) -> None:
    first = datetime(2026, 11, 22, 3, tzinfo=BERLIN)
    whole = following(rule, first=first, zone=BERLIN, after=first, count=50)
    rest = following(rule, first=first, zone=BERLIN, after=whole[skipped], count=9)
    assert rest == whole[skipped + 1 : skipped + 10]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ["2026-11-23", "2026-11-24"]),
        ("FREQ=WEEKLY;UNTIL=20261206", ["2026-11-29", "2026-12-06"]),
        ("FREQ=WEEKLY;UNTIL=20261206T015959Z", ["2026-11-29"]),
        ("FREQ=WEEKLY;UNTIL=20261206T030000", ["2026-11-29", "2026-12-06"]),
        ("FREQ=MONTHLY;BYDAY=1SA;COUNT=2", ["2026-12-05", "2027-01-02"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"]),
    ],
)
def test_ends_and_days_are_those_of_the_rule(rule: str, expected: list[str]) -> None:
    assert [one[:10] for one in dates(rule, first=datetime(2026, 11, 22, 3, tzinfo=BERLIN))] == expected


def test_a_rule_is_kept_in_capitals_and_nothing_is_no_rule() -> None:
    first = datetime(2026, 11, 22, 3, tzinfo=BERLIN)
    assert checked_rule(" rrule:freq=weekly ", first=first, zone=BERLIN) == "FREQ=WEEKLY"
    assert checked_rule("", first=first, zone=BERLIN) == ""


@pytest.mark.parametrize(
    "rule",
    [
        "every sunday",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;UNTIL=20269999",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=DAILY;COUNT=1",
        "INTERVAL=2",
        "DTSTART:20260101\nRRULE:FREQ=DAILY",
        "FREQ=DAILY\nEXDATE:20260101T000000",
        "FREQ=DAILY;",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 100),
        "FREQ=DAILY;BYDAY=＋MO",
    ],
)
def test_what_is_no_rule_for_a_window_is_refused(rule: str) -> None:
    with pytest.raises(UnknownRecurrence) as refused:
        checked_rule(rule, first=datetime(2026, 11, 22, 3, tzinfo=BERLIN), zone=BERLIN)
    assert refused.value.field == "recurrence"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=4",
        "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1;BYSETPOS=5",
    ],
)
def test_a_rule_that_never_comes_true_is_refused_soon(rule: str) -> None:
    began = time.process_time()
    with pytest.raises(UnknownRecurrence):
        checked_rule(rule, first=datetime(2026, 11, 22, 3, tzinfo=BERLIN), zone=BERLIN)
    assert time.process_time() - began < 2, "bounded: a person waits for it"


def test_a_date_farther_than_ten_years_is_none() -> None:
    first = datetime(2026, 2, 28, 3, tzinfo=UTC)
    starts = following("FREQ=YEARLY;INTERVAL=11", first=first, zone=ZoneInfo("UTC"), after=first, count=1)
    assert starts == []
    assert following("FREQ=YEARLY;INTERVAL=9", first=first, zone=ZoneInfo("UTC"), after=first, count=1) == [
        first + timedelta(days=365 * 9 + 2)
    ]
