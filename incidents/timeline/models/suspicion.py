"""Suspicion: an incident that only staff see until somebody confirms or dismisses it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from incidents.timeline.models.component import Component
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import IncidentVisibility
from incidents.timeline.models.page import Page
from incidents.timeline.own_words import FIRST_WORDS, in_language
from incidents.timeline.refusals import WrongPhase
from incidents.timeline.states import ComponentStatus

PROMISED = timedelta(minutes=30)
"""When FIRST_WORDS promise more."""

UNDO = timedelta(hours=24)
"""How long a dismissed suspicion is offered again to who dismissed it too fast."""


class SuspicionManager(models.Manager["Suspicion"]):
    """Suspicions, dismissed or not; what was confirmed is an incident like any other."""

    def get_queryset(self) -> models.QuerySet[Suspicion]:
        """Return the rows of this kind."""
        kinds = (IncidentVisibility.SUSPECTED, IncidentVisibility.DISMISSED)
        return super().get_queryset().filter(visibility__in=kinds)

    def waiting(self, page: Page) -> models.QuerySet[Suspicion]:
        """Return those of `page` that nobody has looked at yet."""
        return self.get_queryset().filter(page=page, visibility=IncidentVisibility.SUSPECTED)

    def dismissed_lately(self, page: Page, *, at: datetime) -> models.QuerySet[Suspicion]:
        """Return those of `page` dismissed within a day, the last one first."""
        gone = self.get_queryset().filter(page=page, visibility=IncidentVisibility.DISMISSED)
        return gone.filter(updated_at__gt=at - UNDO).order_by("-updated_at", "-pk")


class Suspicion(Incident):
    """What monitoring or somebody suspects. Posting its first update confirms it."""

    # A proxy may narrow the manager of its table; the type of a class attribute cannot say so.
    objects = SuspicionManager()  # type: ignore[assignment,misc]

    class Meta:
        proxy = True

    # Verbs

    def dismiss(self, *, by: Actor, at: datetime) -> Suspicion:
        """Say that nothing is wrong; it can be suspected again. Twice is once. Raises WrongPhase once it is public."""
        return self._become(IncidentVisibility.DISMISSED, "incident.dismissed", by=by, at=at)

    def suspect_again(self, *, by: Actor, at: datetime) -> Suspicion:
        """Take a dismissal back. Twice is once. Raises WrongPhase once it is public."""
        return self._become(IncidentVisibility.SUSPECTED, "incident.suspected_again", by=by, at=at)

    # Questions

    def first_words(self) -> str:
        """Return what confirming it says to readers where nobody has written anything, in the language of the page."""
        return in_language(FIRST_WORDS, self.page.language)

    def likely_states(self) -> dict[Component, str]:
        """Return the named components in the states confirming it states: their own, at least degraded."""
        worse = ComponentStatus.DEGRADED_PERFORMANCE.value
        return {
            one: worse if one.status == ComponentStatus.OPERATIONAL else one.status for one in self.living_components()
        }

    # Inner steps

    def _become(self, visibility: str, kind: str, *, by: Actor, at: datetime) -> Suspicion:
        with self.page.locked():
            # Somebody may have confirmed it meanwhile; the manager would not find it any more.
            self.visibility = Incident.objects.values_list("visibility", flat=True).get(pk=self.pk)
            if self.visibility in {IncidentVisibility.PUBLIC, IncidentVisibility.DRAFT}:
                raise WrongPhase("Somebody has confirmed it meanwhile; resolve it instead.")
            if self.visibility == visibility:
                return self
            self.visibility = visibility
            self.updated_at = at
            Incident.objects.filter(pk=self.pk).update(visibility=visibility, updated_at=at)
            Event.record(page=self.page, kind=kind, by=by, at=at, subject=self, payload={"title": self.title})
        return self
