"""How often something secret may be tried. Kept in the database, so that no restart lifts a limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import models, transaction
from django.db.models import F

from incidents.lib.visitor import keyed_digest


class TryTally(models.Model):
    """Tries within one period of the clock; whose they are is kept as a keyed digest only."""

    subject = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "begun_at"], name="try_tally_once_per_period")]

    def __str__(self) -> str:
        return f"{self.count} since {self.begun_at:%H:%M}"

    @classmethod
    def take(cls, *subject: str, limit: int, period: timedelta, at: datetime) -> bool:
        """Take one of the `limit` tries that `subject` has in this period; False where none is left.

        Taken before the secret is compared, so that tries at the same moment do not slip through together.
        """
        key, begun = keyed_digest(*subject), _beginning(at, period)
        with transaction.atomic():
            cls.objects.get_or_create(subject=key, begun_at=begun)
            taken = cls.objects.filter(subject=key, begun_at=begun, count__lt=limit).update(count=F("count") + 1)
        return bool(taken)

    @classmethod
    def give_back(cls, *subject: str, period: timedelta, at: datetime) -> None:
        """Give a try back that was right: only failures count."""
        rows = cls.objects.filter(subject=keyed_digest(*subject), begun_at=_beginning(at, period), count__gt=0)
        rows.update(count=F("count") - 1)

    @classmethod
    def forget(cls, *, before: datetime) -> int:
        """Delete what no limit asks about any more and return how many rows that were."""
        return cls.objects.filter(begun_at__lt=before).delete()[0]


def _beginning(at: datetime, period: timedelta) -> datetime:
    seconds = period.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, tz=UTC)
