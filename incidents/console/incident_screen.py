"""What the screen of an incident shows, whichever view answers with it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from incidents.console.audience import audience
from incidents.console.delivery_report import delivery_report
from incidents.console.forms.update import ComposeForm
from incidents.console.guide_screen import errors_beside
from incidents.console.loading import postmortem_of
from incidents.console.preview import preview_of_update
from incidents.console.voices import voice_of
from incidents.timeline.impact import worst_status
from incidents.timeline.models import Incident, Update


def composer(incident: Incident, form: ComposeForm, *, at: datetime) -> dict[str, Any]:
    """Return what the composer needs: the form, whom it reaches, templates, and the preview."""
    notify = bool(form["notify"].value())
    affected = [row.component for row in form.listed_rows()]
    return {
        "now": at,
        "incident": incident,
        "form": form,
        "audience": audience(incident.page, components=affected, incident=incident, notify=notify),
        "templates": list(incident.page.templates.filter(kind=incident.kind)),
        "preview": _preview(incident, form, at=at) if form.is_bound else None,
        "worst": worst_status(row.component.status for row in form.rows() if row.is_affected),
    }


def incident_screen(incident: Incident, form: ComposeForm, *, at: datetime) -> dict[str, Any]:
    """Return the composer and everything known about the incident, in constant queries."""
    return {
        **composer(incident, form, at=at),
        "voice": voice_of(incident, at=at),
        "errors": errors_beside(incident),
        "updates": list(_told(incident)),
        "removed": incident.updates.exclude(removed_at=None).count(),
        "deliveries": delivery_report(incident),
        "postmortem": postmortem_of(incident),
    }


def _preview(incident: Incident, form: ComposeForm, *, at: datetime) -> Any:
    form.is_valid()
    said = form.cleaned_data
    return preview_of_update(
        page=incident.page,
        incident=incident,
        body=said.get("body", ""),
        phase=said.get("phase") or incident.phase,
        states=form.states(),
        posted_at=said.get("posted_at") or at,
        at=at,
    )


def _told(incident: Incident) -> QuerySet[Update]:
    return (
        incident.updates.standing()
        .newest_first()
        .select_related("phase")
        .prefetch_related("component_changes__component")
        .annotate(edits=Count("revisions"))
    )
