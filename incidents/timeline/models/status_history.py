"""The history of a component's states: steps that are only ever added, and corrections over them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.timeline.states import ComponentStatus


class StatusChange(models.Model):
    """One step in a component's history. Append-only: corrections lie over it, never in it."""

    component = models.ForeignKey("incidents.Component", on_delete=models.CASCADE, related_name="status_changes")
    old = models.CharField(max_length=20, choices=ComponentStatus.choices)
    new = models.CharField(max_length=20, choices=ComponentStatus.choices)
    at = models.DateTimeField()
    update = models.ForeignKey("incidents.Update", null=True, on_delete=models.SET_NULL, related_name="status_changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(old=F("new")), name="status_change_changes"),
            models.CheckConstraint(
                condition=Q(old__in=ComponentStatus.values, new__in=ComponentStatus.values),
                name="status_change_is_known",
            ),
        ]
        indexes = [models.Index(fields=["component", "at"], name="status_change_in_time")]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class StatusCorrection(models.Model):
    """What a window of a component's history should have said, and who says so."""

    component = models.ForeignKey("incidents.Component", on_delete=models.CASCADE, related_name="corrections")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=ComponentStatus.choices)
    reason = models.CharField(max_length=255)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="correction_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(status__in=ComponentStatus.values), name="correction_status_is_known"),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.status}: {self.reason}"
