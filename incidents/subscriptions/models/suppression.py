"""Suppression: addresses that are not to be mailed, as digests; the database's side of the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from incidents.subscriptions.choices import Suppressing
from incidents.timeline.models import Page


class JournalFile(models.Model):
    """A salt, and how much of the journal that carries it in its first line was read, in octets.

    A restored database has read less than is there: what is missing is seen at a glance.
    """

    salt = models.CharField(max_length=64, unique=True)
    read_to = models.PositiveBigIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.salt[:8]} up to {self.read_to}"


class Suppression(models.Model):
    """The last word about an address on a page, by digest.

    `journaled` is False while the file could not be written.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="suppressions")
    salt = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=20)
    subscriber_code = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=12, choices=Suppressing.choices)
    at = models.DateTimeField()
    journaled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "page", "salt"], name="suppression_once"),
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(journaled=False), name="suppression_unwritten"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"

    @classmethod
    def keep(cls, rows: list[Self]) -> None:
        """Write the last word about each address; one that is older than what is known must not be among them."""
        cls.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["digest", "page", "salt"],
            update_fields=["channel", "subscriber_code", "kind", "at", "journaled"],
        )

    @classmethod
    def last_word(cls, page: Page, digests: list[str]) -> tuple[str, datetime] | None:
        """Return kind and time of the newest entry among the digests of one address, None where there is none."""
        known = cls.objects.filter(page=page, digest__in=digests).order_by("-at", "-pk")
        return known.values_list("kind", "at").first()
