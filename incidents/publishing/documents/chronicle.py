"""The visual timeline as it is drawn: text of the axis, and the table that says the same."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from incidents.lib import durations, stamps
from incidents.lib.names import in_a_row_markup
from incidents.publishing import chronicle
from incidents.publishing.shapes import IncidentFacts, PageFacts

_LINE = 17
"""Units between two lines of a label on the axis."""


@dataclass(frozen=True, slots=True)
class AxisText:
    """A line of a label; `place` says where it is anchored: first, middle or last."""

    text: str
    position: str
    y: int
    place: str
    is_clock: bool


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A label of the axis with its lines, and the number that stands for it on phones."""

    number: int
    position: str
    place: str
    lines: tuple[AxisText, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The visual timeline and its table (event, time, after start)."""

    labels: tuple[AxisLabel, ...]
    ends: tuple[AxisText, ...]
    """The first and the last mark alone, which is all a phone has room for."""
    key: tuple[SafeString, ...]
    height: int
    rows: tuple[chronicle.Row, ...]
    more_rows: int
    break_words: str
    break_y: int
    table: tuple[tuple[str, SafeString, str], ...]


def picture_of(facts: IncidentFacts, page: PageFacts) -> Picture | None:
    """Return the visual timeline of an incident, or None where it would show nothing."""
    drawn = chronicle.chronicle_of(facts, seen_at=page.seen_at)
    if drawn is None:
        return None
    # A cut tail gets a line of its own under the labels for its words.
    room = _LINE if drawn.break_words else 0
    height = 2 * _LINE * drawn.depth + 10 + room
    return Picture(
        labels=tuple(
            _label(number, label, depth=drawn.depth, page=page) for number, label in enumerate(drawn.labels, start=1)
        ),
        ends=tuple(_ends(drawn, page)),
        key=tuple(_key(number, one, page) for number, one in enumerate(drawn.labels, start=1)),
        height=height,
        rows=drawn.rows,
        more_rows=drawn.more_rows,
        break_words=drawn.break_words,
        break_y=height - 8,
        table=tuple(_table_row(mark, drawn, page) for mark in drawn.marks),
    )


def _label(number: int, label: chronicle.Label, *, depth: int, page: PageFacts) -> AxisLabel:
    top = 2 * _LINE * (depth - len(label.marks))
    lines = tuple(
        line
        for place, mark in enumerate(label.marks)
        for line in _lines(mark, label, top=top + 2 * _LINE * place, page=page)
    )
    return AxisLabel(number, label.position, label.place, lines)


def _lines(mark: chronicle.Mark, label: chronicle.Label, *, top: int, page: PageFacts) -> tuple[AxisText, AxisText]:
    clock = stamps.hour(mark.at, page.zone)
    return (
        AxisText(clock, label.position, top + 13, label.place, is_clock=True),
        AxisText(mark.word, label.position, top + 12 + _LINE, label.place, is_clock=False),
    )


def _ends(drawn: chronicle.Chronicle, page: PageFacts) -> list[AxisText]:
    first, last = drawn.labels[0], drawn.labels[-1]
    found = [*_lines(drawn.marks[0], first, top=0, page=page)]
    if last is not first and last.place == "last":
        found += _lines(drawn.marks[-1], last, top=0, page=page)
    return found


def _key(number: int, label: chronicle.Label, page: PageFacts) -> SafeString:
    told = [(stamps.element(mark.at, stamps.hour(mark.at, page.zone)), mark.word) for mark in label.marks]
    words = in_a_row_markup([format_html("{} {}", time, word) for time, word in told])
    return format_html(pgettext("number of a mark and its words", "{number}: {words}"), number=number, words=words)


def _table_row(mark: chronicle.Mark, drawn: chronicle.Chronicle, page: PageFacts) -> tuple[str, SafeString, str]:
    start = drawn.marks[0].at
    time = stamps.element(mark.at, stamps.stamp(mark.at, page.zone))
    return mark.word, time, durations.in_words(mark.at - start) if mark.at > start else "–"
