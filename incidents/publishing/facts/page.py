"""The page itself."""

from datetime import datetime
from urllib.parse import urlsplit

from incidents.lib.site import page_address
from incidents.publishing.shapes import PageFacts
from incidents.timeline.models import Page


def page_facts(page: Page, *, seen_at: datetime, told_since: datetime | None = None) -> PageFacts:
    """Return what every document says about `page`, read at `seen_at`.

    `told_since` is when its oldest incident began: a page moved here tells of a time before it
    was made here.
    """
    address = page_address(page.host)
    return PageFacts(
        name=page.name,
        address=address,
        host=urlsplit(address).hostname or "localhost",
        zone=page.zone,
        language=page.language,
        live_since=min(page.created_at, told_since or page.created_at),
        changed_at=page.updated_at,
        seen_at=seen_at,
        product_url=page.product_url,
        postmortem_due_days=page.postmortem_due_days,
    )
