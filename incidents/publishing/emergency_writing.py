"""Making an emergency post from words on a command line and the published files alone."""

import re
import secrets
from datetime import datetime
from html import unescape
from pathlib import Path

from incidents.lib.markdown import render_markdown
from incidents.publishing.library import the_library
from incidents.publishing.marks import EmergencyPost
from incidents.publishing.store import Pointer
from incidents.timeline.checks import checked_line, checked_text
from incidents.timeline.models.event import REQUEST_KEY_LIMIT
from incidents.timeline.states import IncidentPhase, MaintenancePhase

AUTHOR_LIMIT = 150
"""Characters an update keeps of its author's name."""

_TITLE = re.compile(rb"<h1[^>]*>(?:<s>)?([^<]+)")


class UnknownPage(Exception):
    """Nothing is published under that name on this machine."""


def emergency_post(
    text: str,
    *,
    incident: str,
    title: str,
    phase: str,
    page: str,
    by: str,
    key: str,
    notify: bool,
    at: datetime,
) -> tuple[Path, EmergencyPost]:
    """Return the folder of the page and the post, checked as the app would. Reads no database.

    Raises UnknownPage, also for an incident that is not published, and EmptyText, TextTooLong, for author and key too.
    """
    pointer = _pointer(page)
    body = checked_text(text, field="text", what="The text")
    author = checked_line(by, field="by", what="The author", limit=AUTHOR_LIMIT)
    wanted_key = checked_line(key, field="key", what="The key", limit=REQUEST_KEY_LIMIT) if key else ""
    heading = _title_of(pointer, incident) if incident else checked_line(title, field="title", what="The title")
    return the_library().folder / pointer.page, EmergencyPost(
        key=wanted_key or f"emergency-{at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
        incident=incident,
        title=heading,
        phase=phase or ("" if incident else IncidentPhase.INVESTIGATING.value),
        label=_label(phase or ("" if incident else IncidentPhase.INVESTIGATING.value)),
        body=body,
        html=render_markdown(body),
        posted_at=at,
        by=author,
        notify=notify,
    )


def _pointer(wanted: str) -> Pointer:
    library = the_library()
    pointers = [library.store_of(code).pointer() for code in library.pages_on_disk()]
    known = [one for one in pointers if one is not None]
    fitting = [one for one in known if (wanted in (one.page, one.host) if wanted else one.is_default)]
    if not fitting:
        raise UnknownPage(f"No page {wanted or 'by default'} is published on this machine ({library.folder}).")
    return fitting[0]


def _title_of(pointer: Pointer, incident: str) -> str:
    document = the_library().store_of(pointer.page).read(f"/incidents/{incident}")
    if document is None or document.is_gone:
        raise UnknownPage(f"No incident {incident} is published.")
    found = _TITLE.search(document.body)
    return unescape(found.group(1).decode()) if found else incident


def _label(phase: str) -> str:
    labels = {str(one): str(one.label) for one in (*IncidentPhase, *MaintenancePhase)}
    return labels.get(phase, phase.replace("_", " ").capitalize() or "Update")
