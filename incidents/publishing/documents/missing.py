"""The page for an address at which there is nothing."""

from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.sentence import Sentence
from incidents.publishing.shapes import PageFacts


def missing(page: PageFacts, *, address: str, sentence: Sentence) -> bytes:
    """Return the page that says what the address was and what state things are in."""
    return rendered(
        "missing.html",
        page,
        Head(
            title=f"Nothing here · {page.name} status",
            path="/",
            heading=f"{page.name} status",
            description="There is nothing at this address.",
        ),
        address=address,
        sentence=sentence,
    )
