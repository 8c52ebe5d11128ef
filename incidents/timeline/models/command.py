"""Command: who leads the work on an incident."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from incidents.timeline.models.event import Event, actor_name

if TYPE_CHECKING:
    from incidents.timeline.models.incident import Incident


class Commanded(models.Model):
    """Something one person leads. Staff see who does, readers do not."""

    commander = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    commander_name = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True

    def take_command(self, *, by: User, at: datetime) -> Self:
        """Lead the work from now on and return the incident. Who leads already changes nothing."""
        incident = cast("Incident", self)
        with incident.page.locked():
            self.refresh_from_db()
            if self.commander_id == by.pk:
                return self
            before = self.commander_name
            self.commander, self.commander_name = by, actor_name(by)[:150]
            self.save(update_fields=["commander", "commander_name"])
            Event.record(
                page=incident.page,
                kind=f"{incident.kind}.command_taken",
                by=by,
                at=at,
                subject=self,
                payload={"incident": incident.code, "from": before, "to": self.commander_name},
            )
        return self
