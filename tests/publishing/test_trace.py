import re
from datetime import date, timedelta

import pytest

from incidents.publishing.trace import Bar, Trace, bar_of, trace_of
from incidents.timeline.uptime import Day

DAY = 86_400
ON = date(2026, 11, 21)


def day(**seconds: int) -> Day:
    return Day(ON, seconds)


def days(*told: Day) -> list[Day]:
    return [Day(ON + timedelta(days=number), one.seconds) for number, one in enumerate(told)]


def drawn(told: list[Day]) -> Trace:
    return trace_of(tuple(map(bar_of, told)))


@pytest.mark.parametrize(
    ("told", "bar"),
    [
        (day(), Bar("no_data", hollow=False)),
        (day(operational=DAY), Bar("operational", hollow=False)),
        (day(operational=600), Bar("operational", hollow=False)),
        (day(operational=DAY - 59, major_outage=59), Bar("operational", hollow=False)),
        (day(operational=DAY - 60, major_outage=60), Bar("major_outage", hollow=True)),
        (day(operational=DAY - 1799, major_outage=1799), Bar("major_outage", hollow=True)),
        (day(operational=DAY - 1800, major_outage=1800), Bar("major_outage", hollow=False)),
        (day(degraded_performance=1200, partial_outage=600), Bar("partial_outage", hollow=False)),
        (day(degraded_performance=1199, partial_outage=600), Bar("partial_outage", hollow=True)),
        (day(under_maintenance=1700), Bar("under_maintenance", hollow=True)),
        (day(under_maintenance=7200), Bar("under_maintenance", hollow=False)),
        (day(under_maintenance=7200, major_outage=120), Bar("major_outage", hollow=True)),
    ],
)
def test_t02_a_bar_is_the_worst_minute_and_hollow_below_half_an_hour(told: Day, bar: Bar) -> None:
    assert bar_of(told) == bar


@pytest.mark.parametrize(
    ("told", "height"),
    [
        (day(), 2),
        (day(operational=DAY), 8),
        (day(under_maintenance=DAY), 12),
        (day(degraded_performance=DAY), 16),
        (day(partial_outage=DAY), 24),
        (day(major_outage=DAY), 32),
    ],
)
def test_t02_height_is_severity(told: Day, height: int) -> None:
    (path,) = drawn([told]).paths
    assert path.data == f"M0 {32 - height}h6v{height}h-6z"


def test_t01_a_strip_has_one_path_for_each_state_at_most_six() -> None:
    told = days(
        day(),
        day(operational=DAY),
        day(under_maintenance=DAY),
        day(degraded_performance=DAY),
        day(partial_outage=DAY),
        day(major_outage=DAY),
        day(operational=DAY),
        day(major_outage=300),
    )
    trace = drawn(told * 11)
    assert len(trace.paths) == 6
    assert trace.width == 88 * 8 - 2


def test_bars_of_a_state_stand_at_their_days() -> None:
    told = days(day(operational=DAY), day(operational=DAY), day(major_outage=DAY), day(operational=DAY))
    paths = {path.state: path.data for path in drawn(told).paths}
    assert paths["operational"] == "M0 24h6v8h-6zm8 0h6v8h-6zm16 0h6v8h-6z"
    assert paths["major_outage"] == "M16 0h6v32h-6z"


def test_a_hollow_bar_is_an_outline_and_the_next_bar_stands_where_it_should() -> None:
    told = days(day(major_outage=300), day(major_outage=DAY))
    (path,) = drawn(told).paths
    outer, inner, following = re.findall(r"[^z]+z", path.data)
    assert outer == "M0 0h6v32h-6z"
    assert inner == "m1.3 1.3h3.4v29.4h-3.4z"
    assert following == "m-1.3-1.3m8 0h6v32h-6z"
