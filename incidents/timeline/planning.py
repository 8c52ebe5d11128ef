"""What speaks against a maintenance window: said in words before it is announced, and never forbidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from incidents.lib import durations, stamps
from incidents.lib.names import joined
from incidents.timeline.agreed_hours import AgreedHours
from incidents.timeline.models import Component, Maintenance, Page
from incidents.timeline.recurrence import following
from incidents.timeline.states import ENDED_PHASES

SHORT_NOTICE = timedelta(hours=24)
DATES_SHOWN = 5


class Against(StrEnum):
    """Why one might think again."""

    OVERLAP = "overlap"
    CLOCKS = "clocks"
    SHORT_NOTICE = "short_notice"
    BEGUN = "begun"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing that speaks against a window, in a sentence."""

    kind: Against
    sentence: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series and what speaks against it."""

    starts_at: datetime
    ends_at: datetime
    cautions: tuple[Caution, ...]


def cautions(
    page: Page,
    *,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    components: Collection[Component] = (),
    but: Maintenance | None = None,
) -> list[Caution]:
    """Return what speaks against a window on `page` as seen at `at`; `but` is the maintenance that is moved."""
    return [*_notice(starts_at, at=at), *_of_any_date(page, starts_at, ends_at, components, but)]


def next_dates(
    page: Page,
    *,
    rule: str,
    starts_at: datetime,
    ends_at: datetime,
    first: datetime | None = None,
    components: Collection[Component] = (),
    but: Maintenance | None = None,
) -> list[Occurrence]:
    """Return the five windows of a series that follow this one; `first` is its first start (default: this one).

    Raises UnknownRecurrence.
    """
    if not rule:
        return []
    starts = following(rule, first=first or starts_at, zone=page.zone, after=starts_at, count=DATES_SHOWN)
    windows = [(start, start + (ends_at - starts_at)) for start in starts]
    return [Occurrence(start, end, tuple(_of_any_date(page, start, end, components, but))) for start, end in windows]


def _of_any_date(
    page: Page, starts_at: datetime, ends_at: datetime, components: Collection[Component], but: Maintenance | None
) -> Iterator[Caution]:
    yield from _overlaps(page, starts_at, ends_at, components, but)
    yield from _clocks(page, starts_at, ends_at)
    yield from _hours(page, starts_at, ends_at)


def _notice(starts_at: datetime, *, at: datetime) -> Iterator[Caution]:
    if starts_at <= at:
        ago = durations.in_words(at - starts_at)
        yield Caution(Against.BEGUN, f"The start lies {ago} back: it begins as soon as you publish.")
    elif starts_at - at < SHORT_NOTICE:
        lead = durations.in_words(starts_at - at)
        yield Caution(Against.SHORT_NOTICE, f"Short notice: it starts in {lead}, in less than 24 hours.")


def _overlaps(
    page: Page, starts_at: datetime, ends_at: datetime, components: Collection[Component], but: Maintenance | None
) -> Iterator[Caution]:
    planned = Maintenance.objects.filter(page=page).exclude(phase__canonical__in=ENDED_PHASES)
    others = planned.exclude(pk=but.pk) if but else planned
    for other in others.select_related("page", "phase").order_by("scheduled_for"):
        window = _window_within(other, starts_at, ends_at)
        if window is None:
            continue
        touched = set(other.affected.values_list("component", flat=True))
        shared = [one.name for one in components if one.pk in touched]
        touching = f"which touches {joined(shared)} as well" if shared else "on other components"
        span = f"{stamps.short_stamp(window[0], page.zone)} to {stamps.short_stamp(window[1], page.zone)}"
        yield Caution(Against.OVERLAP, f"It overlaps “{other.title}” ({span}), {touching}.")


def _window_within(other: Maintenance, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime] | None:
    """Return the window of another maintenance, or a coming one of its series, that meets this one."""
    first, last = other.window
    if first < ends_at and last > starts_at:
        return first, last
    if not other.recurrence or first >= ends_at:
        return None
    length = last - first
    coming = following(
        other.recurrence,
        first=other.series_began_at,
        zone=other.page.zone,
        after=max(first, starts_at - length),
        count=1,
    )
    return (coming[0], coming[0] + length) if coming and coming[0] < ends_at else None


def _clocks(page: Page, starts_at: datetime, ends_at: datetime) -> Iterator[Caution]:
    before, after = (_offset(moment, page) for moment in (starts_at, ends_at))
    if before == after:
        return
    yield Caution(
        Against.CLOCKS,
        f"The clocks change meanwhile: it starts in {before} and ends in {after}; "
        f"it lasts {durations.in_words(ends_at - starts_at)}.",
    )


def _offset(moment: datetime, page: Page) -> str:
    """Return "CEST (UTC+02:00)"."""
    local = moment.astimezone(page.zone)
    ahead = local.utcoffset() or timedelta(0)
    clock = datetime.fromtimestamp(abs(ahead).total_seconds(), UTC)
    return f"{stamps.abbreviation(moment, page.zone)} (UTC{'-' if ahead < timedelta(0) else '+'}{clock:%H:%M})"


def _hours(page: Page, starts_at: datetime, ends_at: datetime) -> Iterator[Caution]:
    agreed = AgreedHours.kept(page.agreed_hours)
    if agreed and not agreed.hold(starts_at, ends_at, zone=page.zone):
        yield Caution(Against.HOURS, f"It lies outside the agreed hours ({agreed.words}, {page.time_zone}).")
