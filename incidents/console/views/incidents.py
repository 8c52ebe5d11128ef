"""Incidents: list, report, look at, edit, discard."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.audience import audience
from incidents.console.forms.incident import IncidentForm, ReportForm, from_template
from incidents.console.forms.update import ComposeForm, ReasonForm
from incidents.console.incident_screen import incident_screen
from incidents.console.loading import asked_template, incident_on
from incidents.console.preview import preview_of_update
from incidents.lib.clock import now
from incidents.timeline.models import Component, Incident, IncidentKind, Page, Translation
from incidents.timeline.states import ComponentStatus

SHOW = "console/incidents/show.html"
NEW = "console/incidents/new.html"
EDIT = "console/incidents/edit.html"
PER_PAGE = 50


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List incidents, newest first."""
    rows = Incident.objects.on(request.page).incidents().select_related("phase")
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("part"))
    return answer(request, "console/incidents/index.html", "incidents", {"listed": listed, "now": now()})


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new incident, filled from a template or a component where asked."""
    page = request.page
    template = asked_template(page, request.GET.get("template"), IncidentKind.INCIDENT)
    states = template.component_states() if template else _asked_component(page, request)
    initial = from_template(template) if template else {}
    form = ReportForm(page=page, preset=states, initial=initial)
    return answer(request, NEW, "report", {**_report(page, form), "chosen": template})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Report an incident."""
    at = now()
    form = ReportForm(request.POST, page=request.page)
    reported = attempt(
        form,
        lambda: Incident.open(
            page=request.page,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            phase=form.cleaned_data["phase"],
            components=form.states(),
            impact_started_at=form.started_at(at=at),
            impact_override=form.cleaned_data["impact_override"],
            detected_by=form.cleaned_data["detected_by"] or "unknown",
            posted_at=form.cleaned_data["posted_at"],
            next_update_due_at=form.due_at(at=at),
            notify=form.cleaned_data["notify"],
            request_key=form.cleaned_data["request_key"],
            by=request.user,
            at=at,
        ),
    )
    if reported.refused:
        return answer(request, NEW, "report", _report(request.page, form), status=UNPROCESSABLE)
    messages.success(request, "Reported. The page shows it now.")
    return SeeOther(reverse("console:incident", kwargs={"code": reported.made.code}))


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what a report will look like; nothing is kept."""
    form = ReportForm(request.POST, page=request.page)
    form.is_draft = True
    return answer(request, NEW, "rehearsal", _report(request.page, form))


@staff_only
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show an incident with its composer; `?phase=` and `?template=` fill it."""
    incident = incident_on(request.page, code)
    template = asked_template(request.page, request.GET.get("template"), incident.kind)
    form = ComposeForm(incident=incident, template=template, phase=request.GET.get("phase", ""))
    return answer(request, SHOW, "incident", incident_screen(incident, form, at=now()))


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer title, impact and the times of the story."""
    incident = incident_on(request.page, code)
    form = IncidentForm(incident=incident)
    return answer(request, EDIT, "edit", {"incident": incident, "form": form})


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Change title, impact and the times of the story."""
    incident = incident_on(request.page, code)
    form = IncidentForm(request.POST, incident=incident)
    edited = attempt(form, lambda: _change(request, incident, form))
    if edited.refused:
        context = {"incident": incident_on(request.page, code), "form": form}
        return answer(request, EDIT, "edit", context, status=UNPROCESSABLE)
    messages.success(request, "Changed. Nobody was mailed.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


@staff_only
def destroy(request: StaffRequest, code: str) -> HttpResponse:
    """Throw away a draft or a suspicion."""
    incident = incident_on(request.page, code)
    form = ReasonForm(request.POST)
    done = attempt(form, lambda: incident.discard(reason=form.cleaned_data["reason"], by=request.user, at=now()))
    if done.refused:
        context = {"incident": incident, "form": form}
        return answer(request, "console/incidents/discard.html", "discard", context, status=UNPROCESSABLE)
    messages.success(request, "Discarded.")
    return SeeOther(reverse("console:now"))


@staff_only
def discard(request: StaffRequest, code: str) -> HttpResponse:
    """Ask for the reason before throwing away."""
    incident = incident_on(request.page, code)
    context = {"incident": incident, "form": ReasonForm()}
    return answer(request, "console/incidents/discard.html", "discard", context)


def _change(request: StaffRequest, incident: Incident, form: IncidentForm) -> Incident:
    at = now()
    if form.changes():
        incident.edit(by=request.user, at=at, **form.changes())
    Translation.of_title(incident, form.translations(), by=request.user, at=at)
    return incident


def _report(page: Page, form: ReportForm) -> dict[str, Any]:
    at = now()
    notify = bool(form["notify"].value())
    return {
        "now": at,
        "form": form,
        "templates": list(page.templates.filter(kind=IncidentKind.INCIDENT)),
        "audience": audience(page, components=form.concerned(), impact=form.impact(), notify=notify),
        "preview": _preview(page, form) if form.is_bound else None,
    }


def _preview(page: Page, form: ReportForm) -> Any:
    at = now()
    form.is_valid()
    return preview_of_update(
        page=page,
        incident=None,
        body=form.cleaned_data.get("body", ""),
        phase=form.cleaned_data.get("phase") or form.phases[0],
        states=form.states(),
        posted_at=form.cleaned_data.get("posted_at") or at,
        at=at,
    )


def _asked_component(page: Page, request: StaffRequest) -> dict[Component, str]:
    """Return the component named by `?component=` in its present state, for "open with this"."""
    code = request.GET.get("component", "")
    found = Component.objects.on(page).living().filter(code=code)
    worse = ComponentStatus.DEGRADED_PERFORMANCE
    return {one: one.status if one.status != ComponentStatus.OPERATIONAL else str(worse) for one in found}
