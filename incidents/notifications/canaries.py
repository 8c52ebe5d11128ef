"""Canaries: tasks that do nothing but show that somebody takes tasks from a queue.

Whoever runs workers sends one through the broker to each queue every few seconds; the worker that
takes it leaves the moment in the database, where staff see it from every machine.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db.models import Max
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.lib.durations import in_words
from incidents.notifications.doorbell import CANARY
from incidents.notifications.models import Canary

WRITTEN_EVERY = timedelta(seconds=30)
"""A moment younger than this stays: an installation at rest should write little."""

SILENT_AFTER = timedelta(seconds=90)
"""Without a canary for so long, nobody takes what waits in a queue."""

KEPT = timedelta(days=1)
"""How long a worker that came no more is remembered."""


@shared_task(name=CANARY, bind=True)
def canary_task(self: Any) -> None:
    """Leave the moment, and the queue this came by."""
    hear(str(self.request.hostname or ""), str((self.request.delivery_info or {}).get("routing_key", "")))


def hear(worker: str, queue: str) -> None:
    """Keep that a worker took something from a queue just now, by the database's clock."""
    known = Canary.objects.filter(worker=worker, queue=queue)
    if not known.exists():
        Canary.objects.bulk_create([Canary(worker=worker, queue=queue, heard_at=Now())], ignore_conflicts=True)
    elif known.filter(heard_at__lt=Now() - WRITTEN_EVERY).exists():
        known.update(heard_at=Now())


@dataclass(frozen=True, slots=True)
class Hearing:
    """When anybody last took something from a queue. `age` may be a few seconds more than it was."""

    queue: str
    age: timedelta

    @property
    def is_silent(self) -> bool:
        """Whether nobody takes from it."""
        return self.age > SILENT_AFTER

    @property
    def glyph(self) -> str:
        """The state glyph that says the same."""
        return "major_outage" if self.is_silent else "operational"

    @property
    def words(self) -> str:
        """The age for people."""
        return f"{in_words(self.age)} ago"


def hearings() -> list[Hearing]:
    """Return how each queue that was ever served stands, by its name; nothing where no worker ever ran."""
    at = now()
    newest = Canary.objects.order_by("queue").values_list("queue").annotate(newest=Max("heard_at"))
    return [Hearing(queue, max(at - heard, timedelta())) for queue, heard in newest]


def forget() -> int:
    """Forget workers that come no more, unless a queue would lose its last word; return how many rows went."""
    newest = Canary.objects.order_by().values("queue").annotate(newest=Max("heard_at")).values("newest")
    return Canary.objects.filter(heard_at__lt=Now() - KEPT).exclude(heard_at__in=newest).delete()[0]
