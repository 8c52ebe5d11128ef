"""Pieces more than one page shows: state words, component rows, strips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from incidents.lib import durations, stamps
from incidents.publishing import paths, relative
from incidents.publishing.shapes import ComponentFacts, PageFacts
from incidents.publishing.tally import Tally, tally_of
from incidents.publishing.trace import NO_DATA, Trace, bar_of, trace_of
from incidents.timeline.impact import worst_status
from incidents.timeline.states import SEVERITY, ComponentStatus
from incidents.timeline.uptime import Day, percentage

_COLOURS = {
    ComponentStatus.OPERATIONAL: "green",
    ComponentStatus.UNDER_MAINTENANCE: "blue",
    ComponentStatus.DEGRADED_PERFORMANCE: "yellow",
    ComponentStatus.PARTIAL_OUTAGE: "orange",
    ComponentStatus.MAJOR_OUTAGE: "red",
}
"""Class names by which customisations of Statuspage pages find rows."""


@dataclass(frozen=True, slots=True)
class State:
    """A state in words and by its glyph."""

    value: str
    label: str

    @property
    def is_good(self) -> bool:
        """Say whether nothing is wrong or under way."""
        return self.value == ComponentStatus.OPERATIONAL


@dataclass(frozen=True, slots=True)
class Strip:
    """A trace with its line of words and its name for those who cannot see it."""

    trace: Trace
    name: str
    figure: str
    is_percent: bool
    days: str
    """Address of what is known of each day, fetched when somebody looks closer."""
    count: int
    today: str


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A component on the first page."""

    code: str
    name: str
    path: str
    description: str
    state: State
    colour: str
    strip: Strip | None


def state_of(value: str) -> State:
    """Return the words of a component state."""
    return State(value, str(ComponentStatus(value).label))


def worst_of(components: Sequence[ComponentFacts]) -> State:
    """Return the worst state among `components`."""
    return state_of(worst_status(one.status for one in components).value)


def row_of(component: ComponentFacts) -> ComponentRow:
    """Return what the first page shows of `component`."""
    return ComponentRow(
        code=component.code,
        name=component.name,
        path=paths.component(component.code),
        description=component.description,
        state=state_of(component.status),
        colour=_COLOURS[ComponentStatus(component.status)],
        strip=strip_of(component),
    )


@lru_cache(maxsize=2000)
def row_markup(row: ComponentRow) -> SafeString:
    """Return a component's row as HTML. Kept: of a hundred rows an update changes a few."""
    return render_to_string("public/_row.html", {"row": row})


def strip_of(component: ComponentFacts) -> Strip | None:
    """Return the strip of `component`; None where its uptime is not shown."""
    if not component.showcase or not component.days:
        return None
    tally = tally_of(component.days)
    share = tally.uptime
    if share is None or tally.measured_days < 2:
        since = component.started_on or component.days[-1].date
        figure, is_percent = f"measuring since {stamps.short_day(since)}", False
    else:
        figure, is_percent = f"{percentage(share)} uptime", True
    return Strip(
        trace=trace_of(tally.bars),
        name=f"{component.name}, last 90 days: {figure}{_worst_day(tally)}",
        figure=figure,
        is_percent=is_percent,
        days=paths.inspection(component.code),
        count=len(component.days),
        today=f"{stamps.weekday(component.days[-1].date)}: {day_words(component.days[-1])}",
    )


def day_words(day: Day, *, incidents: int = 0) -> str:
    """Return a day in one line: "partial outage, 14 minutes; 1 incident"."""
    state = bar_of(day).state
    if state == NO_DATA:
        return "no data"
    counted = f"; {incidents} incident{'s' if incidents > 1 else ''}" if incidents else ""
    if state == ComponentStatus.OPERATIONAL:
        return f"no trouble{counted}"
    lasted = durations.in_words(timedelta(seconds=day.seconds[state]))
    return f"{state_of(state).label.lower()}, {lasted}{counted}"


def _worst_day(tally: Tally) -> str:
    """Return how many days had trouble and which was worst, as the tail of a sentence."""
    if not tally.trouble:
        return "; no trouble"
    on, bar = max(tally.trouble, key=lambda pair: (SEVERITY[pair[1].state], pair[0]))
    count = "1 day" if len(tally.trouble) == 1 else f"{len(tally.trouble)} days"
    word = str(ComponentStatus(bar.state).label).lower()
    return f"; {count} with trouble, the worst {word} on {stamps.short_day(on)}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time element and its companion in relative words, empty when old."""

    element: SafeString
    ago: str
    milliseconds: int
    """Unix time, where customisations of Statuspage pages look for it."""

    @property
    def seconds(self) -> int:
        """Unix time in seconds, from which script keeps the relative words true."""
        return self.milliseconds // 1000


def stamp_of(moment: datetime, page: PageFacts) -> Stamp:
    """Return the long stamp of `moment` as read on `page`."""
    element = stamps.element(moment, stamps.stamp(moment, page.zone))
    return Stamp(element, relative.ago(moment, seen_at=page.seen_at), int(moment.timestamp() * 1000))
