"""What every page has: name, language, head, foot."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from incidents.lib import stamps
from incidents.publishing import paths
from incidents.publishing.documents.pictures import picture_of_nothing
from incidents.publishing.shapes import PageFacts


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


def rendered(template: str, page: PageFacts, head: Head, *, is_fragment: bool = False, **context: Any) -> bytes:
    """Return the page made from `templates/public/<template>` with the frame around it.

    A fragment has no frame: it is what a page already open replaces its main part by.
    """
    moment = int(page.seen_at.timestamp())
    frame = {
        "page": page,
        "zone_name": stamps.abbreviation(page.seen_at, page.zone),
        "head": head,
        "frame": "public/live.html" if is_fragment else "public/document.html",
        "preview": head.picture or paths.picture(picture_of_nothing(page).digest),
        "current": head.current,
        "favicon_file": f"icons/{head.favicon}.svg",
        "issued": moment - moment % 60,
    }
    return render_to_string(f"public/{template}", frame | context).encode()
