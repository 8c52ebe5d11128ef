"""Which documents a page has, and which of them a change touches.

A new kind of document is one `Family` in a module of `families/`, listed here; nothing else changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls.resolvers import RoutePattern

from incidents.publishing.families import api, badges, crawling, embed, feeds, live, pages, pictures
from incidents.publishing.family import Family, Subject
from incidents.publishing.readings import Readings
from incidents.publishing.scopes import each_page_of_history
from incidents.publishing.touched import EVERYTHING, Touched

FAMILIES: tuple[Family, ...] = (
    *pages.FAMILIES,
    *live.FAMILIES,
    *feeds.FAMILIES,
    *api.FAMILIES,
    *badges.FAMILIES,
    *embed.FAMILIES,
    *pictures.FAMILIES,
    *crawling.FAMILIES,
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One document to make."""

    family: Family
    subject: Subject

    @property
    def path(self) -> str:
        """The path it is published at."""
        return self.family.path(self.subject)

    def make(self, readings: Readings) -> bytes:
        """Return its bytes. Raises NothingThere where it is not, or no longer, public."""
        return self.family.make(readings, self.subject)


def touched_documents(readings: Readings, touched: Touched) -> Iterator[Recipe]:
    """Yield what to make again, the urgent documents first, and what is about one subject side by side.

    A sweep makes a few at a time and reads what they are about for each few anew.
    """
    recipes = [Recipe(family, tuple(subject)) for family in FAMILIES for subject in family.scope(readings, touched)]
    yield from sorted(recipes, key=lambda one: (not one.family.is_urgent, one.subject))


def all_documents(readings: Readings) -> Iterator[Recipe]:
    """Yield every document of the page, the urgent ones first."""
    return touched_documents(readings, EVERYTHING)


def document_at(path: str) -> Recipe | None:
    """Return what stands, or stood, at a published path; None where no family has such addresses."""
    bare, _, query = path.partition("?")
    for family in FAMILIES:
        match = _pattern(family).match(bare.removeprefix("/"))
        if match is not None:
            _, parts, kwargs = match
            number = query.removeprefix("page=") or "1"
            is_page = family.scope is each_page_of_history
            return Recipe(family, (number,) if is_page else (*parts, *map(str, kwargs.values())))
    return None


@cache
def _pattern(family: Family) -> RoutePattern:
    return RoutePattern(family.route, is_endpoint=True)


def family_named(name: str) -> Family:
    """Return the family of that name. Raises KeyError."""
    return {family.name: family for family in FAMILIES}[name]
