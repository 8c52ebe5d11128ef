"""Maintenance windows for calendars."""

from datetime import datetime

from incidents.publishing.documents.calendar import WINDOWS
from incidents.publishing.facts.incidents import told
from incidents.publishing.facts.page import page_facts
from incidents.publishing.shapes import FeedFacts
from incidents.timeline.models import Incident, Page


def calendar_facts(page: Page, *, seen_at: datetime) -> FeedFacts:
    """Return the maintenances whose windows begin last, also those called off."""
    windows = Incident.objects.on(page).public().maintenances().order_by("-scheduled_for", "-pk")[:WINDOWS]
    return FeedFacts(page=page_facts(page, seen_at=seen_at), incidents=tuple(told(windows, page)))
