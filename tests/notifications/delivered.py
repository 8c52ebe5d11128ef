"""Deliveries of the tests: rows as fan-out and workers leave them behind."""

from datetime import datetime
from typing import Any

from incidents.notifications.channels.contract import SendFailure
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.outcomes import Outcome
from incidents.timeline.models import Event, Incident, Page, Update
from tests.build import NOON, make_incident, make_subscribers


def told(page: Page, *, readers: int = 4, at: datetime = NOON, title: str = "API fails") -> tuple[Incident, Event]:
    """Return an incident whose first update waits for as many readers of the page, and its event."""
    if not page.subscribers.exists():
        make_subscribers(page, readers)
    incident = make_incident(page, at=at, title=title)
    event = page.events.filter(update__incident=incident).latest("seq")
    fan_out(event_id=event.pk)
    return incident, event


def update_of(event: Event) -> Update:
    """Return the update an event tells of."""
    assert event.update is not None
    return event.update


def leave(event: Event, *states: str, **fields: Any) -> list[Delivery]:
    """Put the deliveries of an event into the states given, in order, and return them."""
    rows = list(Delivery.objects.filter(event=event).order_by("pk"))
    for row, state in zip(rows, states, strict=False):
        row.state = state
        row.sent_at = fields.get("sent_at", NOON) if state == DeliveryState.SENT else None
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return rows


def outcome_of(delivery: Delivery, failure: SendFailure | None = None, **fields: Any) -> Outcome:
    """Return what came of a try of `delivery`."""
    return Outcome(
        delivery.pk,
        delivery.subscriber_id,
        fields.pop("attempts", max(delivery.attempts, 1)),
        delivery.created_at,
        "" if failure else "250 OK",
        failure,
        event_id=delivery.event_id,
        **fields,
    )
