"""The figures of the scorecard in words: each with its name, what stands beside it, and what it means."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext

from incidents.lib import durations
from incidents.lib.spreadsheets import csv_lines
from incidents.timeline.scorecard import Card, Scorecard, Stretch


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of some incidents."""

    key: str
    name: str
    value: str
    detail: str
    """What stands beside it: of how many it is known, and the longest."""
    definition: str


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one month or one component."""

    name: str
    incidents: int
    cells: tuple[Measure, ...]


_STRETCHES: tuple[tuple[str, Callable[[Card], Stretch]], ...] = (
    ("noticed", lambda card: card.noticed),
    ("taken_on", lambda card: card.taken_on),
    ("told", lambda card: card.told),
    ("resolved", lambda card: card.resolved),
    ("postmortem", lambda card: card.postmortem),
)
_NUMBERS = ("by_us", "by_customers", "by_others", "promises", "kept", "majors")


def measures(card: Card, *, tells_detection: bool = True) -> tuple[Measure, ...]:
    """Return the figures in the language spoken; without who noticed first where that is not told."""
    found = [
        _time("noticed", gettext("Noticed"), card.noticed, card, _noticed()),
        _time("taken_on", gettext("Taken on"), card.taken_on, card, _taken_on()),
        _time("told", gettext("First told"), card.told, card, _told()),
        _time("resolved", gettext("Resolved"), card.resolved, card, _resolved()),
        *([_by_us(card)] if tells_detection else []),
        _promises(card),
        _postmortems(card),
    ]
    return tuple(found)


def rows(named: Iterable[tuple[str, Card]], *, tells_detection: bool = True) -> list[Row]:
    """Return a row for each name with its figures."""
    return [Row(name, card.incidents, measures(card, tells_detection=tells_detection)) for name, card in named]


def _time(key: str, name: str, stretch: Stretch, card: Card, definition: str) -> Measure:
    return Measure(key, name, _middle(stretch), _known(stretch, card.incidents), definition)


def _middle(stretch: Stretch) -> str:
    return gettext("No data") if stretch.middle is None else durations.in_words(stretch.middle)


def _known(stretch: Stretch, whole: int) -> str:
    """Return "longest 2 hours 5 minutes, known of 8 of 12"."""
    if stretch.longest is None:
        return ""
    return gettext("longest {duration}, known of {count} of {whole}").format(
        duration=durations.in_words(stretch.longest), count=stretch.count, whole=whole
    )


def _by_us(card: Card) -> Measure:
    customers = gettext("{count} by customers")
    return Measure(
        "by_us",
        gettext("Noticed first by us"),
        _share(card.by_us, card.known),
        customers.format(count=card.by_customers) if card.by_customers else "",
        gettext("Incidents that our monitoring or our staff noticed before any customer told us, where that is known."),
    )


def _promises(card: Card) -> Measure:
    return Measure(
        "kept",
        gettext("Times for updates kept"),
        _share(card.kept, card.promises),
        "",
        gettext("Updates that came by the time the one before had named."),
    )


def _postmortems(card: Card) -> Measure:
    detail = gettext("{count} of {whole} major incidents").format(count=card.postmortem.count, whole=card.majors)
    definition = gettext("From the end of a major incident to its postmortem.")
    return Measure(
        "postmortem", gettext("Postmortem"), _middle(card.postmortem), detail if card.majors else "", definition
    )


def _share(part: int, whole: int) -> str:
    return gettext("{count} of {whole}").format(count=part, whole=whole) if whole else gettext("No data")


def _noticed() -> str:
    return gettext("From when the impact began to when we noticed it.")


def _taken_on() -> str:
    return gettext("From when the impact began to when somebody took it on.")


def _told() -> str:
    return gettext("From when the impact began to the first update here.")


def _resolved() -> str:
    return gettext("From when the impact began to when it ended.")


def lines(card: Scorecard, names: Sequence[tuple[str, str]], *, tells_detection: bool = True) -> Iterator[str]:
    """Yield the figures as CSV, times in seconds; an empty cell is a figure nobody knows."""
    head = ["part", "name", "incidents"]
    head += [f"{name}_{figure}" for name, _stretch in _STRETCHES for figure in ("median", "longest", "known")]
    known = dict(names)
    parts = [("all", "", card.whole)]
    parts += [("month", f"{month:%Y-%m}", figures) for month, figures in card.months]
    parts += [("component", known[code], figures) for code, figures in card.components if code in known]
    table = ([part, name, *_cells(figures, tells_detection=tells_detection)] for part, name, figures in parts)
    return csv_lines([*head, *_NUMBERS], table)


def _cells(card: Card, *, tells_detection: bool) -> Iterator[str]:
    yield str(card.incidents)
    for _name, stretch in _STRETCHES:
        found = stretch(card)
        yield from (_seconds(found.middle), _seconds(found.longest), str(found.count))
    for number in _NUMBERS:
        is_told = tells_detection or not number.startswith("by_")
        yield str(getattr(card, number)) if is_told else ""


def _seconds(span: timedelta | None) -> str:
    return "" if span is None else str(int(span.total_seconds()))
