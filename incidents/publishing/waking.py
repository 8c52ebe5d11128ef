"""Publishing in the process that committed, right after it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from incidents.lib.clock import now
from incidents.publishing.publisher import publish_events
from incidents.timeline.models import Event

PATIENT = ".imported"
"""An import records thousands of events in a row; the sweep publishes them together."""

NEWS = timedelta(minutes=10)
"""An event dated earlier is history being written down, which can wait the seconds until the sweep."""

_is_held_back = ContextVar("publishing_is_held_back", default=False)

log = logging.getLogger(__name__)


@contextmanager
def held_back() -> Iterator[None]:
    """Leave what the block records to the next sweep: for whole pages made or imported in one go."""
    token = _is_held_back.set(True)
    try:
        yield
    finally:
        _is_held_back.reset(token)


def publish_recorded(*, event_id: int, page_id: int, **_signal: Any) -> None:
    """Publish what an event touches. A failure is logged, never raised: what is posted is posted."""
    if _is_held_back.get():
        return
    at = now()
    try:
        if Event.objects.filter(pk=event_id, at__gte=at - NEWS).exclude(kind__endswith=PATIENT).exists():
            publish_events(page_id, at=at)
    except Exception:
        log.exception("Event %s could not be published; the sweep tries again.", event_id)
