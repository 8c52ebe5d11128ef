"""A draft read against what is known of its incident."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User

from incidents.timeline.models import Incident, Postmortem, Update
from incidents.timeline.postmortems.second_looks import SecondLook, Story, Told, second_looks
from incidents.timeline.states import DetectedBy, IncidentPhase

_TROUBLE = frozenset({IncidentPhase.INVESTIGATING.value, IncidentPhase.IDENTIFIED.value})
_SHORTEST_NAME = 3


def read_draft(text: str, incident: Incident, *, at: datetime) -> list[SecondLook]:
    """Return what is worth a second look in the text of an incident's postmortem. Three queries."""
    return second_looks(text, _story(incident, at=at))


def _story(incident: Incident, *, at: datetime) -> Story:
    told = incident.updates.standing().exclude(phase__canonical=IncidentPhase.POSTMORTEM)
    report = Postmortem.objects.filter(incident=incident).first()
    return Story(
        began_at=incident.impact_started_at,
        ended_at=incident.resolved_at or at,
        zone=incident.page.zone,
        updates=tuple(_told(update) for update in told.select_related("phase").order_by("posted_at", "pk")),
        noticed_by_customers=incident.detected_by == DetectedBy.CUSTOMER,
        actions=tuple(report.actions.values_list("text", flat=True)) if report else (),
        people=_people(),
        page=incident.page.name,
    )


def _told(update: Update) -> Told:
    return Told(update.posted_at, update.body, update.phase.canonical in _TROUBLE)


def _people() -> tuple[str, ...]:
    staff = User.objects.filter(is_staff=True).values_list("first_name", "last_name", "username")
    names = {name for row in staff for name in row if len(name) >= _SHORTEST_NAME and "@" not in name}
    return tuple(sorted(names, key=len, reverse=True))
