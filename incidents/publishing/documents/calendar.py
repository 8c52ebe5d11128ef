"""`/history.ics`: maintenance windows as a calendar to subscribe to (RFC 5545 and 7986).

A window keeps its UID whatever happens to it; SEQUENCE tells calendars that it moved or was
called off. All times are in UTC, so that no time zone has to be described.
"""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext
from icalendar import Calendar, Event, vDuration

from incidents.publishing import affected_line, paths, prose
from incidents.publishing.documents import cards
from incidents.publishing.shapes import FeedFacts, IncidentFacts, PageFacts
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import MaintenancePhase

WINDOWS = 100
"""Windows in the calendar, those that begin last; older ones are in history."""

_REFRESH = timedelta(hours=1)


@in_page_language
def calendar(facts: FeedFacts) -> bytes:
    """Return the windows of `facts.incidents`, which are maintenances, as iCalendar."""
    page = facts.page
    written = Calendar()
    written.add("version", "2.0")
    written.add("prodid", "-//Statuspage//Maintenance//EN")
    written.add("calscale", "GREGORIAN")
    written.add("method", "PUBLISH")
    name = gettext("{page} maintenance").format(page=page.name)
    written.add("name", name)
    written.add("x-wr-calname", name)
    written.add("url", f"{page.address}{page.prefix}")
    written.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    written.add("x-published-ttl", "PT1H")
    for window in facts.incidents:
        written.add_component(_event(window, page))
    return bytes(written.to_ical())


def _event(window: IncidentFacts, page: PageFacts) -> Event:
    is_cancelled = window.phase.canonical == MaintenancePhase.CANCELLED
    start, end = cards.period(window)
    event = Event()
    # Not the host: a page that moves to another one must not double the calendars of its readers.
    event.add("uid", f"{window.code}@maintenance")
    event.add("dtstamp", _utc(window.updated_at))
    event.add("last-modified", _utc(window.updated_at))
    event.add("dtstart", _utc(start))
    event.add("dtend", _utc(end or start))
    event.add("sequence", len(window.moves) + is_cancelled)
    event.add("summary", f"{page.name}: {window.title}")
    event.add("description", _description(window, page))
    event.add("url", _address(window, page))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["Maintenance"])
    return event


def _description(window: IncidentFacts, page: PageFacts) -> str:
    said = prose.plain(cards.latest_html(window))
    affected = affected_line.affected_sentence(window.affected, maintenance=True)
    standing = gettext("{phase}.").format(phase=cards.phase_of(window.phase).label)
    return "\n\n".join(part for part in (standing, said, affected, _address(window, page)) if part)


def _address(window: IncidentFacts, page: PageFacts) -> str:
    return f"{page.address}{paths.incident(window.code)}"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
