"""The words of the field: component states, impacts, phases and how they rank."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ComponentStatus(TextChoices):
    """State of a component; the values are those of Statuspage's API."""

    OPERATIONAL = "operational", _("Operational")
    UNDER_MAINTENANCE = "under_maintenance", _("Under maintenance")
    DEGRADED_PERFORMANCE = "degraded_performance", _("Degraded performance")
    PARTIAL_OUTAGE = "partial_outage", _("Partial outage")
    MAJOR_OUTAGE = "major_outage", _("Major outage")


class Impact(TextChoices):
    """How bad an incident was, as compatible APIs report it."""

    NONE = "none", _("None")
    MAINTENANCE = "maintenance", _("Maintenance")
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")


class IncidentPhase(TextChoices):
    """Canonical phases of an incident: the ones a compatible API may report."""

    INVESTIGATING = "investigating", _("Investigating")
    IDENTIFIED = "identified", _("Identified")
    MONITORING = "monitoring", _("Monitoring")
    RESOLVED = "resolved", _("Resolved")
    POSTMORTEM = "postmortem", _("Postmortem")


class MaintenancePhase(TextChoices):
    """Canonical phases of a maintenance."""

    SCHEDULED = "scheduled", _("Scheduled")
    IN_PROGRESS = "in_progress", _("In progress")
    VERIFYING = "verifying", _("Verifying")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class DetectedBy(TextChoices):
    """Who noticed an incident first."""

    MONITORING = "monitoring", _("our monitoring")
    STAFF = "staff", _("our staff")
    CUSTOMER = "customer", _("customers")
    THIRD_PARTY = "third_party", _("a third party")
    UNKNOWN = "unknown", _("unknown")


SEVERITY: dict[str, int] = {status: rank for rank, status in enumerate(ComponentStatus.values)}
"""Rank of each component state, operational 0 to major outage 4."""

ENDED_PHASES = frozenset(
    {
        IncidentPhase.RESOLVED.value,
        IncidentPhase.POSTMORTEM.value,
        MaintenancePhase.COMPLETED.value,
        MaintenancePhase.CANCELLED.value,
    }
)
"""Canonical phases in which an incident or maintenance is over."""

RUNNING_MAINTENANCE_PHASES = frozenset({MaintenancePhase.IN_PROGRESS.value, MaintenancePhase.VERIFYING.value})

PHASE_ORDER: dict[str, int] = {
    **{phase: rank for rank, phase in enumerate(IncidentPhase.values)},
    **{phase: rank for rank, phase in enumerate(MaintenancePhase.values)},
}
"""How far along each canonical phase is; a smaller number after a larger one is a step back."""
