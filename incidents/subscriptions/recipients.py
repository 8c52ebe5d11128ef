"""Who is told: one query for the fan-out and for the number the console shows before posting."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from incidents.lib.clock import now
from incidents.subscriptions.choices import ChannelKind, SeverityFloor
from incidents.subscriptions.models import MutedIncident, Scope, Subscriber
from incidents.subscriptions.models.subscriber_set import SubscriberQuerySet
from incidents.timeline.models import Affected, Component, Incident, Page


def recipients(
    *,
    page: Page,
    components: Iterable[Component] | QuerySet[Component] = (),
    incident: Incident | None = None,
    seq: int | None = None,
    impact: str | None = None,
    is_maintenance: bool = False,
    at: datetime | None = None,
) -> SubscriberQuerySet:
    """Return the subscribers of `page` who are to be told: of it, a component, or the incident.

    `components` are those an update names; those the incident affected before count as well.
    `incident` is None for one that does not exist yet, of which `impact` (None: as bad as any)
    and `is_maintenance` tell; of one that exists `impact` is what the update will make it (None:
    what it is). `seq` is the number of the event: an incident's own followers
    are told up to the event by which it was over (None: right now). Kind, severity floor and
    pause are honoured; who asked for this very incident hears of it whatever its kind and
    impact. `at` is the moment pauses are measured by (None: now).
    """
    told = Subscriber.objects.awake(at=at or now()).on(page)
    followed = Q(component=None, incident=None) | Q(component__in=components)
    if incident is None:
        return told.filter(_wanted(impact, is_maintenance=is_maintenance), Exists(_scopes(followed)))
    followed |= Q(component__in=Affected.objects.filter(incident=incident).values("component"))
    lasting = Q(ended_seq=None) if seq is None else Q(ended_seq=None) | Q(ended_seq__gte=seq)
    wanted = _wanted(incident.impact if impact is None else impact, is_maintenance=incident.is_maintenance)
    muted = MutedIncident.objects.filter(subscriber=OuterRef("pk"), incident=incident)
    told = told.filter((wanted & Exists(_scopes(followed))) | Exists(_scopes(Q(incident=incident) & lasting)))
    return told.exclude(Exists(muted))


def by_channel(told: SubscriberQuerySet) -> dict[ChannelKind, int]:
    """Return how many of `told` are told on each channel; those with none are left out. One query."""
    counted = told.order_by().values("channel").annotate(number=Count("pk"))
    numbers = dict(counted.values_list("channel", "number"))
    return {kind: numbers[kind] for kind in ChannelKind if kind in numbers}


def by_scope(told: SubscriberQuerySet, components: Iterable[Component]) -> tuple[int, dict[int, int], int]:
    """Return how many of `told` follow the whole page, a component (by its key), or nothing but the incident.

    Each counts once: whoever follows several of `components` at the first in page order. One query.
    """
    parts = _scopes(Q(component__in=list(components))).order_by("component__position", "component")
    reasons = told.order_by().annotate(
        whole=Exists(_scopes(Q(component=None, incident=None))), part=Subquery(parts.values("component")[:1])
    )
    whole, apart, alone = 0, dict[int, int](), 0
    for is_whole, part, number in reasons.values_list("whole", "part").annotate(number=Count("pk")):
        if is_whole:
            whole += number
        elif part is None:
            alone += number
        else:
            apart[part] = number
    return whole, apart, alone


def _scopes(which: Q) -> QuerySet[Scope]:
    return Scope.objects.filter(which, subscriber=OuterRef("pk"))


def _wanted(impact: str | None, *, is_maintenance: bool) -> Q:
    """Return who wants news of this kind and impact, as Preferences.wants() says of one. Maintenance has no floor."""
    if is_maintenance:
        return Q(wants_maintenance=True)
    if impact is None:
        return Q(wants_incidents=True)
    return Q(wants_incidents=True, severity_floor__in=SeverityFloor.reached_by(impact))
