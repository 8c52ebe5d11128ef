"""What ends by itself: following an incident, once it is over."""

from typing import Any

from incidents.subscriptions.models import Scope
from incidents.timeline.models import Event


def end_incident_scopes(*, event: Event, **_signal: Any) -> None:
    """End the subscriptions to an incident with the event by which it is over."""
    if event.update is not None and not event.update.incident.is_open:
        Scope.end_with(event.update.incident, seq=event.seq)
