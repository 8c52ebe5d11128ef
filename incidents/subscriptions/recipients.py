"""Who is told: one query for the fan-out and for the number the console shows before posting."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.subscriptions.models import MutedIncident, Scope, Subscriber
from incidents.subscriptions.models.subscriber import SubscriberQuerySet
from incidents.timeline.models import Affected, Component, Incident, Page


def recipients(
    *,
    page: Page,
    components: Iterable[Component] | QuerySet[Component] = (),
    incident: Incident | None = None,
    seq: int | None = None,
) -> SubscriberQuerySet:
    """Return the active subscribers of `page` who follow it, a component, or the incident.

    `components` are those an update names; those the incident affected before count as well.
    `incident` is None for one that does not exist yet. `seq` is the number of the event: an
    incident's own followers are told up to the event by which it was over (None: right now).
    """
    followed = Q(component=None, incident=None) | Q(component__in=components)
    if incident is not None:
        affected = Affected.objects.filter(incident=incident)
        lasting = Q(ended_seq=None) if seq is None else Q(ended_seq=None) | Q(ended_seq__gte=seq)
        followed |= Q(component__in=affected.values("component"))
        followed |= Q(incident=incident) & lasting
    scopes = Scope.objects.filter(followed, subscriber=OuterRef("pk"))
    told = Subscriber.objects.active().on(page).filter(Exists(scopes))
    if incident is not None:
        muted = MutedIncident.objects.filter(subscriber=OuterRef("pk"), incident=incident)
        told = told.exclude(Exists(muted))
    return told


def count_recipients(
    *,
    page: Page,
    components: Iterable[Component] | QuerySet[Component] = (),
    incident: Incident | None = None,
) -> int:
    """Return how many people an update naming `components` would be sent to now."""
    return recipients(page=page, components=components, incident=incident).count()
