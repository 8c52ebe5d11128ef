"""Canary: when a worker last took something from a queue of the broker."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

QUEUE_LIMIT = 40


class Canary(models.Model):
    """One worker on one queue. A worker that runs and takes nothing looks alive to everybody but the queue."""

    worker = models.CharField(max_length=255)
    queue = models.CharField(max_length=QUEUE_LIMIT)
    heard_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "queue"], name="canary_once")]
        ordering = ["worker", "queue"]
        verbose_name_plural = "canaries"

    def __str__(self) -> str:
        return f"{self.worker} on {self.queue}"
