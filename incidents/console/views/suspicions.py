"""Suspected incidents: confirm or dismiss in one action each, and take a dismissal back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import SeeOther, attempt
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.suspicion import ConfirmForm
from incidents.console.loading import incident_on, suspicion_on
from incidents.console.posting import publish_or_hold
from incidents.lib.clock import now
from incidents.timeline.models import HeldPost, Incident, IncidentVisibility, Suspicion


@staff_only
def confirm(request: StaffRequest, code: str) -> HttpResponse:
    """Tell readers that something is wrong, in the words shown beside the button. It is held like any other post.

    Whether somebody has confirmed it already is judged under the page's lock.
    """
    with request.page.locked():
        return _confirm(request, incident_on(request.page, code))


def _confirm(request: StaffRequest, incident: Incident) -> HttpResponse:
    is_held = HeldPost.objects.pending().filter(incident=incident).exists()
    if is_held or incident.visibility not in {IncidentVisibility.SUSPECTED, IncidentVisibility.DISMISSED}:
        messages.info(request, "Somebody has confirmed it already.")
        return SeeOther(reverse("console:incident", kwargs={"code": incident.code}))
    form = ConfirmForm(request.POST, incident=incident)
    outcome = publish_or_hold(request, form, incident=incident)
    if outcome.response is None:
        messages.error(request, " ".join(sentence for _id, sentence in form.mistakes()) or "Look at it once more.")
        return SeeOther(reverse("console:incident", kwargs={"code": incident.code}))
    return outcome.response


@staff_only
def dismiss(request: StaffRequest, code: str) -> HttpResponse:
    """Say that nothing is wrong; taking that back is offered for a day."""
    return _judge(request, suspicion_on(request.page, code).dismiss)


@staff_only
def again(request: StaffRequest, code: str) -> HttpResponse:
    """Take a dismissal back."""
    return _judge(request, suspicion_on(request.page, code).suspect_again)


def _judge(request: StaffRequest, verb: Callable[..., Suspicion]) -> HttpResponse:
    form = ConsoleForm(request.POST)
    if attempt(form, lambda: verb(by=request.user, at=now())).refused:
        for _id, sentence in form.mistakes():
            messages.error(request, sentence)
    return SeeOther(reverse("console:now"))
