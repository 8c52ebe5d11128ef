"""Components: list with their states, add, edit, place, archive."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.component import ComponentForm, PlaceForm, StatusForm, component_values
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.listing import sections
from incidents.console.loading import component_on
from incidents.lib.clock import now
from incidents.timeline import ordering
from incidents.timeline.models import Component, Page, Visibility
from incidents.timeline.states import ComponentStatus
from incidents.timeline.truth import components_without_words

INDEX = "console/components/index.html"
EDIT = "console/components/edit.html"


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List groups and components with their states."""
    return answer(request, INDEX, "components", _list(request.page))


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new component."""
    initial = {"showcase": True, "visibility": Visibility.PUBLIC, "started_on": request.page.today(at=now())}
    form = ComponentForm(page=request.page, initial=initial)
    return answer(request, EDIT, "edit", {"form": form, "component": None})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Add a component."""
    form = ComponentForm(request.POST, page=request.page)
    added = attempt(form, lambda: Component.add(page=request.page, by=request.user, at=now(), **form.said()))
    if added.refused:
        return _refused(request, form, None)
    messages.success(request, f"{added.made.name} is on the page.")
    return SeeOther(reverse("console:components"))


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer everything about a component but its state."""
    component = component_on(request.page, code)
    form = ComponentForm(page=request.page, initial=component_values(component))
    return answer(request, EDIT, "edit", {"form": form, "component": component})


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Change a component."""
    component = component_on(request.page, code)
    form = ComponentForm(request.POST, page=request.page)
    edited = attempt(form, lambda: component.edit(by=request.user, at=now(), **form.said()))
    if edited.refused:
        return _refused(request, form, component_on(request.page, code))
    messages.success(request, f"{component.name} is changed.")
    return SeeOther(reverse("console:components"))


@staff_only
def set_status(request: StaffRequest, code: str) -> HttpResponse:
    """Set the state of a component outside any incident."""
    component = component_on(request.page, code)
    form = StatusForm(request.POST)
    done = attempt(
        form,
        lambda: component.set_status(form.cleaned_data["status"], by=request.user, at=now()),
    )
    if done.refused:
        context = _list(request.page, refused=form, at=component)
        return answer(request, INDEX, "components", context, status=UNPROCESSABLE)
    label = str(ComponentStatus(component.status).label).lower()
    messages.success(request, f"{component.name} is {label} now.")
    return _listed(request)


@staff_only
def move(request: StaffRequest, code: str, places: int) -> HttpResponse:
    """Move a component up or down among its neighbours."""
    ordering.move(component_on(request.page, code), places=places, by=request.user, at=now())
    return _listed(request)


@staff_only
def place(request: StaffRequest, code: str) -> HttpResponse:
    """Put a component where it was dragged: `places` down among its neighbours, or up where that is negative."""
    component = component_on(request.page, code)
    form = PlaceForm(request.POST)
    placed = attempt(
        form, lambda: ordering.move(component, places=form.cleaned_data["places"], by=request.user, at=now())
    )
    if placed.refused:
        context = _list(request.page, refused=form, at=component)
        return answer(request, INDEX, "components", context, status=UNPROCESSABLE)
    return _listed(request)


@staff_only
def remove(request: StaffRequest, code: str) -> HttpResponse:
    """Ask before taking a component off the page."""
    context = {"component": component_on(request.page, code), "form": ConsoleForm()}
    return answer(request, "console/components/remove.html", "removal", context)


@staff_only
def destroy(request: StaffRequest, code: str) -> HttpResponse:
    """Take a component off the page; its past stays in history."""
    component = component_on(request.page, code)
    form = ConsoleForm(request.POST)
    removed = attempt(form, lambda: component.archive(by=request.user, at=now()))
    if removed.refused:
        context = {"component": component, "form": form}
        return answer(request, "console/components/remove.html", "removal", context, status=UNPROCESSABLE)
    messages.success(request, f"{component.name} is off the page.")
    return SeeOther(reverse("console:components"))


def _listed(request: StaffRequest) -> HttpResponse:
    """Answer with the list in place, or by the way to it."""
    if request.htmx:
        return answer(request, INDEX, "components", _list(request.page))
    return SeeOther(reverse("console:components"))


def _refused(request: StaffRequest, form: ComponentForm, component: Component | None) -> HttpResponse:
    context = {"form": form, "component": component}
    return answer(request, EDIT, "edit", context, status=UNPROCESSABLE)


def _list(page: Page, *, refused: ConsoleForm | None = None, at: Component | None = None) -> dict[str, Any]:
    return {
        "sections": sections(page),
        "statuses": ComponentStatus.choices,
        "silent": set(components_without_words(page).values_list("pk", flat=True)),
        "mistakes": [sentence for _, sentence in refused.mistakes()] if refused else [],
        "mistaken": at,
    }
