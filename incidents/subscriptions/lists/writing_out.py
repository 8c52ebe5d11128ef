"""Writing lists of subscribers out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from incidents.lib.spreadsheets import csv_lines
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Event, Page
from incidents.timeline.models.event import Actor

HEADER = (
    "channel",
    "address",
    "state",
    "components",
    "incidents",
    "maintenance",
    "severity",
    "language",
    "time_zone",
    "created",
    "confirmed",
    "left",
    "reason",
)


def write_out(subscribers: QuerySet[Subscriber], *, page: Page, by: Actor, at: datetime) -> Iterator[str]:
    """Return subscribers of `page` as lines of CSV, read as they are taken; the history keeps that it was done."""
    payload = {"title": f"{subscribers.count():,} subscribers"}
    Event.record(page=page, kind="subscribers.exported", by=by, at=at, subject=page, payload=payload)
    rows = subscribers.prefetch_related("scopes__component__group")
    return csv_lines(HEADER, map(_cells, rows.iterator(chunk_size=1_000)))


def _cells(subscriber: Subscriber) -> Iterable[str]:
    names = [scope.component.full_name for scope in subscriber.scopes.all() if scope.component]
    moments = (subscriber.created_at, subscriber.confirmed_at, subscriber.left_at)
    return (
        subscriber.channel,
        subscriber.shown_address,
        subscriber.state,
        ";".join(names),
        "yes" if subscriber.wants_incidents else "no",
        "yes" if subscriber.wants_maintenance else "no",
        subscriber.severity_floor,
        subscriber.language,
        subscriber.time_zone,
        *(moment.isoformat() if moment else "" for moment in moments),
        subscriber.disabled_reason or ("complained" if subscriber.complained_at else ""),
    )
