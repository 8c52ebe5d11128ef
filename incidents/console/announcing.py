"""From Publish to the hold for what has a form of its own: a maintenance and its steps, a postmortem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from incidents.console.access import StaffRequest
from incidents.console.answers import attempt, tell_removed
from incidents.console.audience import Audience
from incidents.console.forms.many import AnnouncementForm
from incidents.console.posting import Posted, submit
from incidents.console.reach import reach_of
from incidents.lib.clock import now
from incidents.lib.codes import is_code, new_code
from incidents.timeline.models import Deed, Incident, Origin
from incidents.timeline.models.draft import DraftFields


def announce(
    request: StaffRequest,
    form: AnnouncementForm,
    *,
    deed: Deed,
    said: Callable[[], Mapping[str, Any]],
    told: Callable[[], Audience],
    done: str,
    incident: Incident | None = None,
    fields: DraftFields | None = None,
) -> HttpResponse | None:
    """Do what a form says, at once or after the hold, and say where to go on; None where it was refused.

    `said` gives the arguments of the verb and `told` whom it reaches, once the form is valid. More people than the
    page tells without a question are asked about in the form. `done` is said where nothing is held. `fields` are
    those a draft of the form has, where they are not simply what was sent.
    """
    at = now()

    def post() -> Posted:
        reached = told()
        form.ask_about_many(reached.total, request.page)
        return submit(
            request,
            deed=deed,
            incident=incident,
            arguments=said(),
            request_key=form.cleaned_data["request_key"],
            reach=reach_of(
                request.page,
                audience=reached,
                states={},
                templates=(),
                posted_at=None,
                is_backfilled=False,
                at=at,
            ),
            origin=_origin(request, fields),
            at=at,
        )

    posted = attempt(form, post)
    if posted.refused:
        return None
    tell_removed(request, form)
    return posted.made.go_on(request, done=done)


def _origin(request: StaffRequest, fields: DraftFields | None) -> Origin:
    """Return what the form goes back to: the draft it names, else a new one."""
    if fields is not None:
        return Origin(new_code(), fields)
    named = request.POST.get("draft", "")
    return Origin(named if is_code(named) else new_code(), dict(request.POST.lists()))
