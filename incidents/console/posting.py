"""From Publish to the hold: first the sheet, where numbers are to be confirmed; without a hold, to the page at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest
from incidents.console.answers import CONFLICT, answer, attempt, go_on, tell_removed
from incidents.console.audience import audience
from incidents.console.bars import seen_at
from incidents.console.forms.incident import ReportForm
from incidents.console.forms.suspicion import ConfirmForm
from incidents.console.forms.update import ComposeForm
from incidents.console.reach import Reach, reach_of
from incidents.lib.clock import now
from incidents.lib.codes import is_code, new_code
from incidents.timeline.models import Deed, Draft, HeldPost, Incident, Origin
from incidents.timeline.models.deeds import do
from incidents.timeline.models.kinds import NEWS

Message = ComposeForm | ReportForm | ConfirmForm
"""Forms that say something to readers."""

SHEET = "console/posting/sheet.html"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a post: held, or on the page already."""

    deed: Deed
    held: HeldPost | None = None
    incident: Incident | None = None

    def go_on(self, request: StaffRequest, *, done: str = "Posted. The page shows it now.") -> HttpResponse:
        """Send the person to where they see it: the incident, or the held post that stands nowhere else yet.

        `done` is what is said where it is on the page already.
        """
        if self.held is None or self.held.is_published:
            messages.success(request, done)
        elif self.deed in (*NEWS, Deed.POSTMORTEM):
            return go_on(request, reverse("console:held", kwargs={"number": self.held.pk}))
        return go_on(request, seen_at(self.deed, self.incident or (self.held.incident if self.held else None)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a person's Publish is answered; without a response the form says why it was refused."""

    response: HttpResponse | None = None
    published: bool = False
    """Whether it is held or on the page, and not only asked about."""

    @property
    def refused(self) -> bool:
        """Whether the form is to be shown again."""
        return self.response is None


def publish_or_hold(request: StaffRequest, form: Message, *, incident: Incident | None = None) -> Outcome:
    """Publish what a form says: an update on `incident`, or a report without one.

    In the five cases of reach.py the numbers are shown first, and confirmed by sending the form again with their
    seal.
    """
    at = now()
    asked: list[Reach] = []

    def post() -> Posted | None:
        said = form.said(at=at)
        reach = _reach(form, said, incident=incident, at=at)
        if reach.asks and not reach.is_confirmed_by(form.cleaned_data["confirmed"]):
            asked.append(reach)
            return None
        return submit(
            request,
            deed=Deed.UPDATE if incident else Deed.REPORT,
            incident=incident,
            arguments=said,
            request_key=form.cleaned_data["request_key"],
            reach=reach,
            origin=_origin(request, incident),
            at=at,
        )

    posted = attempt(form, post)
    if posted.refused:
        return Outcome()
    if posted.result is None:
        return Outcome(_sheet(request, asked[0], incident=incident, at=at))
    response = posted.result.go_on(request)
    tell_removed(request, form)
    return Outcome(response, published=True)


def submit(
    request: StaffRequest,
    *,
    deed: Deed,
    arguments: Mapping[str, Any],
    at: datetime,
    incident: Incident | None = None,
    request_key: str = "",
    reach: Reach | None = None,
    origin: Origin | None = None,
) -> Posted:
    """Hold a post for the page's seconds, or do it at once where it has none. Raises what the verb raises.

    `arguments` are those of the verb (deeds.py) without `by`, `at` and the request key. What reaches far waits for
    a second person where the page wants one.
    """
    page, key = request.page, request_key or secrets.token_urlsafe(16)
    asks = page.asks_second_person and reach is not None and reach.asks
    if page.hold_seconds or asks:
        held = HeldPost.hold(
            page=page,
            deed=deed,
            incident=incident,
            arguments=arguments,
            request_key=key,
            asks=asks,
            recipients=reach.told if reach else 0,
            reach=reach.kept() if reach else {},
            origin=origin,
            by=request.user,
            at=at,
        )
        return Posted(deed, held)
    with page.locked():
        update = do(deed, page=page, incident=incident, said=arguments, request_key=key, by=request.user, at=at)
        Draft.end(page=page, code=origin.code if origin else "", incident=incident, deed=deed)
    return Posted(deed, incident=update.incident)


def _reach(form: Message, said: Mapping[str, Any], *, incident: Incident | None, at: datetime) -> Reach:
    return reach_of(
        form.page,
        audience=audience(
            form.page, components=form.concerned(), incident=incident, impact=form.impact(), notify=said["notify"]
        ),
        states=said["components"],
        templates=form.used_templates(),
        posted_at=said["posted_at"],
        is_backfilled=incident is not None and incident.backfilled,
        at=at,
    )


def _origin(request: StaffRequest, incident: Incident | None) -> Origin:
    asked = incident.code if incident else request.POST.get("draft", "")
    # Under a code of its own what is taken back finds its way to a draft, whatever the form said.
    return Origin(asked if is_code(asked) else new_code(), dict(request.POST.lists()))


def _sheet(request: StaffRequest, reach: Reach, *, incident: Incident | None, at: datetime) -> HttpResponse:
    """Show the numbers. Without script this is a screen, so what was typed is kept as the draft to go back to."""
    origin = _origin(request, incident)
    if not request.htmx:
        Draft.keep(page=request.page, code=origin.code, fields=origin.fields, by=request.user, at=at)
    context = {
        "reach": reach,
        "incident": incident,
        "asks_second": request.page.asks_second_person,
        "sent": [(name, one) for name, values in request.POST.lists() if name not in _OF_THE_SHEET for one in values],
        "action": request.path,
        "cancel": _writing(incident, origin),
    }
    response = answer(request, SHEET, "sheet", context, status=CONFLICT)
    response["X-Sheet"] = "1"
    return response


_OF_THE_SHEET = frozenset({"csrfmiddlewaretoken", "confirmed"})


def _writing(incident: Incident | None, origin: Origin) -> str:
    """Return where what was typed is shown again."""
    if incident is not None:
        return reverse("console:incident", kwargs={"code": incident.code})
    return f"{reverse('console:incident_new')}?draft={origin.code}"
