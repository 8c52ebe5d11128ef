"""What a search engine may be told of."""

from datetime import datetime

from incidents.guide.models import Entry
from incidents.publishing.shapes import PageFacts, SitemapFacts
from incidents.timeline.models import Component, Incident, Page

INCIDENTS = 500
"""Newest incidents in a sitemap; crawlers find the older ones through the pages of history."""


def sitemap_facts(row: Page, page: PageFacts, *, pages_of_history: int) -> SitemapFacts:
    """Return the public addresses of `row`, in two queries."""
    newest = Incident.objects.on(row).public().order_by("-created_at", "-pk")[:INCIDENTS]
    components = list(Component.objects.on(row).public().values_list("code", "group__code"))
    return SitemapFacts(
        page=page,
        components=tuple(code for code, _ in components),
        groups=tuple(dict.fromkeys(group for _, group in components if group)),
        incidents=tuple(newest.values_list("code", "updated_at")),
        pages_of_history=pages_of_history,
        errors=_errors(row),
    )


def _errors(row: Page) -> tuple[tuple[str, datetime], ...]:
    published = Entry.objects.on(row).published().order_by("error_code", "pk")
    return tuple(published.values_list("slug", "updated_at"))
