"""Now: what wants attention, in the order of its urgency."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.alarms import banners, first_failures
from incidents.console.answers import answer
from incidents.console.drafting import drafts_on
from incidents.console.held_screen import held_acts, held_where_written
from incidents.console.incident_screen import composer
from incidents.console.opening import opened_update
from incidents.console.permitted import Permitted
from incidents.console.suspicions import suspicions
from incidents.console.truth import truth
from incidents.console.voices import voices
from incidents.lib.clock import now
from incidents.staff.standing import Standing
from incidents.timeline.impact import worst_status
from incidents.timeline.models import HeldPost, Incident

SOON = timedelta(hours=24)


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """Show everything that wants attention now."""
    at = now()
    alarms = [*first_failures(), *banners(request.page, at=at)]
    going_on = _going_on(request, at=at)
    return answer(request, "console/now.html", "now", {"now": at, "alarms": alarms, **going_on})


def _going_on(request: StaffRequest, *, at: datetime) -> dict[str, Any]:
    page = request.page
    incidents = Incident.objects.on(page).select_related("phase", "page")
    open_incidents = list(incidents.open().incidents().prefetch_related("affected__component"))
    planned = incidents.open().maintenances().filter(scheduled_for__lt=at + SOON)
    soon = list(planned.order_by("scheduled_for").prefetch_related("affected__component"))
    only = open_incidents[0] if len(open_incidents) == 1 else None
    return {
        **suspicions(page, at=at),
        "drafts": drafts_on(page, standing=request.standing, but=only),
        "open_incidents": [(incident, _worst(incident)) for incident in open_incidents],
        "maintenances": _windows(soon, standing=request.standing),
        "truth": truth(page, at=at),
        "voices": voices(page, at=at),
        **(_composer_of(only, by=request.user, at=at) if only else {}),
    }


def _composer_of(incident: Incident, *, by: User, at: datetime) -> dict[str, Any]:
    form, draft = opened_update(incident)
    return {**composer(incident, form, by=by, at=at, draft=draft), **held_where_written(incident, user=by, at=at)}


def _windows(soon: list[Incident], *, standing: Standing) -> list[tuple[Incident, HeldPost | None, Permitted]]:
    """Return each maintenance with what is held of it, and what may be done about it."""
    held, may = held_acts(soon) if soon else {}, Permitted(standing)
    return [(one, held.get(one.pk), may.about(one)) for one in soon]


def _worst(incident: Incident) -> str:
    """Return the worst state its components are in now."""
    return worst_status(row.component.status for row in incident.affected.all()).value
