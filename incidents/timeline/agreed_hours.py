"""The hours in which a page's readers expect maintenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from incidents.lib import stamps
from incidents.timeline.refusals import UnknownChoice

EVERY_DAY = tuple(range(7))


@dataclass(frozen=True, slots=True)
class AgreedHours:
    """From a time of day until another, past midnight where that is not later, on days beginning with Monday, 0."""

    begins: time
    ends: time
    days: tuple[int, ...] = EVERY_DAY

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> AgreedHours | None:
        """Return what `as_kept` gave, None for {}."""
        if not values:
            return None
        return cls(time.fromisoformat(values["from"]), time.fromisoformat(values["until"]), tuple(values["days"]))

    def as_kept(self) -> dict[str, Any]:
        """Return the hours as JSON keeps them."""
        return {"from": f"{self.begins:%H:%M}", "until": f"{self.ends:%H:%M}", "days": list(self.days)}

    def hold(self, starts_at: datetime, ends_at: datetime, *, zone: ZoneInfo) -> bool:
        """Say whether a window lies within them; neighbouring hours count as one."""
        covered = starts_at
        for begins, ends in self._spans(starts_at, ends_at, zone):
            if begins <= covered < ends:
                covered = ends
        return covered >= ends_at

    def next_start(self, *, after: datetime, zone: ZoneInfo) -> datetime:
        """Return when they next begin after a moment."""
        spans = self._spans(after, after + timedelta(days=8), zone)
        return next(begins for begins, _ in spans if begins > after)

    @property
    def words(self) -> str:
        """Return "22:00 to 06:00", and which days where it is not every day."""
        span = f"{self.begins:%H:%M} to {self.ends:%H:%M}"
        if len(self.days) == len(EVERY_DAY):
            return span
        return f"{span}, {', '.join(stamps.WEEKDAYS[day] for day in self.days)}"

    def _spans(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        day, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
        while day <= last:
            if day.weekday() in self.days:
                until = day if self.ends > self.begins else day + timedelta(days=1)
                yield _moment(day, self.begins, zone), _moment(until, self.ends, zone)
            day += timedelta(days=1)


def checked_hours(hours: AgreedHours | None) -> dict[str, Any]:
    """Return hours as a page keeps them, {} for none. Raises UnknownChoice."""
    if hours is None:
        return {}
    if not hours.days or not set(hours.days) <= set(EVERY_DAY):
        raise UnknownChoice("Choose the days on which the hours hold.", field="agreed_days")
    return hours.as_kept()


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)
