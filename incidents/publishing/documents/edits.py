"""The page with every text an update had."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from incidents.publishing import paths, prose
from incidents.publishing.comparison import compared
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.parts import Stamp, stamp_of
from incidents.publishing.shapes import EditsFacts
from incidents.publishing.wording import in_page_language


@dataclass(frozen=True, slots=True)
class Version:
    """A text, until when it stood, and what the one after it changed."""

    html: SafeString
    html_in: str
    """Its language where it is not that of the document."""
    until: Stamp | None
    changes: SafeString


@in_page_language
def edits(facts: EditsFacts) -> bytes:
    """Return the page as HTML, oldest text first."""
    page, incident = facts.page, facts.incident
    changes = [compared(prose.plain(old.html), prose.plain(new.html)) for old, new in pairwise(facts.revisions)]
    versions = [
        Version(
            prose.readable(one.html, under=2),
            one.html_in,
            stamp_of(one.replaced_at, page) if one.replaced_at else None,
            change,
        )
        for one, change in zip(facts.revisions, [*changes, SafeString("")], strict=True)
    ]
    return rendered(
        "edits.html",
        page,
        Head(
            title=gettext("Edits: {title} · {page} status").format(title=incident.title, page=page.name),
            path=paths.edits(incident.code, facts.update.code),
            heading=gettext("Edits: {title}").format(title=incident.title),
            description=gettext("Earlier texts of: {text}").format(text=prose.summary(facts.update.html, limit=160)),
            has_twins=True,
        ),
        incident=incident,
        incident_path=paths.incident(incident.code),
        stamp=stamp_of(facts.update.posted_at, page),
        versions=versions,
    )
