"""What the screen of an incident shows, whichever view answers with it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet

from incidents.console.audience import Audience, audience
from incidents.console.forms.update import ComposeForm
from incidents.console.guide_screen import errors_beside
from incidents.console.held_screen import held_act, held_where_written
from incidents.console.live_report import live_report
from incidents.console.loading import postmortem_of
from incidents.console.presence import others_writing
from incidents.console.preview import preview_of_update
from incidents.console.voices import voice_of
from incidents.timeline.impact import worst_status
from incidents.timeline.models import Draft, Incident, Update
from incidents.timeline.placeholders import VARIABLES


def composer(
    incident: Incident, form: ComposeForm, *, by: User, at: datetime, draft: Draft | None = None, who: bool = False
) -> dict[str, Any]:
    """Return what the composer needs: the form, whom it reaches, templates, who else writes, and the preview.

    `by` is who looks; `who` asks for what the recipients follow as well.
    """
    return {
        "now": at,
        "incident": incident,
        "form": form,
        "draft": draft,
        "audience": audience_of(incident, form, who=who),
        "templates": list(incident.page.templates.filter(kind=incident.kind).order_by("-uses", "name")),
        "variables": VARIABLES,
        "others": others_writing(incident, by=by, at=at),
        "preview": _preview(incident, form, at=at) if form.is_bound else None,
        "worst": worst_status(row.component.status for row in form.rows() if row.is_affected),
    }


def audience_of(incident: Incident, form: ComposeForm, *, who: bool = False) -> Audience:
    """Return whom the update in the form would reach, by the query that sends it."""
    return audience(
        incident.page,
        components=form.concerned(),
        incident=incident,
        impact=form.impact(),
        notify=bool(form["notify"].value()),
        by_reason=who,
    )


def incident_screen(
    incident: Incident, form: ComposeForm, *, by: User, at: datetime, draft: Draft | None = None, who: bool = False
) -> dict[str, Any]:
    """Return the composer and everything known about the incident, in constant queries."""
    return {
        **composer(incident, form, by=by, at=at, draft=draft, who=who),
        **held_where_written(incident, user=by, at=at),
        "held_act": held_act(incident),
        "voice": voice_of(incident, at=at),
        "errors": errors_beside(incident),
        "updates": list(_told(incident)),
        "removed": incident.updates.exclude(removed_at=None).count(),
        "live": live_report(incident, at=at),
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
        facts=form.facts(at=at),
    )


def _told(incident: Incident) -> QuerySet[Update]:
    return (
        incident.updates.standing()
        .newest_first()
        .select_related("phase")
        .prefetch_related("component_changes__component")
        .annotate(edits=Count("revisions"))
    )
