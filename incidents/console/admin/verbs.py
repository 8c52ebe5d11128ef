"""Actions of the admin that call the verbs: choose rows, say what, and it happens as in the console."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from incidents.console.forms.console_form import ConsoleForm
from incidents.timeline.refusals import Refused

CONFIRMED = "said"
"""Name of the button on the form page; its absence means that the form was not shown yet."""


def acting_user(request: HttpRequest) -> User:
    """Return who asks; the admin lets nobody in who is not signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def ask_then_act(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    action: str,
    title: str,
    button: str,
    make_form: Callable[[QueryDict | None], ConsoleForm],
    act: Callable[[Any, ConsoleForm], object],
) -> HttpResponse | None:
    """Show the form for the chosen rows, or act on each of them once it was filled in.

    What a verb refuses is said at the top of the list, row by row; the others are done.
    """
    form = make_form(request.POST if CONFIRMED in request.POST else None)
    if form.is_bound and form.is_valid():
        for row in rows:
            _act_on(model_admin, request, row, form, act)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.model._meta,
        "form": form,
        "rows": rows,
        "action": action,
        "button": button,
        "confirmed": CONFIRMED,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/say.html", context, status=422 if form.is_bound else 200)


def _act_on(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    row: Model,
    form: ConsoleForm,
    act: Callable[[Any, ConsoleForm], object],
) -> None:
    try:
        act(row, form)
    except Refused as refusal:
        model_admin.message_user(request, f"{row}: {refusal.sentence}", messages.ERROR)
    else:
        model_admin.message_user(request, f"{row}: done.", messages.SUCCESS)
