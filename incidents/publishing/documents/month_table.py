"""History as a calendar: months as tables, a glyph and a link where something happened."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from incidents.lib import stamps
from incidents.publishing import paths
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.parts import State, state_inside, state_of
from incidents.publishing.shapes import CalendarFacts, IncidentFacts
from incidents.publishing.wording import in_page_language
from incidents.timeline.impact import worst_status
from incidents.timeline.states import ComponentStatus


@dataclass(frozen=True, slots=True)
class Cell:
    """A day. Without a state nothing happened; `path` leads to what did."""

    number: int
    state: State | None
    count: int
    path: str
    name: str
    """What a screen reader says: "14 November, partial outage, 2 incidents"."""
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month of whole weeks; None is a day of another month."""

    heading: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@in_page_language
def month_table(facts: CalendarFacts) -> bytes:
    """Return three months as HTML, newest first."""
    page = facts.page
    span = gettext("{first} to {last}").format(first=stamps.month(facts.months[-1]), last=stamps.month(facts.months[0]))
    return rendered(
        "calendar.html",
        page,
        Head(
            title=gettext("Calendar of incidents · {page} status").format(page=page.name),
            path=paths.month_table(str(facts.number)),
            heading=gettext("{page} calendar of incidents").format(page=page.name),
            description=gettext("Days with incidents and maintenance of {page}, {span}.").format(
                page=page.name, span=span
            ),
            current="history",
            has_twins=True,
        ),
        span=span,
        weekdays=stamps.weekday_names(),
        months=[_month(first, facts) for first in facts.months],
        newer=paths.month_table(str(facts.number - 1)) if facts.number > 1 else "",
        older=paths.month_table(str(facts.number + 1)) if facts.has_older else "",
    )


def _month(first: date, facts: CalendarFacts) -> Month:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        stamps.month(first),
        tuple(tuple(_cell(on, facts) if on.month == first.month else None for on in week) for week in weeks),
    )


def _cell(on: date, facts: CalendarFacts) -> Cell:
    stories = facts.days.get(on, ())
    state = _worst(stories) if stories else None
    return Cell(
        number=on.day,
        state=state,
        count=len(stories),
        path=_leads_to(on, stories, facts),
        name=_name(on, state, stories),
        is_today=on == facts.page.day_of(facts.page.seen_at),
    )


def _worst(stories: tuple[IncidentFacts, ...]) -> State:
    states = [
        ComponentStatus.UNDER_MAINTENANCE if one.is_maintenance else ComponentStatus(one.worst) for one in stories
    ]
    return state_of(worst_status(states).value)


def _leads_to(on: date, stories: tuple[IncidentFacts, ...], facts: CalendarFacts) -> str:
    """Return the page of the only story of a day, or the month of history where there are several."""
    if len(stories) == 1:
        return paths.incident(stories[0].code)
    return paths.history_of_month(on, today=facts.page.day_of(facts.page.seen_at)) if stories else ""


def _name(on: date, state: State | None, stories: tuple[IncidentFacts, ...]) -> str:
    if state is None:
        return ""
    day, count = stamps.day_of_month(on), len(stories)
    word = gettext("an incident") if state.is_good else state_inside(state.value)
    if all(one.is_maintenance for one in stories):
        return gettext("{day}, {state}").format(day=day, state=word)
    pattern = ngettext("{day}, {state}, {count} incident", "{day}, {state}, {count} incidents", count)
    return pattern.format(day=day, state=word, count=count)
