"""Uptime from the history of states: pure functions over spans and calendar days.

The method, stated on the page: a major outage counts whole, a partial outage 0.3 of its time;
degraded performance and maintenance count as up. Days are those of the page's time zone, so a
day of a clock change has 23 or 25 hours.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from incidents.timeline.states import SEVERITY, ComponentStatus

WEIGHTS = {
    ComponentStatus.MAJOR_OUTAGE.value: Decimal(1),
    ComponentStatus.PARTIAL_OUTAGE.value: Decimal("0.3"),
}
"""Share of each state's time that counts as downtime."""

SHORTEST_SHOWN = 60
"""Seconds a state must last on a day to be that day's worst."""


@dataclass(frozen=True)
class Change:
    """A component entered `new`, coming from `old`, at an instant."""

    at: datetime
    old: str
    new: str


@dataclass(frozen=True)
class Correction:
    """A window whose state was stated anew after the fact."""

    starts_at: datetime
    ends_at: datetime
    status: str


@dataclass(frozen=True)
class Span:
    """A stretch of time in one state; the end is exclusive."""

    starts_at: datetime
    ends_at: datetime
    status: str

    @property
    def seconds(self) -> int:
        """Length in whole seconds of elapsed (not wall-clock) time."""
        return _elapsed(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Day:
    """One calendar day: measured seconds in each state; empty where there is no data."""

    date: date
    # Not in the hash: by its date alone a day is found fast enough among those that are remembered.
    seconds: dict[str, int] = field(default_factory=dict, hash=False)

    # Days of the past are kept between publishings, so each of these is worked out once.

    @cached_property
    def measured(self) -> int:
        """Seconds with data."""
        return sum(self.seconds.values())

    @cached_property
    def worst(self) -> str | None:
        """The worst state that lasted a minute; None without data."""
        lasting = [status for status, spent in self.seconds.items() if spent >= SHORTEST_SHOWN]
        if not self.seconds:
            return None
        return max(lasting, key=SEVERITY.__getitem__, default=ComponentStatus.OPERATIONAL.value)

    @cached_property
    def down(self) -> Decimal:
        """Weighted seconds of downtime."""
        return sum((WEIGHTS[status] * spent for status, spent in self.seconds.items() if status in WEIGHTS), Decimal(0))


def spans(
    changes: Sequence[Change],
    corrections: Sequence[Correction],
    *,
    current: str,
    since: datetime,
    until: datetime,
) -> list[Span]:
    """Return the states between `since` and `until`, gapless and in order.

    `changes` are in time order; `corrections` in the order they were made, later ones over
    earlier ones; `current` is the state where there was never a change.
    """
    if until <= since:
        return []
    told = list(_told(changes, current=current, since=since, until=until))
    for correction in corrections:
        told = list(_overlaid(told, correction))
    return told


def days(told: Sequence[Span], *, zone: ZoneInfo, first: date, last: date) -> list[Day]:
    """Return every calendar day of `zone` from `first` to `last` (both included)."""
    edges = _edges(zone, first, last)
    seconds: list[dict[str, int]] = [{} for _ in edges[1:]]
    for span in told:
        begin, end = int(span.starts_at.timestamp()), int(span.ends_at.timestamp())
        number = max(0, bisect_right(edges, begin) - 1)
        while number < len(seconds) and edges[number] < end:
            piece = min(end, edges[number + 1]) - max(begin, edges[number])
            if piece > 0:
                seconds[number][span.status] = seconds[number].get(span.status, 0) + piece
            number += 1
    return [_day(first + timedelta(days=number), *spent.items()) for number, spent in enumerate(seconds)]


@lru_cache(maxsize=5000)
def _day(on: date, *seconds: tuple[str, int]) -> Day:
    """Return a day. Kept, as most components of a page share most of their days."""
    return Day(on, dict(seconds))


def uptime(over: Iterable[Day]) -> Decimal | None:
    """Return the exact share of time up, 0 to 1; None where nothing was measured."""
    over = list(over)
    measured = sum(day.measured for day in over)
    if not measured:
        return None
    return 1 - sum((day.down for day in over), Decimal(0)) / measured


def percentage(share: Decimal) -> str:
    """Return a share as people read it: "99.94%", rounded down, never up to 100 %.

    Two decimals, three from 99.99 on. Anything short of the whole never reads 100 %.
    """
    percent = share * 100
    if percent == 100:
        return "100.00%"
    places = Decimal("0.001") if percent >= Decimal("99.99") else Decimal("0.01")
    return f"{percent.quantize(places, rounding=ROUND_DOWN)}%"


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a calendar day in a zone."""
    return datetime.combine(day, time(), tzinfo=zone)


def _told(changes: Sequence[Change], *, current: str, since: datetime, until: datetime) -> Iterator[Span]:
    status = changes[0].old if changes else current
    begin = since
    for change in changes:
        if change.at >= until:
            break
        if change.at > begin:
            yield Span(begin, change.at, status)
            begin = change.at
        status = change.new
    yield Span(begin, until, status)


def _overlaid(told: Iterable[Span], correction: Correction) -> Iterator[Span]:
    for span in told:
        starts_at = max(span.starts_at, correction.starts_at)
        ends_at = min(span.ends_at, correction.ends_at)
        if starts_at >= ends_at:
            yield span
            continue
        if span.starts_at < starts_at:
            yield Span(span.starts_at, starts_at, span.status)
        yield Span(starts_at, ends_at, correction.status)
        if ends_at < span.ends_at:
            yield Span(ends_at, span.ends_at, span.status)


@lru_cache(maxsize=64)
def _edges(zone: ZoneInfo, first: date, last: date) -> tuple[int, ...]:
    """Return the first second of each day and of the day after the last, as seconds of the epoch."""
    count = (last - first).days + 1
    return tuple(int(start_of_day(first + timedelta(days=offset), zone).timestamp()) for offset in range(count + 1))


def _elapsed(begin: datetime, end: datetime) -> int:
    # Python subtracts two datetimes of one zone by the wall clock; timestamps never lie.
    return int(end.timestamp()) - int(begin.timestamp())
