"""Incidents: list, report, look at, edit, discard."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt, tell_removed
from incidents.console.forms.edit_update import ReasonForm
from incidents.console.forms.incident import IncidentForm, ReportForm
from incidents.console.incident_screen import incident_screen
from incidents.console.loading import asked_template, incident_on
from incidents.console.opening import opened_report, opened_update
from incidents.console.posting import publish_or_hold
from incidents.console.report_screen import asked_component, report_screen
from incidents.lib.clock import now
from incidents.timeline.models import Incident, IncidentKind, IncidentTemplate, Translation

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
    """Offer the form for a new incident: a draft, or filled from a template or a component where asked."""
    page = request.page
    template = asked_template(page, request.GET.get("template"), IncidentKind.INCIDENT)
    form, draft = opened_report(
        page, draft_code=request.GET.get("draft", ""), template=template, states=asked_component(page, request.GET)
    )
    screen = report_screen(page, form, asked=request.GET, draft=draft, at=now())
    return answer(request, NEW, "report", {**screen, "chosen": template})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Report an incident, at once or after the hold."""
    form = ReportForm(request.POST, page=request.page)
    with request.page.locked():
        outcome = publish_or_hold(request, form, incident=None)
    if outcome.response is not None:
        if outcome.published:
            IncidentTemplate.count_use(request.page, form.used_templates())
        return outcome.response
    screen = report_screen(request.page, form, asked=request.GET, at=now())
    return answer(request, NEW, "report", screen, status=UNPROCESSABLE)


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what a report will look like; nothing is kept."""
    return _tried_out(request, "rehearsal")


@staff_only
def audience(request: StaffRequest) -> HttpResponse:
    """Show whom the report would reach, and for what; nothing is kept."""
    return _tried_out(request, "audience")


@staff_only
def first(request: StaffRequest) -> HttpResponse:
    """Go to the composer of the open incident, the newest of several; to Now where none is open."""
    incident = Incident.objects.on(request.page).public().open().incidents().first()
    if incident is None:
        return redirect("console:now")
    return redirect(reverse("console:incident", kwargs={"code": incident.code}) + "#id_body")


@staff_only
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show an incident with its composer; `?phase=` and `?template=` fill it."""
    incident = incident_on(request.page, code)
    template = asked_template(request.page, request.GET.get("template"), incident.kind)
    form, draft = opened_update(incident, template=template, phase=request.GET.get("phase", ""))
    return answer(request, SHOW, "incident", incident_screen(incident, form, by=request.user, at=now(), draft=draft))


@staff_only
def take_command(request: StaffRequest, code: str) -> HttpResponse:
    """Lead the work on an incident from now on: one tap."""
    incident = incident_on(request.page, code)
    incident.take_command(by=request.user, at=now())
    messages.success(request, "You lead this incident now.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


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
    tell_removed(request, form)
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
    """Change what was changed, all of it or nothing."""
    at = now()
    with transaction.atomic():
        if form.changes():
            incident.edit(by=request.user, at=at, **form.changes())
        Translation.of_title(incident, form.translations(), by=request.user, at=at)
    return incident


def _tried_out(request: StaffRequest, partial: str) -> HttpResponse:
    form = ReportForm(request.POST, page=request.page)
    form.is_draft = True
    who = partial == "audience" or "who" in request.POST
    screen = report_screen(request.page, form, asked=request.GET, at=now(), who=who)
    return answer(request, NEW, partial, screen)
