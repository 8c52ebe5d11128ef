"""The window of a maintenance: move it to another time."""

from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.announcing import announce
from incidents.console.answers import UNPROCESSABLE, answer
from incidents.console.forms.maintenance import MoveForm
from incidents.console.loading import maintenance_on
from incidents.console.mail_preview import mail_of_step
from incidents.console.maintenance_screen import known_zone, move_screen, remember_zone, told_of
from incidents.console.opening import reopened, typed
from incidents.lib.clock import now
from incidents.timeline.models import Deed, Draft, Maintenance

MOVE = "console/maintenances/move.html"


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer another window, or what was taken back."""
    maintenance = maintenance_on(request.page, code)
    draft = Draft.about(maintenance, Deed.MOVE)
    if draft is None:
        form = MoveForm(maintenance=maintenance, initial={"own_zone": known_zone(request), "length": ""})
    else:
        form = reopened(MoveForm(typed(draft), maintenance=maintenance))
    context = move_screen(request, maintenance, form, at=now())
    return answer(request, MOVE, "move", {**context, "draft": draft})


@staff_only
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """Show what speaks against the window and the mail of the move; nothing is kept."""
    maintenance = maintenance_on(request.page, code)
    form = MoveForm(request.POST, maintenance=maintenance)
    form.is_draft = True
    remember_zone(request, form)
    mail = mail_of_step(maintenance, form, Maintenance.move, by=request.user, at=now())
    context = move_screen(request, maintenance_on(request.page, code), form, at=now())
    return answer(request, MOVE, "plan", {**context, "mail": mail})


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Move to another window, at once or after the hold."""
    maintenance = maintenance_on(request.page, code)
    form = MoveForm(request.POST, maintenance=maintenance)
    remember_zone(request, form)
    moved = announce(
        request,
        form,
        deed=Deed.MOVE,
        incident=maintenance,
        said=form.said,
        told=lambda: told_of(maintenance, form),
        done="Moved. The old window stays readable.",
    )
    if moved is None:
        context = move_screen(request, maintenance_on(request.page, code), form, at=now())
        return answer(request, MOVE, "move", context, status=UNPROCESSABLE)
    return moved
