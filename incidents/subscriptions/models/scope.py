"""Scope: what a subscriber agreed to hear about."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from incidents.subscriptions.models.subscriber import Subscriber
from incidents.timeline.models import Component, Incident


class ScopeQuerySet(models.QuerySet["Scope"]):
    """Adjectives for scopes."""

    def of_all(self, subscribers: Iterable[int]) -> ScopeQuerySet:
        """Those of many subscribers, by their keys, given as one value: hundreds of parameters cost milliseconds."""
        keys = list(subscribers)
        if connection.vendor == "postgresql":
            return self.filter(subscriber__in=RawSQL("SELECT unnest(%s::bigint[])", [keys]))
        return self.filter(subscriber__in=keys)

    def living(self) -> ScopeQuerySet:
        """Those from which mail may still come."""
        return self.filter(ended_seq=None)


class Scope(models.Model):
    """One component, or one incident, or (neither) the whole page.

    The scope of an incident ends with it: `ended_seq` is the number of the event by which it
    was over. That event still reaches the subscriber, later ones do not.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="scopes")
    component = models.ForeignKey(Component, null=True, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    ended_seq = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField()

    objects = ScopeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(component=None) | Q(incident=None), name="scope_is_of_one_kind"),
            models.CheckConstraint(
                condition=Q(ended_seq=None) | Q(incident__isnull=False), name="scope_only_incidents_end"
            ),
            models.UniqueConstraint(
                fields=["subscriber"], condition=Q(component=None, incident=None), name="scope_whole_page_once"
            ),
            models.UniqueConstraint(fields=["subscriber", "component"], name="scope_component_once"),
            models.UniqueConstraint(fields=["subscriber", "incident"], name="scope_incident_once"),
        ]

    def __str__(self) -> str:
        return str(self.component or self.incident or "everything")

    @classmethod
    def end_with(cls, incident: Incident, *, seq: int) -> int:
        """End the scopes of an incident that is over since event `seq`; return how many ended."""
        return cls.objects.living().filter(incident=incident).update(ended_seq=seq)


class MutedIncident(models.Model):
    """An incident a subscriber of more than it does not want to hear of any more."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="muted")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "incident"], name="muted_incident_once"),
        ]

    def __str__(self) -> str:
        return f"not {self.incident}"
