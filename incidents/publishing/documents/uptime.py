"""Uptime of all components, and the page of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from incidents.lib import durations, stamps
from incidents.publishing import paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.parts import Strip, state_of, strip_of
from incidents.publishing.months import first_of
from incidents.publishing.shapes import ComponentPageFacts, MeterFacts, PageFacts, UptimeFacts
from incidents.publishing.tally import tally_of
from incidents.timeline.states import ComponentStatus
from incidents.timeline.uptime import WEIGHTS, Day, percentage


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    name: str
    uptime: str
    downtime: str
    incidents: int


@dataclass(frozen=True, slots=True)
class Meter:
    """A component with its strip and its table; `total` covers the 90 days of the strip."""

    code: str
    name: str
    path: str
    strip: Strip | None
    total: Line
    months: tuple[Line, ...]
    is_open: bool
    """Whether the table is unfolded from the start."""


def uptime(facts: UptimeFacts) -> bytes:
    """Return the table of all components as HTML."""
    page = facts.page
    return rendered(
        "uptime.html",
        page,
        Head(
            title=f"Uptime · {page.name} status",
            path="/uptime",
            heading=f"{page.name} uptime",
            description=f"Uptime of {page.name} by component and month.",
            current="uptime",
        ),
        method=method(page),
        meters=[
            (one.component, paths.component(one.component.code), _meter_markup(_meter(one)))
            for one in facts.meters
            if one.component.showcase
        ],
    )


def component(facts: ComponentPageFacts, *, is_fragment: bool = False) -> bytes:
    """Return the page of one component as HTML, or what lies between its head and foot."""
    page, shown = facts.page, facts.meter.component
    state = state_of(shown.status)
    return rendered(
        "component.html",
        page,
        Head(
            title=f"{state.label}: {shown.name} · {page.name} status",
            path=paths.component(shown.code),
            heading=f"{shown.name}: {state.label}",
            description=f"State, uptime and incidents of {shown.name}.",
            favicon=shown.status,
            live=paths.live_component(shown.code),
        ),
        is_fragment=is_fragment,
        component=shown,
        state=state,
        meter=_meter_markup(_meter(facts.meter, is_open=True)) if shown.showcase else "",
        method=method(page),
        open=[cards.history_entry(one, page) for one in facts.open],
        upcoming=[cards.history_entry(one, page) for one in facts.upcoming],
        past=[cards.history_entry(one, page) for one in facts.past],
    )


def method(page: PageFacts) -> str:
    """Return in one paragraph what the figures count."""
    weight = int(WEIGHTS[ComponentStatus.PARTIAL_OUTAGE.value] * 100)
    return (
        f"A major outage counts whole, a partial outage {weight}% of its time; degraded "
        "performance and maintenance do not count as downtime. Measured from the component "
        f"states shown here, over days in {stamps.abbreviation(page.seen_at, page.zone)}, and "
        "rounded down."
    )


def _meter(facts: MeterFacts, *, is_open: bool = False) -> Meter:
    shown = facts.component
    since = shown.days[0].date if shown.days else date.max
    months = [
        _line(stamps.short_month(month[0].date), month, _began_in(facts.incidents, first_of(month[0].date)))
        for month in months_of(facts.days)
    ]
    return Meter(
        code=shown.code,
        name=shown.name,
        path=paths.component(shown.code),
        strip=strip_of(shown),
        total=_line("Last 90 days", shown.days, sum(on >= since for on in facts.incidents)),
        months=tuple(reversed(months)),
        is_open=is_open,
    )


@lru_cache(maxsize=500)
def _meter_markup(meter: Meter) -> SafeString:
    """Return a meter as HTML. Kept: of a hundred components an update changes a few."""
    return render_to_string("public/_meter.html", {"meter": meter})


def months_of(days: tuple[Day, ...]) -> Iterable[tuple[Day, ...]]:
    """Return `days` by calendar month."""
    edges = _month_edges(days[0].date, len(days)) if days else ()
    return (days[begin:end] for begin, end in pairwise(edges))


@lru_cache(maxsize=64)
def _month_edges(first: date, count: int) -> tuple[int, ...]:
    """Return where months begin among so many days, and the end. All components have the same."""
    begins = (number for number in range(1, count) if (first + timedelta(days=number)).day == 1)
    return 0, *begins, count


def _began_in(incidents: Sequence[date], first: date) -> int:
    return sum(first_of(on) == first for on in incidents)


def _line(name: str, days: tuple[Day, ...], incidents: int) -> Line:
    tally = tally_of(days)
    share, down = tally.uptime, timedelta(seconds=int(tally.down))
    return Line(
        name=name,
        uptime="No data" if share is None else percentage(share),
        downtime=durations.in_words(down) if down else "none",
        incidents=incidents,
    )
