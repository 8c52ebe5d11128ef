"""Making any published document, by the name of its family."""

from datetime import datetime

from incidents.publishing.catalogue import family_named
from incidents.publishing.readings import Readings
from incidents.timeline.models import Page
from tests.build import NOON


def made(page: Page, name: str, *subject: str, at: datetime = NOON) -> bytes:
    """Return the bytes of a document as made at an instant."""
    page.refresh_from_db()
    return family_named(name).make(Readings(page, seen_at=at), subject)
