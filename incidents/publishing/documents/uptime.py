"""Uptime of all components, and the page of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from incidents.lib import durations, stamps
from incidents.lib.figures import percent
from incidents.lib.languages import spoken
from incidents.publishing import paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.noted import people_affected
from incidents.publishing.documents.parts import Strip, state_of, strip_of
from incidents.publishing.documents.state_head import head_of_state
from incidents.publishing.documents.uptime_overview import METERED_WHOLE_UP_TO, overview
from incidents.publishing.documents.year import year_of
from incidents.publishing.months import first_of
from incidents.publishing.shapes import ComponentPageFacts, MeterFacts, PageFacts, UptimeFacts
from incidents.publishing.tally import tally_of
from incidents.publishing.wording import in_page_language
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
    summary: SafeString
    """The line over the table: its name and its figures of 90 days."""
    is_open: bool
    """Whether the table is unfolded from the start."""


@in_page_language
def uptime(facts: UptimeFacts) -> bytes:
    """Return the pictures and months of all components as HTML; of very many one row each."""
    page = facts.page
    is_whole = len(facts.meters) <= METERED_WHOLE_UP_TO
    return rendered(
        "uptime.html",
        page,
        Head(
            title=gettext("Uptime · {page} status").format(page=page.name),
            path=paths.uptime(),
            heading=gettext("{page} uptime").format(page=page.name),
            description=gettext("Uptime of {page} by component and month.").format(page=page.name),
            current="uptime",
            has_twins=True,
        ),
        method=method(page),
        meters=[
            (one.component, paths.component(one.component.code), _meter_markup(_meter(one)))
            for one in facts.meters
            if one.component.showcase and is_whole
        ],
        tables=[] if is_whole else overview(facts.meters),
    )


@in_page_language
def component(facts: ComponentPageFacts, *, is_fragment: bool = False) -> bytes:
    """Return the page of one component as HTML, or what lies between its head and foot."""
    page, shown = facts.page, facts.meter.component
    state = state_of(shown.status)
    return rendered(
        "component.html",
        page,
        head_of_state(
            page,
            state,
            name=shown.name,
            path=paths.component(shown.code),
            live=paths.live_component(shown.code),
            description=gettext("State, uptime and incidents of {component}.").format(component=shown.name),
        ),
        is_fragment=is_fragment,
        component=shown,
        state=state,
        meter=_meter_markup(_meter(facts.meter, is_open=True)) if shown.showcase else "",
        year=year_of(facts.meter),
        people=people_affected(page, shown.code),
        badge=f"{page.address}{paths.badge(shown.code)}",
        method=method(page),
        open=[cards.history_entry(one, page) for one in facts.open],
        upcoming=[cards.history_entry(one, page) for one in facts.upcoming],
        past=[cards.history_entry(one, page) for one in facts.past],
    )


@in_page_language
def method(page: PageFacts) -> str:
    """Return in one paragraph what the figures count."""
    weight = int(WEIGHTS[ComponentStatus.PARTIAL_OUTAGE.value] * 100)
    return gettext(
        "A major outage counts whole, a partial outage {percent} of its time; degraded "
        "performance and maintenance do not count as downtime. Measured from the component "
        "states shown here, over days in {zone}, and rounded down."
    ).format(percent=percent(f"{weight}%"), zone=stamps.abbreviation(page.seen_at, page.zone))


def _meter(facts: MeterFacts, *, is_open: bool = False) -> Meter:
    shown = facts.component
    since = shown.days[0].date if shown.days else date.max
    months = [
        _line(stamps.short_month(month[0].date), month, _began_in(facts.incidents, first_of(month[0].date)))
        for month in months_of(facts.days)
    ]
    total = _line(gettext("Last 90 days"), shown.days, sum(on >= since for on in facts.incidents))
    return Meter(
        code=shown.code,
        name=shown.name,
        path=paths.component(shown.code),
        strip=strip_of(shown),
        total=total,
        months=tuple(reversed(months)),
        summary=_summary(shown.name, total, shown.days),
        is_open=is_open,
    )


def _summary(name: str, total: Line, days: tuple[Day, ...]) -> SafeString:
    """Return "API by month: 99.98% over 90 days, 12 minutes of downtime"."""
    tally = tally_of(days)
    if tally.uptime is None:
        pattern = gettext("<bdi>{name}</bdi> by month: No data")
    elif tally.down >= 1:
        pattern = gettext("<bdi>{name}</bdi> by month: {percent} over 90 days, {duration} of downtime")
    else:
        pattern = gettext("<bdi>{name}</bdi> by month: {percent} over 90 days, no downtime")
    return format_html(pattern, name=name, percent=total.uptime, duration=total.downtime)


def _meter_markup(meter: Meter) -> SafeString:
    """Return a meter as HTML. Kept: of a hundred components an update changes a few."""
    return _kept_markup(meter, spoken())


@lru_cache(maxsize=500)
def _kept_markup(meter: Meter, _language: str) -> SafeString:
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
        uptime=gettext("No data") if share is None else percent(percentage(share)),
        downtime=durations.in_words(down) if down else pgettext("downtime", "none"),
        incidents=incidents,
    )
