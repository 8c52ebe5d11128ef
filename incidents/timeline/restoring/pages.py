"""Restoring a page."""

from datetime import datetime

from incidents.timeline.models import Actor, Page
from incidents.timeline.restoring.doors import checked_page
from incidents.timeline.restoring.records import Outcome, RestoredPage


def restore_page(record: RestoredPage, *, by: Actor, at: datetime, host: str = "") -> tuple[Page, Outcome]:
    """Return the page with the record's code, made where it is missing.

    A page that is there is staff's: its name and zone stay. Raises EmptyText, TextTooLong,
    UnknownTimeZone, UnusableCode, DuplicateName and UnusableAddress (host).
    """
    record = checked_page(record)
    page = Page.objects.filter(code=record.code).first()
    if page is not None:
        return page, Outcome.UNCHANGED
    made = Page.create(name=record.name, time_zone=record.time_zone, code=record.code, host=host, by=by, at=at)
    return made, Outcome.NEW
