"""The two kinds of incident, how far one has come out, and the adjectives they are found by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db import models

from incidents.timeline.models.page import Page
from incidents.timeline.states import ENDED_PHASES, MaintenancePhase

if TYPE_CHECKING:
    from incidents.timeline.models.incident import Incident  # noqa: F401 - named in a string below


class IncidentKind(models.TextChoices):
    """One table holds both; `Maintenance` is the proxy with the verbs of a window."""

    INCIDENT = "incident", "Incident"
    MAINTENANCE = "maintenance", "Maintenance"


class Deed(models.TextChoices):
    """The verbs by which staff tell readers something: what is held before it leaves, and written before that."""

    REPORT = "report", "Report"
    UPDATE = "update", "Update"
    SCHEDULE = "schedule", "Maintenance"
    START = "start", "Start"
    FINISH = "finish", "End"
    CANCEL = "cancel", "Cancellation"
    MOVE = "move", "Move"
    POSTMORTEM = "postmortem", "Postmortem"


NEWS = (Deed.REPORT, Deed.SCHEDULE)
"""Those that begin an incident; all others are about one."""

STEPS = (Deed.START, Deed.FINISH, Deed.CANCEL)
"""Those that bring a maintenance into another phase."""


class IncidentVisibility(models.TextChoices):
    """How far an incident has come out."""

    SUSPECTED = "suspected", "Suspected"
    DISMISSED = "dismissed", "Dismissed"
    DRAFT = "draft", "Draft"
    PUBLIC = "public", "Public"


class IncidentChanges(TypedDict, total=False):
    """What `Incident.edit` may change."""

    title: str
    impact_override: str
    impact_started_at: datetime
    impact_ended_at: datetime | None
    detected_at: datetime | None
    detected_by: str
    customer_noticed_at: datetime | None
    acknowledged_at: datetime | None


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Adjectives for incidents and maintenances."""

    def public(self) -> IncidentQuerySet:
        """Those visitors may see."""
        return self.filter(visibility=IncidentVisibility.PUBLIC)

    def on(self, page: Page) -> IncidentQuerySet:
        """Those of `page`."""
        return self.filter(page=page)

    def open(self) -> IncidentQuerySet:
        """Public ones that are not over."""
        return self.public().exclude(phase__canonical__in=ENDED_PHASES)

    def incidents(self) -> IncidentQuerySet:
        """Without maintenances."""
        return self.filter(kind=IncidentKind.INCIDENT)

    def maintenances(self) -> IncidentQuerySet:
        """Only maintenances."""
        return self.filter(kind=IncidentKind.MAINTENANCE)

    def burdening(self) -> IncidentQuerySet:
        """Open incidents and running maintenances: what may hold a component down now."""
        return self.open().exclude(kind=IncidentKind.MAINTENANCE, phase__canonical=MaintenancePhase.SCHEDULED)
