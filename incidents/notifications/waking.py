"""Waking a worker for what was recorded."""

from typing import Any

from django.db.models import Q

from incidents.notifications.component_news import CHANGED
from incidents.notifications.doorbell import FAN_OUT, ring
from incidents.timeline.models import Event


def ring_fan_out(*, event_id: int, **_signal: Any) -> None:
    """Wake a worker for an event that subscribers are to be told of."""
    if Event.objects.filter(Q(notify=True) | Q(kind=CHANGED), pk=event_id).exists():
        ring(FAN_OUT, event_id=event_id)
