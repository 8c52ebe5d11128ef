"""Component groups: add, edit, place, remove."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.component import GroupForm, group_values
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.loading import group_on
from incidents.lib.clock import now
from incidents.timeline import ordering
from incidents.timeline.models import ComponentGroup

EDIT = "console/groups/edit.html"
REMOVE = "console/groups/remove.html"


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new group."""
    return answer(request, EDIT, "edit", {"form": GroupForm(), "group": None})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Add a group."""
    form = GroupForm(request.POST)
    added = attempt(form, lambda: ComponentGroup.add(page=request.page, by=request.user, at=now(), **form.said()))
    if added.refused:
        return answer(request, EDIT, "edit", {"form": form, "group": None}, status=UNPROCESSABLE)
    messages.success(request, f"{added.made.name} is added.")
    return SeeOther(reverse("console:components"))


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer everything about a group."""
    group = group_on(request.page, code)
    return answer(request, EDIT, "edit", {"form": GroupForm(initial=group_values(group)), "group": group})


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Change a group."""
    group = group_on(request.page, code)
    form = GroupForm(request.POST)
    edited = attempt(form, lambda: group.edit(by=request.user, at=now(), **form.said()))
    if edited.refused:
        context = {"form": form, "group": group_on(request.page, code)}
        return answer(request, EDIT, "edit", context, status=UNPROCESSABLE)
    messages.success(request, f"{group.name} is changed.")
    return SeeOther(reverse("console:components"))


@staff_only
def move(request: StaffRequest, code: str, places: int) -> HttpResponse:
    """Move a group up or down among its neighbours."""
    ordering.move(group_on(request.page, code), places=places, by=request.user, at=now())
    return SeeOther(reverse("console:components"))


@staff_only
def remove(request: StaffRequest, code: str) -> HttpResponse:
    """Ask before removing a group."""
    context = {"group": group_on(request.page, code), "form": ConsoleForm()}
    return answer(request, REMOVE, "removal", context)


@staff_only
def destroy(request: StaffRequest, code: str) -> HttpResponse:
    """Remove a group; its components stay."""
    group = group_on(request.page, code)
    group.remove(by=request.user, at=now())
    messages.success(request, f"{group.name} is removed; its components stay on the page.")
    return SeeOther(reverse("console:components"))
