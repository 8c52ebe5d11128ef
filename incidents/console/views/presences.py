"""Presences: who else writes on an incident, and what they hold on it."""

from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer
from incidents.console.bars import held_by_others
from incidents.console.loading import incident_on
from incidents.console.presence import others_writing
from incidents.lib.clock import now
from incidents.timeline.models import Incident, Presence


@staff_only
def index(request: StaffRequest, code: str) -> HttpResponse:
    """Show who else is writing; a script is told as well what others hold."""
    return _others(request, incident_on(request.page, code))


@staff_only
def create(request: StaffRequest, code: str) -> HttpResponse:
    """Say that the person is writing, or with `left` that they stopped; show who else is."""
    incident = incident_on(request.page, code)
    if "left" in request.POST:
        Presence.leave(incident=incident, by=request.user)
    else:
        Presence.note(incident=incident, by=request.user, at=now())
    return _others(request, incident)


def _others(request: StaffRequest, incident: Incident) -> HttpResponse:
    at = now()
    context = {
        "incident": incident,
        "others": others_writing(incident, by=request.user, at=at),
        "held_by_others": held_by_others(incident, user=request.user, at=at),
    }
    return answer(request, "console/incidents/others.html", "news", context)
