"""How much refusal an address is forgiven before it is switched off."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models

HARD_LIMIT = 3
"""Refusals of the address after which it is switched off, where none was beyond doubt."""

SOFT_LIMIT = 10
"""Days with a refusal for the time being (half a point each, five points) before it is switched off."""

SOFT_MEMORY = timedelta(days=30)
"""An address that was all right for this long starts from nothing."""

REASON_LIMIT = 500


class Endurance(models.Model):
    """The counters of refusals; `soft_failures` counts days."""

    hard_failures = models.PositiveSmallIntegerField(default=0)
    soft_failures = models.PositiveSmallIntegerField(default=0)
    soft_failed_on = models.DateField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=REASON_LIMIT, blank=True)

    FAILURES = ("hard_failures", "soft_failures", "soft_failed_on", "disabled_at", "disabled_reason")

    class Meta:
        abstract = True

    def add_hard_failure(self, *, decisive: bool) -> bool:
        """Count one; return whether it was one too many."""
        self.hard_failures += 1
        return decisive or self.hard_failures >= HARD_LIMIT

    def add_soft_failure(self, *, on: date) -> None:
        """Count a day."""
        self.soft_failures = 1 if self._soft_is_forgotten(on) else self.soft_failures + 1
        self.soft_failed_on = on

    def is_at_the_brink(self, *, on: date) -> bool:
        """Say whether one more day would be one too many."""
        return self.soft_failures >= SOFT_LIMIT - 1 and not self._soft_is_forgotten(on)

    def forget_failures(self) -> None:
        """Start from nothing."""
        self.hard_failures = self.soft_failures = 0
        self.soft_failed_on = self.disabled_at = None
        self.disabled_reason = ""

    def _soft_is_forgotten(self, today: date) -> bool:
        return self.soft_failed_on is None or today - self.soft_failed_on > SOFT_MEMORY
