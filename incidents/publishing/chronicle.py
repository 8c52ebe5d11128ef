"""The visual timeline of an incident: one axis, one row of segments per component."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import east_asian_width

from django.utils.translation import gettext, pgettext

from incidents.lib import durations
from incidents.publishing.shapes import AffectedFacts, IncidentFacts
from incidents.timeline.states import SEVERITY, ComponentStatus, IncidentPhase
from incidents.timeline.uptime import Span

ROWS_AT_MOST = 8
HEIGHTS = {
    ComponentStatus.OPERATIONAL.value: 4,
    ComponentStatus.UNDER_MAINTENANCE.value: 6,
    ComponentStatus.DEGRADED_PERFORMANCE.value: 8,
    ComponentStatus.PARTIAL_OUTAGE.value: 12,
    ComponentStatus.MAJOR_OUTAGE.value: 16,
}
"""Heights of segments in units; the trace's own, halved."""

_NOMINAL_WIDTH = 560
"""Pixels of the axis where it is narrowest with labels; they collide by this measure."""

_LETTER = 6.8
"""Pixels a letter of a label takes: a little more than the average of the face at its size."""

_APART = 8.0
"""Pixels between two labels below which they read as one."""

_AT_THE_END = 99.0
"""Percent of the axis after which a mark counts as its end."""

_TAIL_FACTOR = 3
"""A tail of watching longer than this many times the impact is cut with a visible break."""

_TAIL_START, _TAIL_END = 84.0, 88.0


Scale = Callable[[datetime], float]
"""From a moment to percent of the axis."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened."""

    at: datetime
    word: str


@dataclass(frozen=True, slots=True)
class Label:
    """Marks too close to stand apart, under one tick; `place` is first, middle or last."""

    position: str
    """Percent of the axis, as an SVG attribute."""
    marks: tuple[Mark, ...]
    place: str

    @property
    def box(self) -> tuple[float, float]:
        """Return where its words begin and end, in pixels of the narrowest axis that has labels."""
        anchor = float(self.position.rstrip("%")) * _NOMINAL_WIDTH / 100
        left = anchor - {"first": 0.0, "middle": 0.5, "last": 1.0}[self.place] * _width(self.marks)
        return left, left + _width(self.marks)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one state, in percent of the axis."""

    position: str
    width: str
    state: str
    height: int

    @property
    def top(self) -> int:
        """Return where it begins, so that all stand on one line."""
        return HEIGHTS[ComponentStatus.MAJOR_OUTAGE.value] - self.height


@dataclass(frozen=True, slots=True)
class Row:
    """One component."""

    name: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The picture and the list it is a picture of."""

    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    rows: tuple[Row, ...]
    more_rows: int
    break_words: str = ""
    """How long the cut tail is ("19 hours later"); empty where the axis is whole."""

    @property
    def depth(self) -> int:
        """Return how many marks the fullest label stacks."""
        return max((len(label.marks) for label in self.labels), default=1)


def chronicle_of(incident: IncidentFacts, *, seen_at: datetime) -> Chronicle | None:
    """Return the picture of `incident`, or None where it would show nothing."""
    marks = tuple(_marks(incident))
    end = incident.ended_at or seen_at
    start = min((mark.at for mark in marks), default=incident.started_at)
    if incident.is_maintenance or end <= start:
        return None
    calm_at = _calm_at(incident)
    scale, cut = _scale(start, calm_at, end)
    rows = _rows(incident, start, end, scale)
    break_words = _later(end - calm_at) if cut and calm_at else ""
    return Chronicle(
        marks=marks,
        labels=tuple(_labels(marks, scale)),
        rows=rows[:ROWS_AT_MOST],
        more_rows=max(0, len(rows) - ROWS_AT_MOST),
        break_words=break_words,
    )


def _later(pause: timedelta) -> str:
    return gettext("{duration} later").format(duration=durations.in_words(pause))


def _marks(incident: IncidentFacts) -> Iterable[Mark]:
    oldest_first = [update for update in reversed(incident.updates) if not update.removed_at]
    found = [Mark(incident.started_at, pgettext("mark of a timeline", "Impact began"))]
    if incident.detected_by and incident.detected_at:
        found.append(Mark(incident.detected_at, pgettext("mark of a timeline", "Noticed")))
    if oldest_first and oldest_first[0].posted_at - incident.started_at >= timedelta(minutes=1):
        found.append(Mark(oldest_first[0].posted_at, pgettext("mark of a timeline", "First update")))
    for phase, word in (
        (IncidentPhase.IDENTIFIED, pgettext("mark of a timeline", "Identified")),
        (IncidentPhase.MONITORING, pgettext("mark of a timeline", "Fix in place")),
    ):
        posted = [update.posted_at for update in oldest_first if update.phase.canonical == phase]
        found.extend(Mark(moment, word) for moment in posted[:1])
    if incident.impact_ended_at and incident.impact_ended_at != incident.ended_at:
        found.append(Mark(incident.impact_ended_at, pgettext("mark of a timeline", "Impact ended")))
    if incident.ended_at:
        found.append(Mark(incident.ended_at, pgettext("mark of a timeline", "Resolved")))
    return sorted(found, key=lambda mark: mark.at)


def _calm_at(incident: IncidentFacts) -> datetime | None:
    """Return when only watching was left: the impact's end, else the last fix put in place."""
    fixes = [update.posted_at for update in incident.updates if update.phase.canonical == IncidentPhase.MONITORING]
    return incident.impact_ended_at or max(fixes, default=None)


def _scale(start: datetime, calm_at: datetime | None, end: datetime) -> tuple[Scale, bool]:
    """Return a function from a moment to percent of the axis, and whether the tail is cut."""
    if calm_at is None or calm_at <= start or end - calm_at <= _TAIL_FACTOR * (calm_at - start):
        return lambda moment: _bounded((moment - start) / (end - start) * 100), False

    def cut(moment: datetime) -> float:
        if moment <= calm_at:
            return _bounded((moment - start) / (calm_at - start) * _TAIL_START)
        share = (moment - calm_at) / (end - calm_at)
        return _bounded(_TAIL_END + share * (100 - _TAIL_END))

    return cut, True


def _bounded(percent: float) -> float:
    return min(100.0, max(0.0, percent))


def _labels(marks: Sequence[Mark], scale: Scale) -> Sequence[Label]:
    """Stack marks whose words would touch; the outermost labels lean inwards."""
    clusters: list[tuple[Mark, ...]] = [(mark,) for mark in marks]
    while True:
        labels = [_label(clusters, number, scale) for number in range(len(clusters))]
        touching = next((number for number in range(1, len(labels)) if _touch(*labels[number - 1 : number + 1])), None)
        if touching is None:
            return labels
        clusters[touching - 1 : touching + 1] = [clusters[touching - 1] + clusters[touching]]


def _label(clusters: Sequence[tuple[Mark, ...]], number: int, scale: Scale) -> Label:
    cluster = clusters[number]
    position, half = scale(cluster[0].at), _width(cluster) / 2
    along = position * _NOMINAL_WIDTH / 100
    if along < half:
        return Label(_percent(position), cluster, "first")
    if number == len(clusters) - 1 and scale(cluster[-1].at) > _AT_THE_END:
        return Label(_percent(100.0), cluster, "last")
    return Label(_percent(position), cluster, "last" if along > _NOMINAL_WIDTH - half else "middle")


def _touch(left: Label, right: Label) -> bool:
    return right.box[0] - left.box[1] < _APART


def _width(marks: Iterable[Mark]) -> float:
    return max(_letters(mark.word) for mark in marks) * _LETTER


def _letters(word: str) -> int:
    """Return how many letters of ours it takes: one of Chinese or Japanese is as wide as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in word)


def _rows(incident: IncidentFacts, start: datetime, end: datetime, scale: Scale) -> tuple[Row, ...]:
    """Return one row per component, worst first, equals in page order."""
    told = [(one, list(_spans(incident, one, start, end))) for one in incident.affected]
    worst_first = sorted(told, key=lambda pair: -SEVERITY[pair[0].worst])
    return tuple(Row(one.name, tuple(_segments(spans, scale))) for one, spans in worst_first if spans)


def _spans(incident: IncidentFacts, one: AffectedFacts, start: datetime, end: datetime) -> Iterable[Span]:
    """Return what the updates said about a component, without gaps from `start` to `end`.

    The first update only reports what had begun before it, so its states reach back to the start
    of the impact. A component nobody made a statement about was in its worst state throughout.
    """
    said = [
        (update.posted_at, change)
        for update in reversed(incident.updates)
        for change in update.changes
        if change.component == one.name and change.code == one.code
    ]
    if not said:
        yield Span(start, end, one.worst)
        return
    first_report = incident.updates[-1].posted_at
    status = said[0][1].new if said[0][0] == first_report else said[0][1].old
    begin = start
    for moment, change in said:
        if change.new != status:
            yield Span(begin, moment, status)
            begin, status = moment, change.new
    yield Span(begin, end, status)


def _segments(spans: Sequence[Span], scale: Scale) -> Iterable[Segment]:
    for span in spans:
        left, right = scale(span.starts_at), scale(span.ends_at)
        if right > left:
            yield Segment(_percent(left), _percent(right - left), span.status, HEIGHTS[span.status])


def _percent(number: float) -> str:
    return f"{number:.2f}%"
