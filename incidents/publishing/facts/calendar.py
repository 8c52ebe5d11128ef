"""Maintenance windows for calendars."""

from datetime import datetime

from incidents.publishing.documents.calendar import WINDOWS
from incidents.publishing.facts.incidents import told
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.rows import Rows
from incidents.publishing.shapes import FeedFacts


def calendar_facts(rows: Rows, *, seen_at: datetime) -> FeedFacts:
    """Return the maintenances whose windows begin last, also those called off."""
    windows = rows.public.maintenances().order_by("-scheduled_for", "-pk")[:WINDOWS]
    return FeedFacts(page=page_facts(rows.page, seen_at=seen_at), incidents=tuple(told(windows, rows)))
