"""Now: what is going on, what does not hold together, and the composer where it is plain which."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer
from incidents.console.forms.update import ComposeForm
from incidents.console.incident_screen import composer
from incidents.console.truth import doubts
from incidents.console.voices import voices
from incidents.lib.clock import now
from incidents.timeline.impact import worst_status
from incidents.timeline.models import Incident, IncidentVisibility, Page

SOON = timedelta(hours=24)


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """Show everything that wants attention now."""
    at = now()
    going_on = _going_on(request.page, at=at)
    return answer(request, "console/now.html", "now", {"now": at, **going_on})


def _going_on(page: Page, *, at: datetime) -> dict[str, Any]:
    incidents = Incident.objects.on(page).select_related("phase", "page")
    open_incidents = list(incidents.open().incidents().prefetch_related("affected__component"))
    planned = incidents.open().maintenances().prefetch_related("affected__component")
    soon = planned.filter(scheduled_for__lt=at + SOON)
    return {
        "unpublished": list(incidents.exclude(visibility=IncidentVisibility.PUBLIC)),
        "open_incidents": [(incident, _worst(incident)) for incident in open_incidents],
        "maintenances": sorted(soon, key=lambda one: one.scheduled_for or at),
        "doubts": doubts(page, at=at),
        "voices": voices(page, at=at),
        **(_composer_of(open_incidents[0], at=at) if len(open_incidents) == 1 else {}),
    }


def _composer_of(incident: Incident, *, at: datetime) -> dict[str, Any]:
    return composer(incident, ComposeForm(incident=incident), at=at)


def _worst(incident: Incident) -> str:
    """Return the worst state its components are in now."""
    return worst_status(row.component.status for row in incident.affected.all()).value
