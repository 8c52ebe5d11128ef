"""Which documents a page has, and which of them a change touches.

A new kind of document is one `Family` in a module of `families/`, listed here; nothing else changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls.resolvers import RoutePattern

from incidents.lib.prefixes import parted, placed, prefix_of
from incidents.publishing.families import (
    api,
    badges,
    brand,
    crawling,
    embed,
    feeds,
    guide,
    live,
    pages,
    pictures,
    twins,
)
from incidents.publishing.family import Family, Subject
from incidents.publishing.headers import NOT_FOR_SEARCH, Headers
from incidents.publishing.readings import Readings
from incidents.publishing.scopes import each_page_of_history
from incidents.publishing.touched import Touched

FAMILIES: tuple[Family, ...] = (
    *pages.FAMILIES,
    *guide.FAMILIES,
    *live.FAMILIES,
    *twins.FAMILIES,
    *feeds.FAMILIES,
    *api.FAMILIES,
    *badges.FAMILIES,
    *embed.FAMILIES,
    *pictures.FAMILIES,
    *brand.FAMILIES,
    *crawling.FAMILIES,
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One document to make."""

    family: Family
    subject: Subject
    language: str = ""
    """One of the page's further languages; "" is the main one."""

    @property
    def path(self) -> str:
        """The path it is published at."""
        return placed(self.family.path(self.subject), prefix_of(self.language))

    @property
    def is_urgent(self) -> bool:
        """Whether readers must see a change at once: further languages follow."""
        return self.family.is_urgent and not self.language

    def headers(self, readings: Readings) -> Headers:
        """Return what it is sent with beyond the usual headers."""
        return (*self.family.headers, NOT_FOR_SEARCH) if readings.row.is_unlisted else self.family.headers

    def make(self, readings: Readings) -> bytes:
        """Return its bytes. Raises NothingThere where it is not, or no longer, public."""
        return self.family.make(readings.spoken(self.language), self.subject)


def touched_documents(readings: Readings, touched: Touched) -> Iterator[Recipe]:
    """Yield what to make again, the urgent documents first, and what is about one subject side by side.

    Further languages come after all of the main one.

    A sweep makes a few at a time and reads what they are about for each few anew.
    """
    recipes = [one for language in ("", *readings.row.further_languages) for one in _in(language, readings, touched)]
    yield from sorted(recipes, key=lambda one: (bool(one.language), not one.is_urgent, one.subject, one.language))


def _in(language: str, readings: Readings, touched: Touched) -> Iterator[Recipe]:
    told = readings.spoken(language)
    for family in FAMILIES:
        if family.is_spoken or not language:
            yield from (Recipe(family, tuple(subject), language) for subject in family.scope(told, touched))


def document_at(path: str) -> Recipe | None:
    """Return what stands, or stood, at a published path; None where no family has such addresses."""
    language, plain = parted(path)
    bare, _, query = plain.partition("?")
    for family in FAMILIES:
        match = _pattern(family).match(bare.removeprefix("/"))
        if match is not None:
            _, parts, kwargs = match
            number = query.removeprefix("page=") or "1"
            is_page = family.scope is each_page_of_history
            return Recipe(family, (number,) if is_page else (*parts, *map(str, kwargs.values())), language)
    return None


@cache
def _pattern(family: Family) -> RoutePattern:
    return RoutePattern(family.route, is_endpoint=True)
