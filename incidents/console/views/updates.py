"""Updates: post, try out, edit, take back."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import CONFLICT, UNPROCESSABLE, SeeOther, answer, attempt, tell_removed
from incidents.console.forms.edit_update import EditUpdateForm, ReasonForm
from incidents.console.forms.update import ComposeForm
from incidents.console.incident_screen import incident_screen
from incidents.console.loading import incident_on, template_on, update_on
from incidents.console.posting import publish_or_hold
from incidents.console.preview import preview_of_text
from incidents.lib.clock import now
from incidents.timeline.models import IncidentTemplate, Translation, Update

SHOW = "console/incidents/show.html"
EDIT = "console/updates/edit.html"
REMOVE = "console/updates/remove.html"


@staff_only
def create(request: StaffRequest, code: str) -> HttpResponse:
    """Post an update, at once or after the hold. Whether somebody posted meanwhile is judged under the page's lock."""
    at = now()
    incident = incident_on(request.page, code)
    form = ComposeForm(request.POST, incident=incident)
    with incident.page.locked():
        outcome = publish_or_hold(request, form, incident=incident)
    if outcome.response is not None:
        if outcome.published:
            IncidentTemplate.count_use(request.page, form.used_templates())
        return outcome.response
    screen = incident_screen(incident_on(request.page, code), form, by=request.user, at=at)
    return answer(request, SHOW, "composer", screen, status=CONFLICT if form.conflict else UNPROCESSABLE)


@staff_only
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """Show what the update will look like; nothing is kept."""
    return _tried_out(request, code, "rehearsal")


@staff_only
def audience(request: StaffRequest, code: str) -> HttpResponse:
    """Show whom the update would reach, and for what; nothing is kept."""
    return _tried_out(request, code, "audience")


@staff_only
def states(request: StaffRequest, code: str) -> HttpResponse:
    """Show the component states the chosen phase proposes; nothing is kept."""
    return _tried_out(request, code, "states")


@staff_only
def insert(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Show the composer with a template's text where the caret was, or in place of all; nothing is kept."""
    return _tried_out(request, code, "composer", template=number)


@staff_only
def edit(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Offer the text, stamp and phase of an update, with its former versions."""
    standing = update_on(request.page, code, update)
    return _edit(request, standing, EditUpdateForm(update=standing), "edit")


@staff_only
def update(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Change an update; the former version is kept."""
    standing = update_on(request.page, code, update)
    form = EditUpdateForm(request.POST, update=standing)
    edited = attempt(form, lambda: _change(request, standing, form))
    if edited.refused:
        return _edit(request, standing, form, "edit", status=UNPROCESSABLE)
    messages.success(request, "Changed. Subscribers are told." if form.notifies else "Changed. Nobody was mailed.")
    tell_removed(request, form)
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


@staff_only
def preview_edit(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Show what an edited update will look like; nothing is kept."""
    standing = update_on(request.page, code, update)
    form = EditUpdateForm(request.POST, update=standing)
    form.is_draft = True
    return _edit(request, standing, form, "rehearsal")


@staff_only
def remove(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Ask for the reason before taking an update off the page."""
    standing = update_on(request.page, code, update)
    context = {"update": standing, "incident": standing.incident, "form": ReasonForm()}
    return answer(request, REMOVE, "removal", context)


@staff_only
def destroy(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Take an update off the page, for a reason."""
    standing = update_on(request.page, code, update)
    form = ReasonForm(request.POST)
    removed = attempt(
        form,
        lambda: standing.remove(by=request.user, at=now(), reason=form.cleaned_data["reason"]),
    )
    if removed.refused:
        context = {"update": standing, "incident": standing.incident, "form": form}
        return answer(request, REMOVE, "removal", context, status=UNPROCESSABLE)
    messages.success(request, "Taken off the page. The text and your reason stay in history.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


def _change(request: StaffRequest, standing: Update, form: EditUpdateForm) -> Update:
    """Change what was changed, all of it or nothing; a translation alone is no edit readers are told of."""
    at = now()
    with transaction.atomic():
        if form.changes():
            standing.edit(by=request.user, at=at, notify=form.notifies, **form.changes())
        Translation.of_update(standing, form.translations(), by=request.user, at=at)
    return standing


def _tried_out(request: StaffRequest, code: str, partial: str, *, template: int | None = None) -> HttpResponse:
    incident = incident_on(request.page, code)
    form = ComposeForm(request.POST, incident=incident)
    form.is_draft = True
    keeps_states = False
    if template is not None:
        form.insert(template_on(request.page, template), instead="instead" in request.POST)
    elif partial == "states":
        keeps_states = not form.follow_phase()
    who = partial == "audience" or "who" in request.POST
    response = answer(request, SHOW, partial, incident_screen(incident, form, by=request.user, at=now(), who=who))
    if keeps_states:
        # A state that is chosen while this answer is under way must not be replaced by the one before.
        response["HX-Reswap"] = "none"
    return response


def _edit(
    request: StaffRequest,
    standing: Update,
    form: EditUpdateForm,
    partial: str,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "update": standing,
        "incident": standing.incident,
        "form": form,
        "preview": preview_of_text(str(form["body"].value() or "")),
        "revisions": list(standing.revisions.select_related("phase").order_by("-replaced_at")),
    }
    return answer(request, EDIT, partial, context, status=status)
