"""Maintenance: plan, start, finish, move, cancel."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.audience import audience
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.maintenance import (
    MoveForm,
    ScheduleForm,
    StepForm,
    from_template,
)
from incidents.console.loading import asked_template, maintenance_on
from incidents.console.preview import preview_of_text
from incidents.lib.clock import now
from incidents.lib.languages import speaking
from incidents.timeline.models import IncidentKind, Maintenance, Page, Update
from incidents.timeline.models.maintenance import CANCELLED, COMPLETED, STARTED

INDEX = "console/maintenances/index.html"
NEW = "console/maintenances/new.html"
STEP = "console/maintenances/step.html"
PER_PAGE = 50

STEPS = {
    "start": ("Start now", STARTED),
    "finish": ("Finish now", COMPLETED),
    "cancel": ("Cancel it", CANCELLED),
}
"""Step -> what its button says, and the text it starts from."""


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List maintenances, the latest window first."""
    rows = Maintenance.objects.filter(page=request.page).select_related("phase")
    listed = Paginator(rows.order_by("-scheduled_for", "-pk"), PER_PAGE)
    context = {"listed": listed.get_page(request.GET.get("part")), "now": now()}
    return answer(request, INDEX, "maintenances", context)


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new window, filled from a template where asked."""
    template = asked_template(request.page, request.GET.get("template"), IncidentKind.MAINTENANCE)
    initial = from_template(template) if template else {}
    form = ScheduleForm(page=request.page, initial=initial)
    return answer(request, NEW, "plan", _plan(request.page, form))


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Announce a window."""
    form = ScheduleForm(request.POST, page=request.page)
    planned = attempt(
        form,
        lambda: Maintenance.schedule(
            page=request.page,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
            components=form.chosen_components(),
            auto_start=form.cleaned_data["auto_start"],
            auto_finish=form.cleaned_data["auto_finish"],
            remind_minutes=form.cleaned_data["remind_minutes"],
            notify=form.cleaned_data["notify"],
            request_key=form.cleaned_data["request_key"],
            by=request.user,
            at=now(),
        ),
    )
    if planned.refused:
        return answer(request, NEW, "plan", _plan(request.page, form), status=UNPROCESSABLE)
    messages.success(request, "Planned. The page shows it now.")
    return SeeOther(reverse("console:incident", kwargs={"code": planned.made.code}))


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what readers will see; nothing is kept."""
    form = ScheduleForm(request.POST, page=request.page)
    form.is_draft = True
    return answer(request, NEW, "rehearsal", _plan(request.page, form))


@staff_only
def step(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Ask what to say before starting, finishing or cancelling."""
    maintenance = maintenance_on(request.page, code)
    if name not in STEPS:
        raise Http404
    with speaking(request.page.language):
        form = StepForm(initial={"body": gettext(STEPS[name][1]), "notify": True})
    return answer(request, STEP, "step", _step(maintenance, name, form))


@staff_only
def take_step(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Start, finish or cancel."""
    maintenance = maintenance_on(request.page, code)
    if name not in STEPS:
        raise Http404
    form = StepForm(request.POST)
    verbs: dict[str, Callable[..., Update]] = {
        "start": maintenance.start,
        "finish": maintenance.finish,
        "cancel": maintenance.cancel,
    }
    taken = attempt(form, lambda: verbs[name](by=request.user, at=now(), **_said(form)))
    if taken.refused:
        context = _step(maintenance_on(request.page, code), name, form)
        return answer(request, STEP, "step", context, status=UNPROCESSABLE)
    messages.success(request, "Posted. The page shows it now.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer another window."""
    maintenance = maintenance_on(request.page, code)
    form = MoveForm(maintenance=maintenance)
    return answer(request, "console/maintenances/move.html", "move", _step(maintenance, "move", form))


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Move to another window."""
    maintenance = maintenance_on(request.page, code)
    form = MoveForm(request.POST, maintenance=maintenance)
    moved = attempt(
        form,
        lambda: maintenance.move(
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
            by=request.user,
            at=now(),
            **_said(form),
        ),
    )
    if moved.refused:
        context = _step(maintenance_on(request.page, code), "move", form)
        return answer(request, "console/maintenances/move.html", "move", context, status=UNPROCESSABLE)
    messages.success(request, "Moved. The old window stays readable.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


def _said(form: ConsoleForm) -> dict[str, Any]:
    return {"body": form.cleaned_data["body"], "notify": form.cleaned_data["notify"]}


def _plan(page: Page, form: ScheduleForm) -> dict[str, Any]:
    if form.is_bound:
        form.is_valid()
    said = getattr(form, "cleaned_data", {})
    notify = bool(form["notify"].value())
    return {
        "now": now(),
        "form": form,
        "templates": list(page.templates.filter(kind=IncidentKind.MAINTENANCE)),
        "audience": audience(page, components=form.concerned(), is_maintenance=True, notify=notify),
        "preview": preview_of_text(str(form["body"].value() or "")),
        "starts_at": said.get("starts_at"),
        "ends_at": said.get("ends_at"),
    }


def _step(maintenance: Maintenance, name: str, form: ConsoleForm) -> dict[str, Any]:
    components = [row.component for row in maintenance.affected.select_related("component")]
    return {
        "now": now(),
        "incident": maintenance,
        "name": name,
        "verb": STEPS.get(name, ("Move it", ""))[0],
        "form": form,
        "audience": audience(maintenance.page, components=components, incident=maintenance),
    }
