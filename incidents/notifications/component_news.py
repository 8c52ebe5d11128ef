"""News of single components, which only webhooks hear: each change of state is a payload of its own."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from incidents.notifications.models import Delivery, DeliveryState
from incidents.timeline.models import Component, Event

CHANGED = "component.changed"
"""The kind of event by which a component is moved outside any incident."""


def is_component_news(event: Event) -> bool:
    """Say whether `event` moved a component outside any incident, which is news for webhooks alone."""
    return event.kind == CHANGED


def changed_components(event: Event) -> QuerySet[Component]:
    """Return the public components that `event` moved to another state."""
    public = Component.objects.public().on(event.page)
    if is_component_news(event):
        return public.filter(pk=event.subject_id)
    return public.filter(changes__in=event.update.component_changes.exclude(old=F("new")) if event.update else [])


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
