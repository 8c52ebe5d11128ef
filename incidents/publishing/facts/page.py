"""The page itself."""

from datetime import datetime
from urllib.parse import urlsplit

from incidents.guide.models import Entry
from incidents.lib.site import page_address
from incidents.publishing.shapes import PageFacts
from incidents.readers.counting import voices_by_code
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
        main_language=page.language,
        further_languages=tuple(page.further_languages),
        live_since=min(page.created_at, told_since or page.created_at),
        changed_at=page.updated_at,
        seen_at=seen_at,
        product_url=page.product_url,
        postmortem_due_days=page.postmortem_due_days,
        takes_reports=page.takes_reports,
        reported=_reported(page, seen_at=seen_at),
        look=page.look,
        has_guide=Entry.objects.on(page).published().exists(),
        is_unlisted=page.is_unlisted or page.is_private,
        publishes_scorecard=page.publishes_scorecard,
    )


def _reported(page: Page, *, seen_at: datetime) -> tuple[tuple[str, int], ...]:
    """Return the numbers readers are told: none unless staff both ask and publish."""
    is_told = page.takes_reports and page.publishes_reports
    return tuple(sorted(voices_by_code(page, at=seen_at).items())) if is_told else ()
