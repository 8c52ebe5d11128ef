"""The error guide as JSON: for the product's own documentation and for support."""

from collections.abc import Iterable
from typing import Any

from incidents.publishing import paths, prose
from incidents.publishing.documents.guide.pages import entry_at
from incidents.publishing.documents.twins.data import in_short, written
from incidents.publishing.facts.documents import NothingThere
from incidents.publishing.guide_shapes import EntryFacts, GuideFacts, provider_slug
from incidents.publishing.wording import in_page_language

Told = dict[str, Any]


@in_page_language
def index(guide: GuideFacts) -> bytes:
    """Return every entry. Raises NothingThere."""
    return _entries(guide, guide.entries, paths.guide())


@in_page_language
def of_range(guide: GuideFacts, name: str) -> bytes:
    """Return the entries of a range. Raises NothingThere."""
    return _entries(guide, guide.in_range(name), paths.guide_range(name))


@in_page_language
def of_provider(guide: GuideFacts, name: str) -> bytes:
    """Return the entries of a provider. Raises NothingThere."""
    return _entries(guide, guide.of_provider(name), paths.guide_provider(name))


@in_page_language
def entry(guide: GuideFacts, slug: str) -> bytes:
    """Return one entry. Raises Moved, NothingThere."""
    found = entry_at(guide, slug, lambda present: paths.twin(paths.entry(present), "json"))
    return written(guide.page, paths.entry(found.slug), entry=told_entry(found, guide))


def told_entry(entry: EntryFacts, guide: GuideFacts) -> Told:
    """Return an entry as JSON has it."""
    address = guide.page.address
    return {
        "slug": entry.slug,
        "url": f"{address}{paths.entry(entry.slug)}",
        "anchor": f"{address}{paths.guide_range(entry.range)}#{entry.slug}",
        "type": entry.problem_type or f"{address}{paths.entry(entry.slug)}",
        "code": entry.code,
        "title": entry.title,
        "sentence": entry.sentence or None,
        "messages": list(entry.messages),
        "providers": list(entry.providers),
        "cause": prose.plain(entry.cause_html),
        "cause_html": entry.cause_html,
        "solution": prose.plain(entry.solution_html),
        "solution_html": entry.solution_html,
        "retry": entry.retry or None,
        "retry_after_seconds": entry.retry_after * 60 if entry.retry_after else None,
        "components": [{"code": code, "name": name} for code, name in entry.components],
        "related": list(entry.related),
        "reviewed_on": entry.reviewed_on.isoformat() if entry.reviewed_on else None,
        "former_slugs": list(entry.former),
        "open_incidents": _incidents(entry.live, guide),
        "past_incidents": _incidents(entry.past, guide),
    }


def _incidents(codes: Iterable[str], guide: GuideFacts) -> list[Told]:
    found = (guide.incident(code) for code in codes)
    return [in_short(one, guide.page) for one in found if one]


def _entries(guide: GuideFacts, entries: tuple[EntryFacts, ...], path: str) -> bytes:
    if not entries:
        raise NothingThere(path)
    providers = [
        {"name": name, "url": f"{guide.page.address}{paths.guide_provider(provider_slug(name))}"}
        for name in guide.providers
    ]
    return written(guide.page, path, providers=providers, entries=[told_entry(one, guide) for one in entries])
