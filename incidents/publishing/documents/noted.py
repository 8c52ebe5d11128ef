"""The answer to "This affects me too" for readers without script."""

from django.utils.translation import gettext, ngettext

from incidents.publishing import paths
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.shapes import PageFacts
from incidents.publishing.wording import in_page_language


@in_page_language
def noted(page: PageFacts, *, words: str, about: str) -> bytes:
    """Return the page that says `words` and leads back; `about` is "component:code" or "incident:code", or ""."""
    kind, _, code = about.partition(":")
    ways = {"component": paths.component, "incident": paths.incident}
    back = ways[kind](code) if kind in ways else paths.index()
    return rendered(
        "noted.html",
        page,
        Head(
            title=gettext("{page} status").format(page=page.name),
            path=paths.index(),
            heading=gettext("{page} status").format(page=page.name),
            description=words,
        ),
        words=words,
        back=back,
    )


def people_affected(page: PageFacts, code: str) -> str:
    """Return "37 people reported this in the last hour." of a component or incident; "" for nobody or where untold."""
    count = dict(page.reported).get(code, 0)
    if not count:
        return ""
    return ngettext(
        "{count} person reported this in the last hour.", "{count} people reported this in the last hour.", count
    ).format(count=f"{count:,}")
