"""The days of one component for those who look closer: what the slider of a trace shows and says."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from incidents.lib import durations, stamps
from incidents.lib.figures import percent
from incidents.publishing import paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.parts import dated_words, state_of
from incidents.publishing.shapes import ComponentPageFacts, IncidentFacts, PageFacts
from incidents.publishing.trace import bar_of
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import SEVERITY
from incidents.timeline.uptime import SHORTEST_SHOWN, Day, percentage, uptime

INCIDENTS_NAMED = 3


@in_page_language
def inspection(facts: ComponentPageFacts) -> bytes:
    """Return the days of the trace as JSON, oldest first.

    A day has its `date`, the `text` a screen reader speaks, the `heading` and `lines` of the panel,
    and where anything happened the incidents (three at most, `more` counts the rest) and the address
    of the history of that month.
    """
    page, stories = facts.page, [*facts.open, *facts.past]
    days = [_told(day, _during(stories, day.date, page), page) for day in facts.meter.component.days]
    return json.dumps({"component": facts.meter.component.code, "days": days}, ensure_ascii=False).encode()


def _told(day: Day, stories: Sequence[IncidentFacts], page: PageFacts) -> dict[str, Any]:
    heading = stamps.weekday(day.date)
    told: dict[str, Any] = {
        "date": day.date.isoformat(),
        "text": dated_words(day, incidents=len(stories)),
        "heading": heading,
        "lines": _lines(day),
    }
    if stories or _is_eventful(day):
        named = stories[:INCIDENTS_NAMED]
        told |= {
            "eventful": True,
            "incidents": [{"title": one.title, "path": paths.incident(one.code)} for one in named],
            "more": len(stories) - len(named),
            "history": paths.history_of_month(day.date, today=page.day_of(page.seen_at)),
        }
    return told


def _lines(day: Day) -> list[str]:
    """Return each state that lasted a minute with how long it did, worst first, then the day's uptime."""
    share = uptime([day])
    if share is None:
        return [gettext("No data")]
    states = [one for one in day.seconds if SEVERITY[one] and day.seconds[one] >= SHORTEST_SHOWN]
    states.sort(key=SEVERITY.__getitem__, reverse=True)
    if not states:
        return [gettext("No incidents recorded")]
    lasted = [_lasted(one, day.seconds[one]) for one in states]
    return [*lasted, gettext("{percent} uptime on this day").format(percent=percent(percentage(share)))]


def _lasted(state: str, seconds: int) -> str:
    duration = durations.in_words(timedelta(seconds=seconds))
    return gettext("{state}, {duration}").format(state=state_of(state).label, duration=duration)


def _is_eventful(day: Day) -> bool:
    return SEVERITY.get(bar_of(day).state, 0) > 0


def _during(stories: Sequence[IncidentFacts], on: date, page: PageFacts) -> list[IncidentFacts]:
    return [one for one in stories if _covers(*cards.extent(one), on, page)]


def _covers(start: datetime, end: datetime | None, on: date, page: PageFacts) -> bool:
    last = (end or page.seen_at).astimezone(page.zone).date()
    return start.astimezone(page.zone).date() <= on <= last
