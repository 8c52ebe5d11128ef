"""What the planner shows while a window is typed: three clocks, what speaks against it, who is reminded, the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from incidents.console.audience import Audience
from incidents.console.calendar import Month, asked_month, month_of
from incidents.console.forms.window import WindowForm
from incidents.lib import durations, stamps
from incidents.timeline.models import Component, Maintenance, Page
from incidents.timeline.planning import Caution, Occurrence, cautions, next_dates

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Clock:
    """One moment in the zone of the page, of who plans, and in UTC; `own` is empty where the first two are one."""

    here: SafeString
    own: SafeString
    utc: SafeString


@dataclass(frozen=True, slots=True)
class Date:
    """One coming date of a series in words, and what speaks against it."""

    when: SafeString
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about a window as far as it is typed."""

    starts: Clock | None
    ends: Clock | None
    is_end_reckoned: bool
    zone_of_planner: str
    length: str
    is_backwards: bool
    cautions: list[Caution]
    dates: list[Date]
    month: Month


def plan_of(
    page: Page,
    form: WindowForm,
    *,
    at: datetime,
    month: str,
    components: Sequence[Component],
    rule: str = "",
    but: Maintenance | None = None,
) -> Plan:
    """Return what to say of the window in `form` as seen at `at`; `month` is the one leafed to, such as "2026-12"."""
    starts_at, ends_at = form.moments()
    window = form.window()
    own = form.planners_zone()
    shown = (starts_at or at).astimezone(page.zone).date()
    against = (
        cautions(page, starts_at=window[0], ends_at=window[1], at=at, components=components, but=but) if window else []
    )
    dates = next_dates(page, rule=rule, starts_at=window[0], ends_at=window[1], components=components) if window else []
    return Plan(
        starts=_clock(starts_at, page.zone, own),
        ends=_clock(ends_at, page.zone, own),
        is_end_reckoned=bool(form["length"].value()),
        zone_of_planner=own.key if own else "",
        length=durations.in_words(window[1] - window[0]) if window else "",
        is_backwards=bool(starts_at and ends_at and ends_at <= starts_at),
        cautions=against,
        dates=_dates(dates, page, said={caution.sentence for caution in against}, at=at),
        month=month_of(page, asked_month(month, otherwise=shown), chosen=window, at=at),
    )


def coming_dates(maintenance: Maintenance, *, rule: str, at: datetime) -> list[Date]:
    """Return the five dates that follow a maintenance by `rule`, which was checked."""
    starts_at, ends_at = maintenance.window
    dates = next_dates(
        maintenance.page,
        rule=rule,
        starts_at=starts_at,
        ends_at=ends_at,
        first=maintenance.series_began_at,
        but=maintenance,
    )
    return _dates(dates, maintenance.page, said=set(), at=at)


def reminder_words(audience: Audience, *, minutes: int, starts_at: datetime | None, at: datetime) -> str:
    """Return whom a reminder reaches, or that it comes too late for this start."""
    if starts_at is not None and starts_at - timedelta(minutes=minutes) <= at:
        return "too late for this start"
    return audience.words


def _clock(moment: datetime | None, here: ZoneInfo, own: ZoneInfo | None) -> Clock | None:
    if moment is None:
        return None
    return Clock(here=_told(moment, here), own=_told(moment, own) if own else SafeString(), utc=_told(moment, _UTC))


def _told(moment: datetime, zone: ZoneInfo) -> SafeString:
    """Return "Sun Nov 22, 2026 - 01:00 UTC": the weekday, because zones differ in it."""
    local = moment.astimezone(zone)
    return stamps.element(moment, f"{stamps.WEEKDAYS[local.weekday()][:3]} {stamps.stamp(moment, zone)}")


def _dates(occurrences: Sequence[Occurrence], page: Page, *, said: set[str], at: datetime) -> list[Date]:
    """Return dates in words; what was said of the window, or of a date before, is not said again."""
    dates = []
    for occurrence in occurrences:
        fresh = [caution.sentence for caution in occurrence.cautions if caution.sentence not in said]
        said.update(fresh)
        dates.append(Date(when=_when(occurrence, page, at=at), sentences=fresh))
    return dates


def _when(occurrence: Occurrence, page: Page, *, at: datetime) -> SafeString:
    start = occurrence.starts_at.astimezone(page.zone)
    return stamps.element(
        occurrence.starts_at,
        f"{stamps.WEEKDAYS[start.weekday()][:3]} {stamps.short_stamp(start, page.zone, seen_at=at)}",
    )
