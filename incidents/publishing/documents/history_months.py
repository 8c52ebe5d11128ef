"""`/history.json`: history as the script of a Statuspage page, and importers after it, read it."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from incidents.lib import stamps
from incidents.publishing import prose
from incidents.publishing.documents import api, cards, var_stamps
from incidents.publishing.months import earlier
from incidents.publishing.records import NowRecords
from incidents.publishing.shapes import FeedFacts, HistoryFacts, IncidentFacts, MonthFacts, PageFacts
from incidents.timeline.uptime import start_of_day


def history_months(facts: HistoryFacts, now: NowRecords) -> bytes:
    """Return one page of history, three months, newest first."""
    zone = facts.page.zone
    newest, oldest = facts.months[0].first, facts.months[-1].first
    return api.compact(
        {
            "page_status": _page_status(facts, now),
            "components": [{"id": one.code, "name": one.name} for one in now.components],
            "months": [_month(one, facts.page) for one in facts.months],
            "show_component_filter": False,
            "show_uptime_calendar": any(one.showcase for one in now.components),
            "component_filter": None,
            "start_time": _second(start_of_day(oldest, zone), facts.page),
            "end_time": _second(start_of_day(earlier(newest, -1), zone) - timedelta(seconds=1), facts.page),
        }
    )


def found(facts: FeedFacts) -> bytes:
    """Return incidents somebody looked for, in the form incidents have in `history_months`."""
    return api.compact({"incidents": [_incident(one, facts.page) for one in facts.incidents]})


def _page_status(facts: HistoryFacts, now: NowRecords) -> dict[str, Any]:
    """Return the page and its state; older pages of history, which stay as they are, say nothing of the present."""
    page = api.page_of(now.page)
    if facts.number == 1:
        return {"page": page, "status": api.status_of(now)}
    return {"page": {name: value for name, value in page.items() if name != "updated_at"}}


def _month(month: MonthFacts, page: PageFacts) -> dict[str, Any]:
    weekday, length = monthrange(month.first.year, month.first.month)
    return {
        "name": stamps.MONTHS[month.first.month - 1],
        "year": month.first.year,
        # Python's week begins on Monday, the calendar drawn from this one on Sunday.
        "starts_on": (weekday + 1) % 7,
        "days": length,
        "incidents": [_incident(one, page) for one in month.incidents],
    }


def _incident(one: IncidentFacts, page: PageFacts) -> dict[str, str]:
    return {
        "code": one.code,
        "name": one.title,
        "message": prose.plain(cards.latest_html(one)),
        "impact": one.impact,
        "timestamp": var_stamps.span(*cards.period(one), page.zone),
    }


def _second(at: datetime, page: PageFacts) -> str:
    written = at.astimezone(page.zone).isoformat(timespec="seconds")
    return f"{written.removesuffix('+00:00')}Z" if page.zone.key in api.UTC_NAMES else written
