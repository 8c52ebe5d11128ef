"""What every page has: name, language, head, foot."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from incidents.lib import stamps
from incidents.lib.languages import OFFERED
from incidents.lib.prefixes import parted, placed, prefix_of
from incidents.publishing import paths
from incidents.publishing.documents.pictures import picture_of_nothing
from incidents.publishing.shapes import PageFacts
from incidents.timeline.states import ComponentStatus


@dataclass(frozen=True, slots=True)
class Edition:
    """The same page in one of its languages."""

    language: str
    name: str
    """What the language calls itself."""
    path: str
    is_this: bool


_AT_EASE = frozenset({"status", ComponentStatus.OPERATIONAL.value})
"""Icons that tell of no trouble, in whose place a page may show its own."""

_TWINS = (("md", "text/markdown"), ("json", "application/json"))


@dataclass(frozen=True, slots=True)
class Head:
    """What tabs, search and previews show; `path` is the address without scheme and host."""

    title: str
    path: str
    heading: str
    description: str
    favicon: str = "status"
    current: str = ""
    picture: str = ""
    """Path of the preview's picture; empty for the one that speaks of no state."""
    live: str = ""
    """Path of the live part an open page polls; empty for a page that stays as it is."""
    has_twins: bool = False
    """Whether the page is told as Markdown and as JSON too."""


def rendered(template: str, page: PageFacts, head: Head, *, is_fragment: bool = False, **context: Any) -> bytes:
    """Return the page made from `templates/public/<template>` with the frame around it.

    A fragment has no frame: it is what a page already open replaces its main part by.
    """
    moment = int(page.seen_at.timestamp())
    frame = {
        "page": page,
        "editions": editions(page, head.path),
        "zone_name": stamps.abbreviation(page.seen_at, page.zone),
        "head": head,
        "twins": [(kind, paths.twin(head.path, name)) for name, kind in _TWINS] if head.has_twins else [],
        "frame": "public/live.html" if is_fragment else "public/document.html",
        "preview": head.picture or paths.picture(picture_of_nothing(page).digest),
        "current": head.current,
        "favicon_file": f"icons/{head.favicon}.svg",
        "own_icon": page.look.icon.path if page.look.icon and head.favicon in _AT_EASE else "",
        "favicon_small": f"icons/{head.favicon}.png",
        "issued": moment - moment % 60,
    }
    return render_to_string(f"public/{template}", frame | context).encode()


def editions(page: PageFacts, path: str) -> list[Edition]:
    """Return the page at `path` in each of its languages, the main one first; none where there is only one."""
    if not page.further_languages:
        return []
    bare = parted(path)[1] if page.prefix else path
    return [
        Edition(tag, OFFERED[tag], placed(bare, prefix_of(tag) if number else ""), is_this=tag == page.language)
        for number, tag in enumerate(page.languages)
    ]
