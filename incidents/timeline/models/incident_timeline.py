"""What incidents and maintenances have in common: a timeline, from which phase, times and impact follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from incidents.timeline.impact import impact_of
from incidents.timeline.models.affected import Affected
from incidents.timeline.models.component import Component
from incidents.timeline.models.component_record import ComponentQuerySet
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.models.incident_record import IncidentRecord
from incidents.timeline.models.phase import Phase
from incidents.timeline.models.update import Update
from incidents.timeline.models.writing import OVER_BEFORE_IT_BEGAN
from incidents.timeline.refusals import (
    BeforeTheStart,
    ForeignComponent,
    ResolvedBeforeStart,
    UnknownChoice,
    UnknownPhase,
)
from incidents.timeline.states import ComponentStatus, DetectedBy, Impact, IncidentPhase
from incidents.timeline.story import last_posted, start_of_the_end

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class IncidentTimeline(IncidentRecord):
    """The row, and what its updates make of it. The verbs are those of Incident and Maintenance."""

    if TYPE_CHECKING:
        affected: RelatedManager[Affected]

    class Meta(IncidentRecord.Meta):
        abstract = True

    # Used by the verbs of updates, incidents and maintenances

    def follow_updates(self, *, at: datetime) -> None:
        """Bring phase and times in line with the standing updates and save the row."""
        standing = Update.objects.standing().filter(incident_id=self.pk)
        told = list(standing.select_related("phase").order_by("posted_at", "pk"))
        last = told[-1]
        self.phase = last.phase
        self.first_update_at = told[0].posted_at
        self.monitoring_at = last_posted(told, IncidentPhase.MONITORING)
        self.resolved_at = start_of_the_end(told)
        self._refuse_impossible_order()
        self.impact = self._derived_impact()
        self.updated_at = at
        self.save()

    def name_components(self, components: Iterable[Component]) -> None:
        """Remember components the incident concerns, without a statement about their state."""
        for component in components:
            self.refuse_foreign(component)
            self.affected.get_or_create(component=component)

    def phase_of_page(self, phase: Phase) -> Phase:
        """Return `phase` if this incident may enter it. Raises UnknownPhase."""
        if phase.page_id != self.page_id or phase.is_for_maintenance != self.is_maintenance:
            raise UnknownPhase("Choose one of the phases offered.", field="phase")
        return phase

    def living_components(self) -> ComponentQuerySet:
        """Return the components it concerns that are still on the page."""
        return Component.objects.living().filter(affected__incident=self.pk)

    def released_components(self) -> dict[Component, str]:
        """Return the affected components that nothing else holds down, as operational."""
        others = self.page.incidents.burdening().exclude(pk=self.pk)
        elsewhere = Affected.objects.filter(incident__in=others)
        free = self.living_components().exclude(pk__in=elsewhere.values("component"))
        return dict.fromkeys(free, ComponentStatus.OPERATIONAL.value)

    def refuse_foreign(self, component: Component) -> None:
        """Raise ForeignComponent for a component of another page or one removed from it."""
        if component.page_id != self.page_id or component.archived_at is not None:
            raise ForeignComponent(
                "One of the chosen components does not exist on this page any more.",
                field="components",
            )

    def record_update(self, kind: str, update: Update, by: Actor, at: datetime, request_key: str, digest: str) -> None:
        """Record the event of an update; a `digest` of the request counts only beside its key."""
        Event.record(
            page=self.page,
            kind=kind,
            by=by,
            at=at,
            subject=self,
            update=update,
            notify=update.notify,
            payload={"incident": self.code, "update": update.code, "phase": update.phase.slug},
            request_key=request_key,
            request_fingerprint=digest if request_key else "",
        )

    # Inner steps

    def _derived_impact(self) -> str:
        if self.impact_override:
            return self.impact_override
        if self.is_maintenance:
            return Impact.MAINTENANCE
        if self.imported_from:
            return self.impact
        return impact_of(self.affected.values_list("worst", flat=True))

    def _refuse_impossible_order(self) -> None:
        ends = [moment for moment in (self.resolved_at, self.impact_ended_at) if moment]
        if self.is_maintenance or self.imported_from:
            return
        if any(moment < self.impact_started_at for moment in ends):
            raise ResolvedBeforeStart(OVER_BEFORE_IT_BEGAN, field="posted_at")
        if self.first_update_at and self.first_update_at < self.impact_started_at:
            raise BeforeTheStart(
                "An update is dated before the incident began; move the start of the incident first.",
                field="posted_at",
            )


def refuse_unknown_choices(values: Mapping[str, Any]) -> None:
    """Raise UnknownChoice for an impact or a detector that is not offered, where one is among `values`."""
    if values.get("impact_override", "") not in ("", *Impact.values):
        raise UnknownChoice("Choose one of the impacts offered.", field="impact_override")
    if values.get("detected_by", DetectedBy.UNKNOWN) not in DetectedBy.values:
        raise UnknownChoice("Choose who noticed it first from the list.", field="detected_by")
