"""Alarm: something staff must know of, and when it was over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from incidents.timeline.models import Page

SENTENCE_LIMIT = 300
FIX_LIMIT = 800


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Adjectives for alarms."""

    def going_on(self) -> AlarmQuerySet:
        """Those not over, newest first."""
        return self.filter(over_at=None).order_by("-raised_at", "-pk")

    def seen_on(self, page: Page) -> AlarmQuerySet:
        """Those of `page`, and those of the whole installation."""
        return self.filter(Q(page=page) | Q(page=None))


class Alarm(models.Model):
    """What is wrong (`sentence`), what to do (`fix`), and where (`path` in the console).

    `key` names the matter; while it goes on it is raised once. `posted_at` is when ALARM_URL took it.
    """

    key = models.CharField(max_length=100)
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="alarms")
    sentence = models.CharField(max_length=SENTENCE_LIMIT)
    fix = models.CharField(max_length=FIX_LIMIT, blank=True)
    path = models.CharField(max_length=200, blank=True)
    raised_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(over_at__isnull=True), name="alarm_once_at_a_time")
        ]
        ordering = ["-raised_at", "-pk"]

    def __str__(self) -> str:
        return self.sentence
