"""Phase: a step an incident or maintenance can be in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from incidents.timeline.states import IncidentPhase, MaintenancePhase

if TYPE_CHECKING:
    from incidents.timeline.models.page import Page


class Phase(models.Model):
    """Its label is the page's; its meaning is canonical."""

    page = models.ForeignKey("incidents.Page", on_delete=models.CASCADE, related_name="phases")
    slug = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    canonical = models.CharField(max_length=20, choices=[*IncidentPhase.choices, *MaintenancePhase.choices])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "slug"], name="phase_once_per_page"),
            models.CheckConstraint(
                condition=Q(canonical__in=[*IncidentPhase.values, *MaintenancePhase.values]),
                name="phase_has_a_canonical_meaning",
            ),
        ]
        ordering = ["page", "position"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_for_maintenance(self) -> bool:
        """Whether the phase belongs to maintenances rather than incidents."""
        return self.canonical in MaintenancePhase.values


def standard_phases(page: Page) -> list[Phase]:
    """Return the phases every page begins with, not saved yet, in the order they are offered in."""
    steps = [
        ("investigating", IncidentPhase.INVESTIGATING, "Investigating"),
        ("identified", IncidentPhase.IDENTIFIED, "Identified"),
        ("reactivating", IncidentPhase.IDENTIFIED, "Reactivating"),
        ("monitoring", IncidentPhase.MONITORING, "Monitoring"),
        ("resolved", IncidentPhase.RESOLVED, "Resolved"),
        ("postmortem", IncidentPhase.POSTMORTEM, "Postmortem"),
        *((str(step), step, str(step.label)) for step in MaintenancePhase),
    ]
    return [
        Phase(page=page, slug=slug, canonical=canonical, label=label, position=position)
        for position, (slug, canonical, label) in enumerate(steps)
    ]
