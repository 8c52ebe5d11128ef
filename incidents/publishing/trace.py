"""The trace: 90 days of a component as one picture of at most six paths.

Height is the worst state that lasted a minute; a hollow bar is a day with less than 30 minutes
of trouble. Good days are a low, quiet baseline, so that trouble rises out of it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from incidents.timeline.states import ComponentStatus
from incidents.timeline.uptime import Day

NO_DATA = "no_data"
STEP, BAR, TALL = 8, 6, 32
HEIGHTS = {
    NO_DATA: 2,
    ComponentStatus.OPERATIONAL.value: 8,
    ComponentStatus.UNDER_MAINTENANCE.value: 12,
    ComponentStatus.DEGRADED_PERFORMANCE.value: 16,
    ComponentStatus.PARTIAL_OUTAGE.value: 24,
    ComponentStatus.MAJOR_OUTAGE.value: 32,
}
HOLLOW_BELOW_SECONDS = 30 * 60

_OUTLINE = 1.3
_FAULTS = (
    ComponentStatus.DEGRADED_PERFORMANCE.value,
    ComponentStatus.PARTIAL_OUTAGE.value,
    ComponentStatus.MAJOR_OUTAGE.value,
)


class Bar(NamedTuple):
    """One day of the trace."""

    state: str
    hollow: bool


_OPERATIONAL = ComponentStatus.OPERATIONAL.value
_GOOD = Bar(_OPERATIONAL, hollow=False)


@dataclass(frozen=True, slots=True)
class Path:
    """All bars of one state, as SVG path data for the even-odd fill rule."""

    state: str
    data: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A picture `width` by 32 units, oldest day first."""

    width: int
    paths: tuple[Path, ...]


def bar_of(day: Day) -> Bar:
    """Return the bar of `day`.

    A fault hides maintenance of the same day, as it is the worse news; all faults of the day
    together count against the 30 minutes, and maintenance only against its own bar.
    """
    worst = day.worst
    if worst is None:
        return Bar(NO_DATA, hollow=False)
    if worst == _OPERATIONAL:
        return _GOOD
    counted = _FAULTS if worst in _FAULTS else (worst,)
    total = sum(day.seconds.get(state, 0) for state in counted)
    return Bar(worst, hollow=total < HOLLOW_BELOW_SECONDS)


@lru_cache(maxsize=2000)
def trace_of(bars: tuple[Bar, ...]) -> Trace:
    """Return the picture of `bars`, oldest first. Between two publishings hardly any component's bars change."""
    pieces: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    for position, bar in enumerate(bars):
        started = last.get(bar.state)
        pieces.setdefault(bar.state, []).append(_bar(bar, position, after=started))
        last[bar.state] = position
    paths = tuple(Path(state, "".join(pieces[state])) for state in HEIGHTS if state in pieces)
    return Trace(width=max(len(bars) * STEP - (STEP - BAR), BAR), paths=paths)


def _bar(bar: Bar, position: int, *, after: int | None) -> str:
    """Return one bar, drawn relative to the one before it: repeated text compresses best."""
    height = HEIGHTS[bar.state]
    top = TALL - height
    start = f"M{position * STEP} {top}" if after is None else f"m{(position - after) * STEP} 0"
    outer = f"{start}h{BAR}v{height}h-{BAR}z"
    if not bar.hollow:
        return outer
    width, tall = _short(BAR - 2 * _OUTLINE), _short(height - 2 * _OUTLINE)
    inner = f"m{_OUTLINE} {_OUTLINE}h{width}v{tall}h-{width}z"
    return f"{outer}{inner}m-{_OUTLINE}-{_OUTLINE}"


def _short(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")
