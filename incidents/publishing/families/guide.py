"""The error guide: its first page, its lists, and each error; as pages with live parts, as Markdown and as JSON."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from incidents.publishing import paths, ranges  # noqa: F401 - registers the converter of the routes
from incidents.publishing.documents.guide import pages
from incidents.publishing.documents.twins import guide_data, guide_text
from incidents.publishing.families.api import FROM_ANYWHERE, JSON
from incidents.publishing.families.live import ASKED_AGAIN
from incidents.publishing.families.pages import IN_ANY_FORM
from incidents.publishing.families.twins import MARKDOWN
from incidents.publishing.family import Family, Scope, Subject
from incidents.publishing.readings import Readings
from incidents.publishing.scopes import each_entry, each_guide_provider, each_guide_range, guide_page

_page = partial(Family, headers=IN_ANY_FORM, follows_clock=True, is_urgent=False, is_spoken=True)
_live = partial(Family, headers=ASKED_AGAIN, follows_clock=True, is_urgent=False, is_spoken=True)
_markdown = partial(Family, content_type=MARKDOWN, is_urgent=False, is_spoken=True)
_json = partial(Family, content_type=JSON, headers=FROM_ANYWHERE, is_urgent=False)

_Maker = Callable[..., bytes]


def _made(make: _Maker) -> Callable[[Readings, Subject], bytes]:
    return lambda readings, subject: make(readings.guide, *subject)


def _four(name: str, route: str, scope: Scope, address: Callable[..., str] | None, made: dict[str, _Maker]) -> Any:
    """Yield the forms of one kind of page, and what a page of it that is open asks for."""
    yield _page(name=name, route=route, scope=scope, address=address, make=_made(made["page"]))
    yield _live(
        name=f"live_{name}",
        route=f"live/{route}",
        scope=scope,
        address=_below_live(address) if address else None,
        make=_made(partial(made["page"], is_fragment=True)),
    )
    for form, family in (("markdown", _markdown), ("json", _json)):
        yield family(
            name=f"{name}_{form}",
            route=f"{route}.{_SUFFIXES[form]}",
            scope=scope,
            address=_twin(address, _SUFFIXES[form]) if address else None,
            make=_made(made[form]),
        )


def _twin(address: Callable[..., str], suffix: str) -> Callable[..., str]:
    return lambda *subject: paths.twin(address(*subject), suffix)


def _below_live(address: Callable[..., str]) -> Callable[..., str]:
    return lambda *subject: paths.live_guide(address(*subject))


_SUFFIXES = {"markdown": "md", "json": "json"}


def _families() -> Iterator[Family]:
    yield from _four(
        "guide",
        "errors",
        guide_page,
        None,
        {"page": pages.index, "markdown": guide_text.index, "json": guide_data.index},
    )
    yield from _four(
        "guide_range",
        "errors/<codes:name>",
        each_guide_range,
        lambda name: f"/errors/{name}",
        {"page": pages.of_range, "markdown": guide_text.of_range, "json": guide_data.of_range},
    )
    yield from _four(
        "guide_provider",
        "errors/providers/<slug:name>",
        each_guide_provider,
        lambda name: f"/errors/providers/{name}",
        {"page": pages.of_provider, "markdown": guide_text.of_provider, "json": guide_data.of_provider},
    )
    yield from _four(
        "guide_entry",
        "errors/<slug:slug>",
        each_entry,
        lambda slug: f"/errors/{slug}",
        {"page": pages.entry, "markdown": guide_text.entry, "json": guide_data.entry},
    )


FAMILIES = tuple(_families())
