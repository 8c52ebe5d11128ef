"""A month beside the planner: on which days maintenance is planned, and where the new window falls."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.safestring import SafeString

from incidents.lib import stamps
from incidents.timeline.models import Maintenance, Page
from incidents.timeline.recurrence import following
from incidents.timeline.states import ENDED_PHASES, MaintenancePhase
from incidents.timeline.uptime import start_of_day

LISTED = 8
_MOST_DATES = 31
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Planned:
    """One window of a maintenance; `when` is its start and end in words."""

    title: str
    code: str
    starts_at: datetime
    ends_at: datetime
    when: SafeString


@dataclass(frozen=True, slots=True)
class Day:
    """One day: how many windows touch it, whether it is today, and whether the new window touches it."""

    number: int
    count: int
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month of whole weeks; None is a day of another one. `earlier` and `later` are "2026-10" and "2026-12"."""

    heading: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[Day | None]]
    planned: list[Planned]
    more: int
    earlier: str
    later: str


def asked_month(asked: str, *, otherwise: date) -> date:
    """Return the first of the month asked for as "2026-11"; nonsense gives that of `otherwise`."""
    found = _MONTH.fullmatch(asked)
    return date(int(found[1]), int(found[2]), 1) if found else otherwise.replace(day=1)


def month_of(page: Page, first: date, *, chosen: tuple[datetime, datetime] | None, at: datetime) -> Month:
    """Return the month that begins on `first` in the zone of the page. Three queries at most, and one per series."""
    after = (first + timedelta(days=32)).replace(day=1)
    since, until = start_of_day(first, page.zone), start_of_day(after, page.zone)
    planned = sorted(_planned(page, since, until), key=lambda one: one.starts_at)
    today = page.today(at=at)
    weeks = [
        [_day(on, page, planned, chosen, today) if on.month == first.month else None for on in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(
        heading=stamps.month(first),
        weekdays=stamps.weekday_names(),
        weeks=weeks,
        planned=planned[:LISTED],
        more=max(len(planned) - LISTED, 0),
        earlier=f"{first - timedelta(days=1):%Y-%m}",
        later=f"{after:%Y-%m}",
    )


def _planned(page: Page, since: datetime, until: datetime) -> Iterable[Planned]:
    rows = Maintenance.objects.filter(page=page).exclude(phase__canonical=MaintenancePhase.CANCELLED)
    for row in rows.filter(scheduled_for__lt=until, scheduled_until__gt=since):
        yield _window(page, row, *row.window)
    series = rows.exclude(recurrence="").exclude(phase__canonical__in=ENDED_PHASES).select_related("page")
    for row in series.filter(scheduled_for__lt=until):
        yield from _coming(page, row, since, until)


def _coming(page: Page, row: Maintenance, since: datetime, until: datetime) -> Iterable[Planned]:
    starts_at, ends_at = row.window
    length = ends_at - starts_at
    dates = following(
        row.recurrence,
        first=row.series_began_at,
        zone=page.zone,
        after=max(starts_at, since - length),
        count=_MOST_DATES,
    )
    for start in dates:
        if start < until:
            yield _window(page, row, start, start + length)


def _window(page: Page, row: Maintenance, starts_at: datetime, ends_at: datetime) -> Planned:
    return Planned(row.title, row.code, starts_at, ends_at, stamps.short_span(starts_at, ends_at, page.zone))


def _day(
    on: date, page: Page, planned: Iterable[Planned], chosen: tuple[datetime, datetime] | None, today: date
) -> Day:
    begins, ends = start_of_day(on, page.zone), start_of_day(on + timedelta(days=1), page.zone)
    return Day(
        number=on.day,
        count=sum(1 for one in planned if one.starts_at < ends and one.ends_at > begins),
        is_today=on == today,
        is_chosen=chosen is not None and chosen[0] < ends and chosen[1] > begins,
    )
