"""Rehearsal: what cannot be written into a feed is not published."""

import logging
from typing import Any

from django.db import DatabaseError

from incidents.publishing.documents import feeds
from incidents.publishing.facts.documents import incident_facts
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.rows import Rows
from incidents.publishing.shapes import FeedFacts
from incidents.timeline.models import Event
from incidents.timeline.refusals import CannotBeRendered

log = logging.getLogger(__name__)


def rehearse_feeds(*, event: Event, **_signal: Any) -> None:
    """Write the incident of an update as feed entries inside the update's transaction.

    One entry that cannot be written would take the whole feed from every reader. Raises
    CannotBeRendered, which refuses the change; what importers bring in is cleaned, not refused.
    """
    update = event.update
    if update is None or not update.incident.is_public or update.incident.imported_from:
        return
    try:
        told = (incident_facts(Rows(event.page), update.incident.code),)
        facts = FeedFacts(page=page_facts(event.page, seen_at=event.at), incidents=told)
        feeds.atom(facts)
        feeds.rss(facts)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("update %s cannot be written into a feed", update.code)
        raise CannotBeRendered(
            "This text cannot be written into a feed; remove unusual characters and try again.", field="body"
        ) from error
