"""Pieces more than one page shows: state words, component rows, strips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from incidents.lib import durations, stamps
from incidents.lib.figures import percent
from incidents.lib.languages import spoken
from incidents.publishing import paths, relative
from incidents.publishing.shapes import ComponentFacts, IndexFacts, PageFacts
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


_DAYS_TO_SPEAK_OF = 2
"""Measured days from which on there is a figure."""


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


def state_inside(value: str) -> str:
    """Return the words of a component state inside a sentence: "partial outage"."""
    words = {
        ComponentStatus.OPERATIONAL: pgettext("inside a sentence", "operational"),
        ComponentStatus.UNDER_MAINTENANCE: pgettext("inside a sentence", "under maintenance"),
        ComponentStatus.DEGRADED_PERFORMANCE: pgettext("inside a sentence", "degraded performance"),
        ComponentStatus.PARTIAL_OUTAGE: pgettext("inside a sentence", "partial outage"),
        ComponentStatus.MAJOR_OUTAGE: pgettext("inside a sentence", "major outage"),
    }
    return words[ComponentStatus(value)]


def worst_of(components: Sequence[ComponentFacts]) -> State:
    """Return the worst state among `components`."""
    return state_of(worst_status(one.status for one in components).value)


def affected_of(components: Sequence[ComponentFacts]) -> list[ComponentFacts]:
    """Return those that are not operational, in their order."""
    return [one for one in components if one.status != ComponentStatus.OPERATIONAL]


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


def row_markup(row: ComponentRow) -> SafeString:
    """Return a component's row as HTML. Kept: of a hundred rows an update changes a few."""
    return _row_markup(row, spoken())


@lru_cache(maxsize=2000)
def _row_markup(row: ComponentRow, _language: str) -> SafeString:
    return render_to_string("public/_row.html", {"row": row})


def figure_of(component: ComponentFacts) -> str:
    """Return the uptime of 90 days as "99.94%"; "" where it is not shown or one day alone was measured."""
    return _figure(tally_of(component.days)) if component.showcase else ""


@lru_cache(maxsize=1)
def figures_of(facts: IndexFacts) -> Mapping[str, str]:
    """Return the uptime of each component by code, counted once for all documents that tell the first page."""
    return {one.code: figure_of(one) for group in facts.groups for one in group.components}


def strip_of(component: ComponentFacts) -> Strip | None:
    """Return the strip of `component`; None where its uptime is not shown."""
    if not component.showcase or not component.days:
        return None
    tally = tally_of(component.days)
    share = _figure(tally)
    if share:
        figure = gettext("{percent} uptime").format(percent=percent(share))
    else:
        since = component.started_on or component.days[-1].date
        figure = gettext("measuring since {day}").format(day=stamps.short_day(since))
    return Strip(
        trace=trace_of(tally.bars),
        name=_name(component.name, figure, tally),
        figure=figure,
        is_percent=bool(share),
        days=paths.inspection(component.code),
        count=len(component.days),
        today=dated_words(component.days[-1]),
    )


def _figure(tally: Tally) -> str:
    share = tally.uptime
    return "" if share is None or tally.measured_days < _DAYS_TO_SPEAK_OF else percentage(share)


def dated_words(day: Day, *, incidents: int = 0) -> str:
    """Return "Tuesday 4 April 2023: partial outage, 14 minutes; 1 incident"."""
    pattern = pgettext("day and what happened", "{day}: {words}")
    return pattern.format(day=stamps.weekday(day.date), words=day_words(day, incidents=incidents))


def day_words(day: Day, *, incidents: int = 0) -> str:
    """Return a day in one line: "partial outage, 14 minutes; 1 incident"."""
    state = bar_of(day).state
    if state == NO_DATA:
        return gettext("no data")
    if state == ComponentStatus.OPERATIONAL:
        words = gettext("no trouble")
    else:
        lasted = durations.in_words(timedelta(seconds=day.seconds[state]))
        words = gettext("{state}, {duration}").format(state=state_inside(state), duration=lasted)
    if not incidents:
        return words
    # Translators: what happened on a day: "partial outage, 14 minutes; 1 incident".
    pattern = ngettext("{words}; {count} incident", "{words}; {count} incidents", incidents)
    return pattern.format(words=words, count=incidents)


def _name(component: str, figure: str, tally: Tally) -> str:
    """Return what a trace is called for those who cannot see it: its figure and its worst day."""
    if not tally.trouble:
        return gettext("{name}, last 90 days: {figure}; no trouble").format(name=component, figure=figure)
    on, bar = max(tally.trouble, key=lambda pair: (SEVERITY[pair[1].state], pair[0]))
    count = len(tally.trouble)
    pattern = ngettext(
        "{name}, last 90 days: {figure}; {count} day with trouble, the worst {state} on {day}",
        "{name}, last 90 days: {figure}; {count} days with trouble, the worst {state} on {day}",
        count,
    )
    return pattern.format(
        name=component, figure=figure, count=count, state=state_inside(bar.state), day=stamps.short_day(on)
    )


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
