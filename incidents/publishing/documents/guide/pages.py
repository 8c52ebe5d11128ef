"""The pages of the error guide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from incidents.guide.contents import OTHER
from incidents.publishing import paths
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.guide.entries import Way, shown
from incidents.publishing.documents.guide.filtering import Filtering, filtering_of
from incidents.publishing.documents.guide.live import live_of
from incidents.publishing.facts.documents import Moved, NothingThere
from incidents.publishing.guide_shapes import EntryFacts, GuideFacts, provider_slug
from incidents.publishing.prose import plain
from incidents.publishing.wording import in_page_language


@dataclass(frozen=True, slots=True)
class Listed:
    """An error in the index."""

    path: str
    code: str
    title: str
    providers: tuple[str, ...]
    is_live: bool


@dataclass(frozen=True, slots=True)
class Range:
    """Errors by their codes."""

    name: str
    heading: str
    path: str
    meaning: str
    count: str
    entries: tuple[Listed, ...]


@in_page_language
def index(guide: GuideFacts, *, is_fragment: bool = False) -> bytes:
    """Return the first page of the guide, or its live part. Raises NothingThere where nothing is published."""
    page, entries = guide.page, _some(guide.entries)
    heading = gettext("{page} error guide").format(page=page.name)
    live = dict.fromkeys(code for one in entries for code in one.live)
    return rendered(
        "guide/index.html",
        page,
        Head(
            title=gettext("Error guide · {page} status").format(page=page.name),
            path=paths.guide(),
            heading=heading,
            description=gettext("What the errors of {page} mean, and what to do.").format(page=page.name),
            current="guide",
            live=paths.live_guide(paths.guide()),
            has_twins=True,
        ),
        is_fragment=is_fragment,
        said_in=_said_in(guide),
        live=[live_of(guide, code) for code in live],
        ranges=[_range(name, guide) for name in guide.ranges],
        providers=[
            (Way(name, paths.guide_provider(provider_slug(name))), counted(guide.of_provider(provider_slug(name))))
            for name in guide.providers
        ],
    )


@in_page_language
def of_range(guide: GuideFacts, name: str, *, is_fragment: bool = False) -> bytes:
    """Return every error of a range, or the live part of that. Raises NothingThere."""
    entries = _some(guide.in_range(name))
    return _list(
        guide,
        entries,
        heading=heading_of_range(name),
        lead=meaning_of_range(name),
        path=paths.guide_range(name),
        filtering=filtering_of(guide, entries, range_name=name),
        is_fragment=is_fragment,
    )


@in_page_language
def of_provider(guide: GuideFacts, name: str, *, is_fragment: bool = False) -> bytes:
    """Return every error of a provider, by its name in addresses, or the live part of that. Raises NothingThere."""
    entries = _some(guide.of_provider(name))
    return _list(
        guide,
        entries,
        heading=heading_of_provider(guide, name),
        lead="",
        path=paths.guide_provider(name),
        filtering=None,
        is_fragment=is_fragment,
    )


@in_page_language
def entry(guide: GuideFacts, slug: str, *, is_fragment: bool = False) -> bytes:
    """Return one error, or its live part. Raises Moved for an address it once had, NothingThere."""
    found = entry_at(guide, slug, _live_entry if is_fragment else paths.entry)
    page = guide.page
    title = gettext("{code} {title}: cause and solution · {page} status")
    return rendered(
        "guide/entry.html",
        page,
        Head(
            title=title.format(code=found.code, title=found.title, page=page.name),
            path=paths.entry(found.slug),
            heading=found.name,
            description=found.sentence or plain(found.cause_html)[:180],
            current="guide",
            live=_live_entry(found.slug),
            has_twins=True,
        ),
        is_fragment=is_fragment,
        entry=shown(found, guide, under=2),
        back=Way(heading_of_range(found.range), f"{paths.guide_range(found.range)}#{found.slug}"),
    )


def results(guide: GuideFacts, entries: Sequence[EntryFacts], filtering: Filtering) -> bytes:
    """Return the errors that are looked for, with the form again."""
    page = guide.page
    heading = heading_of_range(filtering.range) if filtering.range else gettext("Error guide")
    return _listed(
        guide,
        entries,
        Head(
            title=gettext("Error guide · {page} status").format(page=page.name),
            path=paths.guide_search(),
            heading=heading,
            description=gettext("What the errors of {page} mean, and what to do.").format(page=page.name),
            current="guide",
        ),
        lead="",
        filtering=filtering,
        is_search=True,
    )


def _live_entry(slug: str) -> str:
    return paths.live_guide(paths.entry(slug))


def entry_at(guide: GuideFacts, slug: str, address: Any) -> EntryFacts:
    """Return the entry at a slug. Raises Moved with its address for a former one, NothingThere."""
    found = guide.entry(slug)
    if found is None:
        former = next((one for one in guide.entries if slug in one.former), None)
        if former is None:
            raise NothingThere(slug)
        raise Moved(address(former.slug))
    return found


def heading_of_range(name: str) -> str:
    """Return "400-499 Responses"."""
    if name == OTHER:
        return gettext("Other errors")
    return gettext("{range} Responses").format(range=name)


def heading_of_provider(guide: GuideFacts, name: str) -> str:
    """Return "Errors with Gmail"."""
    called = next(one for one in guide.providers if provider_slug(one) == name)
    return gettext("Errors with {provider}").format(provider=called)


def meaning_of_range(name: str) -> str:
    """Return what the codes of a range have in common (RFC 9110, section 15)."""
    meanings = {
        "4": gettext("The request cannot be done as it was sent."),
        "5": gettext("The request may be right, and could not be done."),
    }
    return meanings.get(name[0], "")


def counted(entries: Sequence[EntryFacts]) -> str:
    """Return "16 errors"."""
    return ngettext("{count} error", "{count} errors", len(entries)).format(count=len(entries))


def _list(
    guide: GuideFacts,
    entries: Sequence[EntryFacts],
    *,
    heading: str,
    lead: str,
    path: str,
    filtering: Filtering | None,
    is_fragment: bool,
) -> bytes:
    head = Head(
        title=gettext("{heading} · {page} status").format(heading=heading, page=guide.page.name),
        path=path,
        heading=heading,
        description=f"{lead} {counted(entries)}".strip(),
        current="guide",
        live=paths.live_guide(path),
        has_twins=True,
    )
    return _listed(guide, entries, head, lead=lead, filtering=filtering, is_fragment=is_fragment)


def _listed(
    guide: GuideFacts,
    entries: Sequence[EntryFacts],
    head: Head,
    *,
    lead: str,
    filtering: Filtering | None,
    is_search: bool = False,
    is_fragment: bool = False,
) -> bytes:
    return rendered(
        "guide/list.html",
        guide.page,
        head,
        is_fragment=is_fragment,
        said_in=_said_in(guide),
        lead=lead,
        count=counted(entries),
        entries=[shown(one, guide) for one in entries],
        filtering=filtering,
        is_search=is_search,
    )


def _range(name: str, guide: GuideFacts) -> Range:
    entries = guide.in_range(name)
    return Range(
        name=name,
        heading=heading_of_range(name),
        path=paths.guide_range(name),
        meaning=meaning_of_range(name),
        count=counted(entries),
        entries=tuple(
            Listed(paths.entry(one.slug), one.code, one.title, one.providers, bool(one.live)) for one in entries
        ),
    )


def _said_in(guide: GuideFacts) -> str:
    return guide.page.main_language if guide.page.prefix else ""


def _some(entries: Sequence[EntryFacts]) -> Sequence[EntryFacts]:
    if not entries:
        raise NothingThere("guide")
    return entries
