"""What is kept of an incident or maintenance: its columns, what the database refuses, and plain questions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.lib.codes import new_code
from incidents.timeline.models.command import Commanded
from incidents.timeline.models.kinds import IncidentKind, IncidentQuerySet, IncidentVisibility
from incidents.timeline.models.page import Page
from incidents.timeline.models.phase import Phase
from incidents.timeline.states import ENDED_PHASES, RUNNING_MAINTENANCE_PHASES, DetectedBy, Impact


class IncidentRecord(Commanded):
    """The row without its verbs, which are those of Incident."""

    code = models.CharField(max_length=12, default=new_code)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=12, choices=IncidentKind.choices, default=IncidentKind.INCIDENT)
    title = models.CharField(max_length=255)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=10, choices=IncidentVisibility.choices)
    impact = models.CharField(max_length=12, choices=Impact.choices, default=Impact.NONE)
    impact_override = models.CharField(max_length=12, choices=Impact.choices, blank=True)
    backfilled = models.BooleanField(default=False)
    imported_from = models.CharField(max_length=255, blank=True)

    impact_started_at = models.DateTimeField()
    impact_ended_at = models.DateTimeField(null=True, blank=True)
    detected_at = models.DateTimeField(null=True, blank=True)
    detected_by = models.CharField(max_length=12, choices=DetectedBy.choices, default=DetectedBy.UNKNOWN)
    customer_noticed_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    first_update_at = models.DateTimeField(null=True, blank=True)
    monitoring_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_until = models.DateTimeField(null=True, blank=True)
    auto_start = models.BooleanField(default=False)
    auto_finish = models.BooleanField(default=False)
    sets_components = models.BooleanField(default=True)
    """Whether starting a maintenance puts its components under maintenance."""
    remind_minutes = models.JSONField(default=list, blank=True)
    reminded_minutes = models.JSONField(default=list, blank=True)
    recurrence = models.CharField(max_length=255, blank=True)
    recurs_from = models.DateTimeField(null=True, blank=True)
    """Start of the first window of a series, from which its rule is counted; null for that window itself."""
    series_words = models.JSONField(default=dict, blank=True)
    """Title and body of a series as typed, with their placeholders; {} for what does not repeat."""

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = IncidentQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["page", "code"], name="incident_code_once_per_page"),
            models.CheckConstraint(condition=~Q(title=""), name="incident_has_a_title"),
            models.CheckConstraint(
                condition=Q(
                    impact__in=Impact.values,
                    impact_override__in=["", *Impact.values],
                    detected_by__in=DetectedBy.values,
                    kind__in=IncidentKind.values,
                    visibility__in=IncidentVisibility.values,
                ),
                name="incident_words_are_known",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None)
                | Q(resolved_at__gte=F("impact_started_at"))
                | Q(kind=IncidentKind.MAINTENANCE)
                | ~Q(imported_from=""),
                name="incident_resolved_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=IncidentKind.INCIDENT) | Q(scheduled_until__gt=F("scheduled_for")),
                name="maintenance_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=IncidentKind.INCIDENT) | Q(scheduled_for__isnull=False, scheduled_until__isnull=False),
                name="maintenance_has_a_window",
            ),
        ]
        indexes = [
            models.Index(fields=["page", "-impact_started_at"], name="incident_newest_first"),
            models.Index(fields=["page", "resolved_at"], name="incident_by_end"),
            models.Index(fields=["page", "-created_at"], name="incident_by_creation"),
        ]
        ordering = ["-impact_started_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether visitors can see it."""
        return self.visibility == IncidentVisibility.PUBLIC

    @property
    def is_maintenance(self) -> bool:
        """Whether it is a maintenance."""
        return self.kind == IncidentKind.MAINTENANCE

    @property
    def is_open(self) -> bool:
        """Whether it is not over yet."""
        return self.phase.canonical not in ENDED_PHASES

    @property
    def is_running(self) -> bool:
        """Whether it is a maintenance under way."""
        return self.phase.canonical in RUNNING_MAINTENANCE_PHASES
