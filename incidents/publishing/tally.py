"""What the days of a component add up to: counted once, then remembered from publishing to publishing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from incidents.publishing.trace import NO_DATA, Bar, bar_of
from incidents.timeline.states import ComponentStatus
from incidents.timeline.uptime import Day

_REMEMBERED = 20_000
"""Stretches of days: for each component the strip's and those of twelve months."""

_PEACE = (NO_DATA, ComponentStatus.OPERATIONAL.value)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of some days."""

    bars: tuple[Bar, ...]
    """One for each day, oldest first."""
    measured_days: int
    measured: int
    """Seconds with data."""
    down: Decimal
    """Weighted seconds of downtime."""
    trouble: tuple[tuple[date, Bar], ...]
    """The days that were not good."""

    def __add__(self, later: "Tally") -> "Tally":
        return Tally(
            self.bars + later.bars,
            self.measured_days + later.measured_days,
            self.measured + later.measured,
            self.down + later.down,
            self.trouble + later.trouble,
        )

    @property
    def uptime(self) -> Decimal | None:
        """Return the exact share of time up, 0 to 1; None where nothing was measured."""
        return 1 - self.down / self.measured if self.measured else None


def tally_of(days: tuple[Day, ...]) -> Tally:
    """Return what `days`, oldest first, add up to. The newest may still grow; the others are not counted again."""
    return _counted(days[:-1]) + _counted(days[-1:])


@lru_cache(maxsize=_REMEMBERED)
def _counted(days: tuple[Day, ...]) -> Tally:
    bars = tuple(map(bar_of, days))
    return Tally(
        bars=bars,
        measured_days=sum(day.measured > 0 for day in days),
        measured=sum(day.measured for day in days),
        down=sum((day.down for day in days), Decimal(0)),
        trouble=tuple((day.date, bar) for day, bar in zip(days, bars, strict=True) if bar.state not in _PEACE),
    )
