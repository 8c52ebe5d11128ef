"""ReturnTally: how much mail of which kind came back on a day."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Sum


class Taken(models.TextChoices):
    """What became of one returned message."""

    BOUNCED = "bounced", "Bounces that count"
    NOT_OURS = "not_ours", "Bounces for which the reader is not to blame"
    PENDING = "pending", "Notices that nothing has failed yet"
    REPEATED = "repeated", "Reports of what was known"
    FORGED = "forged", "Bounces without our signature, ignored"
    COMPLAINT = "complaint", "Spam complaints"
    FORGED_COMPLAINT = "forged_complaint", "Complaints without our signature, ignored"
    LEFT = "left", "Readers who left by mail"
    AUTOMATIC = "automatic", "Automatic answers, ignored"
    PARKED = "parked", "Set aside for a person to look at"
    LATER = "later", "Came before their delivery was marked; read again"


class ReturnTally(models.Model):
    """Returned messages of one kind on one day (UTC)."""

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Taken.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="return_tally_once_a_day")]
        ordering = ["-day", "kind"]
        verbose_name_plural = "return tallies"

    def __str__(self) -> str:
        return f"{self.day}: {self.count} {self.kind}"

    @classmethod
    def add(cls, kind: Taken, *, at: datetime) -> None:
        """Count one."""
        tally, _ = cls.objects.get_or_create(day=at.date(), kind=kind)
        cls.objects.filter(pk=tally.pk).update(count=F("count") + 1)

    @classmethod
    def since(cls, moment: datetime) -> dict[str, int]:
        """Return how many of each kind came back since the day of `moment`."""
        rows = cls.objects.filter(day__gte=moment.date()).order_by().values_list("kind")
        return {str(kind): int(count) for kind, count in rows.annotate(total=Sum("count"))}
