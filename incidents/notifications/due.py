"""Due deliveries as plain values: making a model of every row costs more than sending its mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from incidents.notifications.models import Delivery
from incidents.subscriptions.models import Scope


class Due(NamedTuple):
    """What is needed to write one mail and to judge what came of it."""

    pk: int
    event_id: int | None
    incident_id: int | None
    subscriber_id: int | None
    kind: str
    address: str
    message_id: str
    attempts: int
    """Tries so far, the coming one among them."""
    created_at: datetime
    page_id: int
    refusals: int
    """Tries the recipient refused for the time being."""
    lost: int
    """Workers that ended while they held it."""
    unanswered: int
    """How often it may have arrived without our learning so."""
    code: str | None
    """Of the subscriber, None where there is none."""
    consents: int | None
    language: str | None
    time_zone: str | None
    leaving: str | None
    """How the subscription may be ended (a Leaving)."""
    reader_channel: str | None
    """The subscriber's own: the owner of an endpoint is written to by mail."""
    follows_page: bool
    """Whether the subscriber is known to follow the whole page; where not, it has to be asked."""
    is_unwanted: bool
    """Whether the subscriber left, pauses or does not want this incident, or the update was taken back."""


_SOURCES = (
    *("pk", "event_id", "incident_id", "subscriber_id", "kind", "address", "message_id", "attempts", "created_at"),
    *("page_id", "refusals", "lost", "unanswered"),
    *("subscriber__code", "subscriber__consents", "subscriber__language", "subscriber__time_zone"),
    *("subscriber__leaving", "subscriber__channel"),
)
_WHOLE_PAGE = Scope.objects.filter(subscriber=OuterRef("subscriber"), component=None, incident=None)
_UNWANTED = Delivery.objects.filter(pk=OuterRef("pk")).withdrawn()


def due_rows(keys: Sequence[int]) -> list[Due]:
    """Return deliveries by their keys, in the order they are due."""
    rows = Delivery.objects.filter(pk__in=keys).order_by("lane", "next_try_at", "pk")
    return [Due._make(row) for row in rows.values_list(*_SOURCES, Exists(_WHOLE_PAGE), Exists(_UNWANTED))]


def due_of(delivery: Delivery) -> Due:
    """Return a delivery that is at hand as such a value."""
    reader = delivery.subscriber
    about_reader: tuple[object, ...] = (None,) * 6
    if reader is not None:
        about_reader = (reader.code, reader.consents, reader.language, reader.time_zone)
        about_reader += (reader.leaving, reader.channel)
    own = [getattr(delivery, name) for name in _SOURCES[:13]]
    return Due._make([*own, *about_reader, False, False])
