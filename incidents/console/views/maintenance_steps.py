"""The steps of a maintenance: start, finish and cancel it by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.announcing import announce
from incidents.console.answers import UNPROCESSABLE, answer
from incidents.console.forms.maintenance import CancelForm, StepForm
from incidents.console.loading import maintenance_on
from incidents.console.mail_preview import mail_of_step
from incidents.console.maintenance_screen import step_screen, told_of
from incidents.console.opening import reopened, typed
from incidents.lib.clock import now
from incidents.timeline.models import Deed, Draft, Maintenance, Update
from incidents.timeline.own_words import CANCELLED, COMPLETED, STARTED, in_language

STEP = "console/maintenances/step.html"


@dataclass(frozen=True, slots=True)
class Step:
    """What its button says, the text it starts from, and its verb."""

    deed: Deed
    label: str
    text: str
    verb: Callable[..., Update]


STEPS = {
    "start": Step(Deed.START, "Start now", STARTED, Maintenance.start),
    "finish": Step(Deed.FINISH, "Finish now", COMPLETED, Maintenance.finish),
    "cancel": Step(Deed.CANCEL, "Cancel maintenance", CANCELLED, Maintenance.cancel),
}


@staff_only
def edit(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Ask what to say before starting, finishing or cancelling, or show what was taken back."""
    maintenance = maintenance_on(request.page, code)
    step = _step(name)
    draft = Draft.about(maintenance, step.deed)
    if draft is None:
        offered = in_language(step.text, request.page.language)
        form = _form(maintenance, name, initial={"body": offered, "notify": True})
    else:
        form = reopened(_form(maintenance, name, typed(draft)))
    return answer(request, STEP, "step", {**_screen(request, code, name, form), "draft": draft})


@staff_only
def preview(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Show the mail the step would send; nothing is kept."""
    maintenance = maintenance_on(request.page, code)
    step = _step(name)
    form = _form(maintenance, name, request.POST)
    form.is_draft = True
    mail = mail_of_step(maintenance, form, step.verb, by=request.user, at=now())
    return answer(request, STEP, "letter", {**_screen(request, code, name, form), "mail": mail})


@staff_only
def update(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Start, finish or cancel, at once or after the hold."""
    maintenance = maintenance_on(request.page, code)
    step = _step(name)
    form = _form(maintenance, name, request.POST)
    taken = announce(
        request,
        form,
        deed=step.deed,
        incident=maintenance,
        said=form.said,
        told=lambda: told_of(maintenance, form),
        done="Posted. The page shows it now.",
    )
    if taken is None:
        return answer(request, STEP, "step", _screen(request, code, name, form), status=UNPROCESSABLE)
    return taken


def _step(name: str) -> Step:
    if name not in STEPS:
        raise Http404
    return STEPS[name]


def _form(maintenance: Maintenance, name: str, *args: Any, **options: Any) -> StepForm:
    ends_series = name == "cancel" and maintenance.recurrence
    kind = CancelForm if ends_series else StepForm
    return kind(*args, page=maintenance.page, **options)


def _screen(request: StaffRequest, code: str, name: str, form: StepForm) -> dict[str, Any]:
    maintenance = maintenance_on(request.page, code)
    return {**step_screen(maintenance, form, at=now()), "name": name, "verb": STEPS[name].label}
