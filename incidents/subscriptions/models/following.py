"""What a subscriber follows, and what of it is wanted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from incidents.lib.languages import OFFERED
from incidents.subscriptions.choices import SeverityFloor
from incidents.subscriptions.preferences import Preferences
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Incident

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incidents.subscriptions.models.scope import MutedIncident, Scope

PREFERENCES = ("wants_incidents", "wants_maintenance", "severity_floor", "language", "time_zone")


class Following(models.Model):
    """The preferences, and the scopes that hang on the row."""

    wants_incidents = models.BooleanField(default=True)
    wants_maintenance = models.BooleanField(default=True)
    severity_floor = models.CharField(max_length=10, choices=SeverityFloor.choices, default=SeverityFloor.NONE)
    language = models.CharField(max_length=16, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)

    if TYPE_CHECKING:
        scopes: RelatedManager[Scope]
        muted: RelatedManager[MutedIncident]

    class Meta:
        abstract = True

    @property
    def preferences(self) -> Preferences:
        """What of the things followed is wanted, in which language and zone."""
        return Preferences(**{name: getattr(self, name) for name in PREFERENCES})

    @property
    def language_name(self) -> str:
        """What the chosen language calls itself, "" where none was chosen."""
        return OFFERED.get(self.language, self.language)

    def follows(self) -> Wish:
        """Return the page or components followed; incidents followed one by one are not in it."""
        components = [
            scope.component
            for scope in self.scopes.exclude(component=None)
            .select_related("component__group")
            .order_by("component__position", "pk")
            if scope.component is not None
        ]
        return Wish(components=tuple(components), preferences=self.preferences)

    def incidents_followed(self) -> list[Incident]:
        """Return the incidents followed one by one that are not over."""
        rows = self.scopes.exclude(incident=None).filter(ended_seq=None).select_related("incident__phase")
        return [scope.incident for scope in rows.order_by("pk") if scope.incident is not None]

    @property
    def follows_only_incidents(self) -> bool:
        """Whether neither the page nor any component is followed."""
        return not self.scopes.filter(incident=None).exists()

    @property
    def has_living_scopes(self) -> bool:
        """Whether anything followed can still bring news."""
        return self.scopes.filter(ended_seq=None).exists()

    # Inner steps

    def _prefer(self, preferences: Preferences) -> None:
        for name in PREFERENCES:
            setattr(self, name, getattr(preferences, name))

    def _follow(self, wish: Wish, *, at: datetime) -> None:
        scope = self.scopes.model
        wanted = [scope(subscriber_id=self.pk, component=component, created_at=at) for component in wish.components]
        if not wanted:
            wanted = [scope(subscriber_id=self.pk, incident=wish.incident, created_at=at)]
        scope.objects.bulk_create(wanted, ignore_conflicts=True)
