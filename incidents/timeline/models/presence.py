"""Presence: who is writing on an incident just now. It is noticed, it never locks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from incidents.timeline.models.event import actor_name
from incidents.timeline.models.incident import Incident

LASTS = timedelta(seconds=60)
"""How long somebody counts as writing after they were last seen to."""


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Adjectives for presences."""

    def fresh(self, *, at: datetime) -> PresenceQuerySet:
        """Those seen within the last minute, the latest first."""
        return self.filter(seen_at__gt=at - LASTS).order_by("-seen_at")


class Presence(models.Model):
    """One person at the text of one incident. A trace of the moment and no fact: it makes no event."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person_name = models.CharField(max_length=150)
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="presence_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} at {self.seen_at:%H:%M:%S}"

    @classmethod
    def note(cls, *, incident: Incident, by: User, at: datetime) -> Presence:
        """Say that `by` is writing on the incident now, and return it."""
        seen, _ = cls.objects.update_or_create(
            incident=incident, person=by, defaults={"person_name": actor_name(by)[:150], "seen_at": at}
        )
        return seen

    @classmethod
    def leave(cls, *, incident: Incident, by: User) -> None:
        """Say that `by` writes no more."""
        cls.objects.filter(incident=incident, person=by).delete()
