"""Action items: what we promised to change."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.postmortem import ActionForm, ActionStateForm, PostmortemForm, action_values
from incidents.console.loading import action_on, plain_incident_on, postmortem_of
from incidents.console.postmortem_screen import NEW_ACTION, SHOW, postmortem_screen, row_form
from incidents.lib.clock import now
from incidents.lib.text import clean_text
from incidents.timeline.models import ActionItem, Deed, HeldPost, Postmortem, Translation
from incidents.timeline.models.translation import field_of

EDIT = "console/actions/edit.html"


@staff_only
def create(request: StaffRequest, code: str) -> HttpResponse:
    """Add a promise to a postmortem somebody began; the text typed meanwhile is kept as its draft."""
    incident = plain_incident_on(request.page, code)
    postmortem = postmortem_of(incident)
    if postmortem is None:
        raise Http404
    form = ActionForm(request.POST, auto_id=NEW_ACTION)
    typed = _typed(request, postmortem)
    added = attempt(form, lambda: _add(postmortem, request, form))
    if added.refused:
        screen = postmortem_screen(incident, typed, action_form=form)
        return answer(request, SHOW, "postmortem", screen, status=UNPROCESSABLE)
    messages.success(request, "Added.")
    return _back(code)


@staff_only
def edit(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Offer everything about a promise."""
    action = action_on(request.page, code, number)
    form = ActionForm(initial=action_values(action))
    return answer(request, EDIT, "edit", _screen(action, form, ActionStateForm(initial=_state(action))))


@staff_only
def update(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Change the words, owner, day or readers of a promise."""
    action = action_on(request.page, code, number)
    form = ActionForm(request.POST)
    edited = attempt(form, lambda: action.edit(by=request.user, at=now(), **form.said()))
    if edited.refused:
        context = _screen(action, form, ActionStateForm(initial=_state(action)))
        return answer(request, EDIT, "edit", context, status=UNPROCESSABLE)
    messages.success(request, "Changed.")
    return _back(code)


@staff_only
def update_row(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Change a promise in its row beside the postmortem; the text typed meanwhile is kept as its draft."""
    incident = plain_incident_on(request.page, code)
    action = action_on(request.page, code, number)
    form = row_form(action, request.POST)
    edited = attempt(form, lambda: _edit_row(action, request, form))
    if edited.refused:
        screen = postmortem_screen(incident, _typed(request, action.postmortem), row=(action, form))
        return answer(request, SHOW, "postmortem", screen, status=UNPROCESSABLE)
    messages.success(request, "Changed.")
    return _back(code)


@staff_only
def move(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Say how far a promise is."""
    action = action_on(request.page, code, number)
    form = ActionStateForm(request.POST)
    moved = attempt(
        form,
        lambda: action.move_to(
            form.cleaned_data["state"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=now(),
        ),
    )
    if moved.refused:
        context = _screen(action, ActionForm(initial=action_values(action)), form)
        return answer(request, EDIT, "edit", context, status=UNPROCESSABLE)
    messages.success(request, "Changed.")
    return _back(code)


def _add(postmortem: Postmortem, request: StaffRequest, form: ActionForm) -> ActionItem:
    with transaction.atomic():
        _keep_typed(postmortem, request)
        return ActionItem.add(postmortem=postmortem, by=request.user, at=now(), **form.said())


def _edit_row(action: ActionItem, request: StaffRequest, form: ActionForm) -> ActionItem:
    with transaction.atomic():
        _keep_typed(action.postmortem, request)
        return action.edit(by=request.user, at=now(), **form.said())


def _keep_typed(postmortem: Postmortem, request: StaffRequest) -> None:
    typed = request.POST.get("draft", postmortem.draft)
    if clean_text(typed) != postmortem.draft:
        HeldPost.refuse_twice(postmortem.incident, Deed.POSTMORTEM)
        Postmortem.write(incident=postmortem.incident, draft=typed, by=request.user, at=now())
    Translation.of_postmortem(postmortem.incident, _translations(request), by=request.user, at=now())


def _typed(request: StaffRequest, postmortem: Postmortem) -> PostmortemForm:
    kept = {name: str(value) for name, value in request.POST.items() if name.startswith("in_")}
    draft = request.POST.get("draft", postmortem.draft)
    return PostmortemForm(incident=postmortem.incident, initial={"draft": draft, **kept})


def _translations(request: StaffRequest) -> dict[str, str]:
    """Return what was typed in further languages meanwhile."""
    fields = {language: field_of(language) for language in request.page.further_languages}
    return {language: request.POST[name] for language, name in fields.items() if name in request.POST}


def _screen(action: ActionItem, form: ActionForm, state_form: ActionStateForm) -> dict[str, Any]:
    return {
        "action": action,
        "incident": action.postmortem.incident,
        "form": form,
        "state_form": state_form,
    }


def _state(action: ActionItem) -> dict[str, str]:
    return {"state": action.state, "reason": action.reason}


def _back(code: str) -> SeeOther:
    return SeeOther(reverse("console:postmortem", kwargs={"code": code}) + "#actions")
