"""Publishing in the process that committed, right after it."""

import logging
from typing import Any

from incidents.lib.clock import now
from incidents.publishing.publisher import publish_events
from incidents.timeline.models import Event

PATIENT = ".imported"
"""An import records thousands of events in a row; the sweep publishes them together."""

log = logging.getLogger(__name__)


def publish_recorded(*, event_id: int, page_id: int, **_signal: Any) -> None:
    """Publish what an event touches. A failure is logged, never raised: what is posted is posted."""
    if Event.objects.filter(pk=event_id, kind__endswith=PATIENT).exists():
        return
    try:
        publish_events(page_id, at=now())
    except Exception:
        log.exception("Event %s could not be published; the sweep tries again.", event_id)
