"""The window of a maintenance: move it to another time."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.maintenance import MoveForm
from incidents.console.loading import maintenance_on
from incidents.console.mail_preview import mail_of
from incidents.console.maintenance_screen import known_zone, move_screen, remember_zone, told_of
from incidents.lib.clock import now
from incidents.timeline.models import Maintenance, Update

MOVE = "console/maintenances/move.html"


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer another window."""
    maintenance = maintenance_on(request.page, code)
    form = MoveForm(maintenance=maintenance, initial={"own_zone": known_zone(request), "length": ""})
    return answer(request, MOVE, "move", move_screen(request, maintenance, form, at=now()))


@staff_only
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """Show what speaks against the window and the mail of the move; nothing is kept."""
    form = MoveForm(request.POST, maintenance=maintenance_on(request.page, code))
    form.is_draft = True
    remember_zone(request, form)
    mail = None
    if form.is_valid():
        mail = mail_of(request.page, partial(_move, request, maintenance_on(request.page, code), form))
    context = move_screen(request, maintenance_on(request.page, code), form, at=now())
    return answer(request, MOVE, "plan", {**context, "mail": mail})


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Move to another window."""
    maintenance = maintenance_on(request.page, code)
    form = MoveForm(request.POST, maintenance=maintenance)
    remember_zone(request, form)
    moved = attempt(form, lambda: _ask_and_move(request, maintenance, form))
    if moved.refused:
        context = move_screen(request, maintenance_on(request.page, code), form, at=now())
        return answer(request, MOVE, "move", context, status=UNPROCESSABLE)
    messages.success(request, "Moved. The old window stays readable.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


def _ask_and_move(request: StaffRequest, maintenance: Maintenance, form: MoveForm) -> Update:
    form.ask_about_many(told_of(maintenance, form).total, request.page)
    return _move(request, maintenance, form)


def _move(request: StaffRequest, maintenance: Maintenance, form: MoveForm) -> Update:
    return maintenance.move(
        starts_at=form.cleaned_data["starts_at"],
        ends_at=form.cleaned_data["ends_at"],
        body=form.cleaned_data["body"],
        notify=form.cleaned_data["notify"],
        by=request.user,
        at=now(),
    )
