"""Making any published document, by the name of its family."""

from collections.abc import Iterator
from datetime import datetime

from incidents.publishing.catalogue import FAMILIES, Recipe, touched_documents
from incidents.publishing.family import Family
from incidents.publishing.readings import Readings
from incidents.publishing.touched import EVERYTHING
from incidents.timeline.models import Page
from tests.build import NOON


def family_named(name: str) -> Family:
    """Return the family of that name."""
    return next(family for family in FAMILIES if family.name == name)


def all_documents(readings: Readings) -> Iterator[Recipe]:
    """Yield every document of the page, the urgent ones first."""
    return touched_documents(readings, EVERYTHING)


def made(page: Page, name: str, *subject: str, at: datetime = NOON) -> bytes:
    """Return the bytes of a document as made at an instant."""
    page.refresh_from_db()
    return family_named(name).make(Readings(page, seen_at=at), subject)
