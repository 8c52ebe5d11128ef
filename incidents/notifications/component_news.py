"""News of single components, which only webhooks hear: each change of state is a payload of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Delivery, DeliveryState, Lane, MailKind
from incidents.notifications.news import is_news
from incidents.subscriptions.models import ChannelKind, Subscriber
from incidents.subscriptions.recipients import recipients
from incidents.timeline.models import Component, Event
from incidents.timeline.states import ComponentStatus

CHANGED = "component.changed"
"""The kind of event by which a component is moved outside any incident."""

STILL_NEWS = timedelta(hours=1)


def recent_component_news(*, at: datetime) -> QuerySet[Event]:
    """Return the events of the last hour by which components moved outside any incident.

    Older ones that nobody was told of were imported, or come from before there were webhooks.
    """
    return Event.objects.filter(kind=CHANGED, at__gt=at - STILL_NEWS, at__lte=at + STILL_NEWS)


def component_rows(event: Event) -> Iterator[tuple[QuerySet[Subscriber], dict[str, Combinable]]]:
    """Return who is told of each component that `event` moved, and the fields of their deliveries."""
    for component in _moved(event):
        told = recipients(page=event.page, components=[component], is_maintenance=_is_maintenance(event))
        yield (
            told.filter(channel=ChannelKind.WEBHOOK),
            {
                **common_values(event),
                "incident": Cast(Value(None), BigIntegerField()),
                "component": Value(component.code),
                "kind": Value(MailKind.COMPONENT_CHANGED.value),
                "message_id": Concat(Value(f"c{event.pk}.{component.code}."), F("code"), Value(f"@{mail_domain()}")),
            },
        )


def common_values(event: Event) -> dict[str, Combinable]:
    """Return what the fields of a fresh delivery are taken from, for a query of subscribers."""
    return {
        "page": Value(event.page_id),
        "event": Value(event.pk),
        "seq": Value(event.seq),
        "subscriber": F("pk"),
        "channel": F("channel"),
        "address": F("address"),
        "state": Value(DeliveryState.QUEUED.value),
        "lane": Value(Lane.NEWS.value),
        "attempts": Value(0),
        "lease": Value(""),
        "last_answer": Value(""),
        "fault": Value(""),
    }


def _moved(event: Event) -> QuerySet[Component]:
    """Return the public components of which `event` is news."""
    public = Component.objects.public().on(event.page)
    if event.kind == CHANGED:
        return public.filter(pk=event.subject_id)
    if event.update is None or not is_news(event):
        return public.none()
    return public.filter(changes__in=event.update.component_changes.exclude(old=F("new")))


def _is_maintenance(event: Event) -> bool:
    """Say whether the change belongs to planned work, which has its own box to tick."""
    if event.update is not None:
        return event.update.incident.is_maintenance
    return ComponentStatus.UNDER_MAINTENANCE in (event.payload.get("old"), event.payload.get("new"))


def end_overtaken(keys: Sequence[int]) -> list[int]:
    """End those of the leased deliveries `keys` that tell of a component of which newer news exists.

    Return the others, in their order. What waited for an endpoint to come back must not tell it an older
    state after a newer one.
    """
    newer = Delivery.objects.filter(
        subscriber=OuterRef("subscriber"),
        component=OuterRef("component"),
        page=OuterRef("page"),
        seq__gt=OuterRef("seq"),
    )
    told_of = Delivery.objects.filter(Exists(newer), ~Q(component=""), pk__in=keys)
    stale = set(told_of.values_list("pk", flat=True))
    if stale:
        Delivery.objects.filter(pk__in=stale, state=DeliveryState.LEASED).update(
            state=DeliveryState.SUPERSEDED, lease="", lease_until=None
        )
    return [key for key in keys if key not in stale]
