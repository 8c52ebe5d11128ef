"""Affected: which components an incident concerned."""

from django.db import models
from django.db.models import Q

from incidents.timeline.models.component import Component
from incidents.timeline.states import ComponentStatus


class Affected(models.Model):
    """A component an incident named, and the worst state it said the component was in."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="affected")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="affected")
    worst = models.CharField(max_length=20, choices=ComponentStatus.choices, default=ComponentStatus.OPERATIONAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "component"], name="affected_once"),
            models.CheckConstraint(condition=Q(worst__in=ComponentStatus.values), name="affected_worst_is_known"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.component} in {self.incident}"
