"""The page for an address at which there is nothing."""

from django.utils.translation import gettext

from incidents.publishing import paths
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.sentence import Sentence
from incidents.publishing.shapes import PageFacts
from incidents.publishing.wording import in_page_language


@in_page_language
def missing(page: PageFacts, *, address: str, sentence: Sentence) -> bytes:
    """Return the page that says what the address was and what state things are in."""
    return rendered(
        "missing.html",
        page,
        Head(
            title=gettext("Nothing here · {page} status").format(page=page.name),
            path=paths.index(),
            heading=gettext("{page} status").format(page=page.name),
            description=gettext("There is nothing at this address."),
        ),
        address=address,
        sentence=sentence,
    )
