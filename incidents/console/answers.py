"""How a view answers: a whole screen, the changed part of one, or the way to another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render

from incidents.console.access import StaffRequest
from incidents.console.alarms import banners
from incidents.console.bars import bars
from incidents.console.forms.console_form import ConsoleForm, KeyedForm
from incidents.console.kept import KeptFields
from incidents.console.permitted import Permitted
from incidents.lib.clock import now
from incidents.staff.standing import pages_of
from incidents.timeline.models import Incident
from incidents.timeline.refusals import Refused, RequestKeyReused

Made = TypeVar("Made")

CREATED = 201
CONFLICT = 409
UNPROCESSABLE = 422

BY_SCRIPT = "X-Publish"
"""Header of a form that the composer's script sends: told where to go on instead of sent there, it knows that
the post was acknowledged before anything is loaded."""


class SeeOther(HttpResponseRedirect):
    """After a POST that worked: the browser goes on with GET (RFC 9110, section 15.4.4)."""

    status_code = 303


def go_on(request: StaffRequest, address: str) -> HttpResponse:
    """After a POST that worked: send the browser to `address`, or tell the script that asked where to go."""
    if BY_SCRIPT in request.headers:
        return HttpResponse(status=CREATED, headers={"Location": address})
    return SeeOther(address)


def tell_removed(request: StaffRequest, form: ConsoleForm) -> None:
    """Say on the next screen how many characters nobody can see were taken out of what was sent; nothing for none."""
    number = form.removed()
    if number:
        messages.info(request, f"Removed {number:,} invisible character{'' if number == 1 else 's'}.")


def answer(
    request: StaffRequest,
    template: str,
    partial: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial where htmx asks; status 422 for refused input.

    Templates ask `may` what the role allows, and `may_here` what it allows about the incident that is shown.

    The one place that looks at `request.htmx`.
    """
    name = f"{template}#{partial}" if request.htmx else template
    frame = {} if request.htmx else _frame(request)
    may, incident = Permitted(request.standing), context.get("incident")
    here = {"may_here": may.about(incident)} if isinstance(incident, Incident) else {}
    known = {"page": request.page, "may": may, **here, **frame}
    return render(request, name, {**known, **context}, status=status)


def _frame(request: StaffRequest) -> dict[str, Any]:
    """Return what is around every screen: the pages to choose between, alarms, what is held and what is frozen."""
    at = now()
    frame = {"pages": pages_of(request.user), "alarms": banners(request.page, at=at)}
    return {**frame, **bars(request.page, user=request.user, at=at)}


def csv_file(lines: Iterable[str], name: str) -> HttpResponse:
    """Return lines as a file to download, sent while they are read."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # A streaming answer has headers and a status like any other; only its content comes bit by bit.
    return cast(HttpResponse, response)


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Made]):
    """What became of a verb: what it made, or `refused` with the reasons in the form."""

    refused: bool
    result: Made | None = None

    @property
    def made(self) -> Made:
        """Return what the verb made; only for those that make something and were not refused."""
        if self.result is None:
            raise ValueError("The verb made nothing.")
        return self.result


def attempt(form: ConsoleForm, verb: Callable[[], Made]) -> Attempt[Made]:
    """Run `verb` if the form is valid; a refusal becomes an error at its field.

    What was typed before a session ended is only shown again: a person looks at it before it acts.
    """
    if isinstance(form.data, KeptFields):
        form.is_draft = True
        return Attempt(refused=True)
    if not form.is_valid():
        return Attempt(refused=True)
    try:
        return Attempt(refused=False, result=verb())
    except Refused as refusal:
        if isinstance(refusal, RequestKeyReused) and isinstance(form, KeyedForm):
            form.renew_request_key()
        form.refuse(refusal.sentence, field=refusal.field)
        return Attempt(refused=True)
