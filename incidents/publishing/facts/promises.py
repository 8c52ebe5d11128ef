"""Every public promise of a page."""

from datetime import datetime

from incidents.publishing.facts.page import page_facts
from incidents.publishing.shapes import ActionFacts, PromiseFacts, PromisesFacts
from incidents.timeline.models import ActionItem, Page
from incidents.timeline.models.kinds import IncidentVisibility

NEWEST = 500
"""Promises told, the newest; nobody reads more, and the page must not grow for ever."""


def promises_facts(page: Page, *, seen_at: datetime) -> PromisesFacts:
    """Return the public action items of published postmortems of public incidents, newest postmortem first."""
    rows = (
        ActionItem.objects.filter(
            postmortem__incident__page=page,
            postmortem__incident__visibility=IncidentVisibility.PUBLIC,
            postmortem__published_at__isnull=False,
            is_public=True,
        )
        .select_related("postmortem__incident")
        .order_by("-postmortem__published_at", "position", "pk")[:NEWEST]
    )
    return PromisesFacts(
        page=page_facts(page, seen_at=seen_at),
        promises=tuple(
            PromiseFacts(
                action=ActionFacts(one.text, one.owner, one.state, one.due_on, one.done_on, one.reason),
                incident=one.postmortem.incident.code,
                title=one.postmortem.incident.title,
            )
            for one in rows
        ),
    )
