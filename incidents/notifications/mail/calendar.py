"""The window of a maintenance as a calendar entry (RFC 5545), attached where it is announced, moved or called off."""

from datetime import UTC, datetime

from icalendar import Calendar, Event

from incidents.lib.site import page_address
from incidents.notifications.models import MailKind
from incidents.timeline.models import Incident

CARRIES_A_WINDOW = {MailKind.MAINTENANCE_PLANNED, MailKind.MAINTENANCE_MOVED, MailKind.MAINTENANCE_CANCELLED}
FILE_NAME = "maintenance.ics"


def window_entry(kind: MailKind, incident: Incident, *, at: datetime) -> str:
    """Return the calendar file for a mail of `kind`, "" where it has none.

    Name and number of the entry are those of the page's own calendar, so that whoever follows
    both has it once.
    """
    starts_at, ends_at = incident.scheduled_for, incident.scheduled_until
    if kind not in CARRIES_A_WINDOW or starts_at is None or ends_at is None:
        return ""
    is_cancelled = kind == MailKind.MAINTENANCE_CANCELLED
    entry = Event()
    entry.add("uid", f"{incident.code}@maintenance")
    entry.add("dtstamp", _utc(at))
    entry.add("dtstart", _utc(starts_at))
    entry.add("dtend", _utc(ends_at))
    entry.add("sequence", incident.window_moves.count() + is_cancelled)
    entry.add("summary", f"{incident.page.name}: {incident.title}")
    entry.add("url", f"{page_address(incident.page.host)}/incidents/{incident.code}")
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Statuspage//Maintenance//EN")
    # PUBLISH, not REQUEST: nobody is asked for an answer (RFC 5546, section 3.2.1).
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content.decode()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
