"""The postmortem of an incident: write, try out, publish."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.announcing import announce
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt, tell_removed
from incidents.console.audience import audience
from incidents.console.forms.postmortem import PostmortemForm, PublicationForm
from incidents.console.loading import plain_incident_on, postmortem_of
from incidents.console.opening import opened_postmortem, postmortem_fields
from incidents.console.postmortem_screen import SHOW, postmortem_screen
from incidents.lib.clock import now
from incidents.lib.numbers import whole_number
from incidents.timeline.models import Deed, HeldPost, Incident, Postmortem, Translation
from incidents.timeline.postmortems.sections import timeline_of, with_timeline


@staff_only
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the draft, or the suggested sections where nobody began."""
    incident = plain_incident_on(request.page, code)
    form, draft = opened_postmortem(incident)
    return answer(request, SHOW, "postmortem", {**postmortem_screen(incident, form), "draft": draft})


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Keep the draft."""
    return _kept(request, code, "Draft kept. Readers do not see it yet.")


@staff_only
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """Show what readers will see; nothing is kept."""
    incident = plain_incident_on(request.page, code)
    form = PostmortemForm(request.POST, incident=incident)
    form.is_draft = True
    return answer(request, SHOW, "rehearsal", postmortem_screen(incident, form))


@staff_only
def fill(request: StaffRequest, code: str) -> HttpResponse:
    """Put the ticked lines into the timeline of what is typed; nothing is kept."""
    incident = plain_incident_on(request.page, code)
    form = PostmortemForm(request.POST, incident=incident)
    form.is_draft = True
    wanted = {number for number in map(whole_number, request.POST.getlist("line")) if number is not None}
    lines = [line for number, line in enumerate(timeline_of(incident)) if number in wanted]
    form.retype({"draft": with_timeline(str(form["draft"].value() or ""), lines)})
    return answer(request, SHOW, "postmortem", postmortem_screen(incident, form, wanted=wanted))


@staff_only
def submit(request: StaffRequest, code: str) -> HttpResponse:
    """Keep what is typed and say that it is ready for somebody else to read."""
    return _kept(request, code, "Ready for review. Readers do not see it yet.", then=Postmortem.submit)


@staff_only
def send_back(request: StaffRequest, code: str) -> HttpResponse:
    """Keep what is typed and say that it needs more work."""
    return _kept(request, code, "A draft again.", then=Postmortem.send_back)


@staff_only
def publish(request: StaffRequest, code: str) -> HttpResponse:
    """Keep what is typed and show it to readers, at once or after the hold; changes later on are told to nobody."""
    incident = plain_incident_on(request.page, code)
    form = PostmortemForm(request.POST, incident=incident)
    begun, wish = postmortem_of(incident), PublicationForm(request.POST)
    is_first = begun is None or not begun.is_published
    notify = is_first and wish.is_valid() and wish.cleaned_data["notify"]
    published = announce(
        request,
        form,
        deed=Deed.POSTMORTEM,
        incident=incident,
        said=lambda: {**form.said(), "notify": notify},
        told=lambda: audience(request.page, incident=incident, notify=notify),
        done="Published. It stands first on the incident's page.",
        fields=postmortem_fields(request.POST),
    )
    return published or _refused(request, incident, form)


Step = Callable[..., Postmortem]
"""A verb that takes a written postmortem further."""


def _kept(request: StaffRequest, code: str, sentence: str, *, then: Step | None = None) -> HttpResponse:
    """Keep what is typed, take it further by `then`, and answer with the screen; with the form where it was refused."""
    incident = plain_incident_on(request.page, code)
    form = PostmortemForm(request.POST, incident=incident)
    if attempt(form, lambda: _write(request, incident, form, then=then)).refused:
        return _refused(request, incident, form)
    messages.success(request, sentence)
    tell_removed(request, form)
    return SeeOther(reverse("console:postmortem", kwargs={"code": code}))


def _write(request: StaffRequest, incident: Incident, form: PostmortemForm, *, then: Step | None) -> Postmortem:
    at, draft = now(), form.cleaned_data["draft"]
    # What is held takes the place of the draft when it leaves; what is kept meanwhile would be lost.
    HeldPost.refuse_twice(incident, Deed.POSTMORTEM)
    postmortem = Postmortem.write(incident=incident, draft=draft, by=request.user, at=at)
    Translation.of_postmortem(incident, form.translations(), by=request.user, at=at)
    return then(postmortem, by=request.user, at=at) if then else postmortem


def _refused(request: StaffRequest, incident: Incident, form: PostmortemForm) -> HttpResponse:
    return answer(request, SHOW, "postmortem", postmortem_screen(incident, form), status=UNPROCESSABLE)
