"""Where a maintenance was planned before it was moved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.timeline.models.incident import Incident


class WindowMove(models.Model):
    """A former window of a maintenance, kept when it was moved."""

    maintenance = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="window_moves")
    old_starts_at = models.DateTimeField()
    old_ends_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(old_ends_at__gt=F("old_starts_at")), name="window_ended_after_start"),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"was {self.old_starts_at:%Y-%m-%d %H:%M}"
