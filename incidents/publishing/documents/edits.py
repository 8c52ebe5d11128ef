"""The page with every text an update had."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from incidents.publishing import paths, prose
from incidents.publishing.comparison import compared
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.parts import Stamp, stamp_of
from incidents.publishing.shapes import EditsFacts


@dataclass(frozen=True, slots=True)
class Version:
    """A text, until when it stood, and what the one after it changed."""

    html: SafeString
    until: Stamp | None
    changes: SafeString


def edits(facts: EditsFacts) -> bytes:
    """Return the page as HTML, oldest text first."""
    page, incident = facts.page, facts.incident
    changes = [compared(prose.plain(old.html), prose.plain(new.html)) for old, new in pairwise(facts.revisions)]
    versions = [
        Version(
            prose.readable(one.html, under=2),
            stamp_of(one.replaced_at, page) if one.replaced_at else None,
            change,
        )
        for one, change in zip(facts.revisions, [*changes, SafeString("")], strict=True)
    ]
    return rendered(
        "edits.html",
        page,
        Head(
            title=f"Edits: {incident.title} · {page.name} status",
            path=paths.edits(incident.code, facts.update.code),
            heading=f"Edits: {incident.title}",
            description=f"Earlier texts of: {prose.summary(facts.update.html, limit=160)}",
        ),
        incident=incident,
        incident_path=paths.incident(incident.code),
        stamp=stamp_of(facts.update.posted_at, page),
        versions=versions,
    )
