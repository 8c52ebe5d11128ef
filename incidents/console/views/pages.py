"""Pages: add, settings, own phases, and which one to work on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from incidents.console.access import (
    CHOSEN_PAGE,
    StaffRequest,
    staff_only,
    staff_without_page,
)
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.page import NewPageForm, PageForm, PhaseForm, page_values, zones
from incidents.lib.clock import now
from incidents.staff.standing import pages_of
from incidents.timeline.models import Page

NEW = "console/pages/new.html"
EDIT = "console/pages/edit.html"


@staff_without_page
def new(request: HttpRequest) -> HttpResponse:
    """Offer the form for a new page."""
    form = NewPageForm(initial={"time_zone": "UTC"})
    return render(request, NEW, {"form": form, "zones": zones()})


@staff_without_page
def create(request: HttpRequest) -> HttpResponse:
    """Add a page and work on it."""
    form = NewPageForm(request.POST)
    made = attempt(form, lambda: Page.create(by=str(request.user), at=now(), **form.cleaned_data))
    if made.refused:
        context = {"form": form, "zones": zones()}
        return render(request, NEW, context, status=UNPROCESSABLE)
    request.session[CHOSEN_PAGE] = made.made.code
    return SeeOther(reverse("console:now"))


@staff_only
def edit(request: StaffRequest) -> HttpResponse:
    """Offer the settings of the page."""
    form = PageForm(initial=page_values(request.page))
    return answer(request, EDIT, "settings", _screen(form, PhaseForm(auto_id="phase_%s")))


@staff_only
def update(request: StaffRequest) -> HttpResponse:
    """Change the settings of the page."""
    form = PageForm(request.POST)
    edited = attempt(form, lambda: request.page.edit(by=request.user, at=now(), **form.said()))
    if edited.refused:
        context = _screen(form, PhaseForm(auto_id="phase_%s"))
        return answer(request, EDIT, "settings", context, status=UNPROCESSABLE)
    messages.success(request, "Changed.")
    return SeeOther(reverse("console:page"))


@staff_only
def add_phase(request: StaffRequest) -> HttpResponse:
    """Add a phase of the page's own."""
    form = PhaseForm(request.POST, auto_id="phase_%s")
    added = attempt(
        form,
        lambda: request.page.add_phase(
            label=form.cleaned_data["label"],
            slug=form.cleaned_data["slug"] or slugify(form.cleaned_data["label"]),
            canonical=form.cleaned_data["canonical"],
            by=request.user,
            at=now(),
        ),
    )
    if added.refused:
        context = _screen(PageForm(initial=page_values(request.page)), form)
        return answer(request, EDIT, "settings", context, status=UNPROCESSABLE)
    messages.success(request, f"{added.made.label} can be chosen now.")
    return SeeOther(reverse("console:page"))


@staff_only
def choose(request: StaffRequest) -> HttpResponse:
    """Work on another page from now on."""
    asked = request.POST.get("page", "")
    page = next((page for page in pages_of(request.user) if page.code == asked), None)
    if page is None:
        raise Http404
    request.session[CHOSEN_PAGE] = page.code
    return SeeOther(reverse("console:now"))


def _screen(form: PageForm, phase_form: PhaseForm) -> dict[str, Any]:
    return {"form": form, "phase_form": phase_form, "zones": zones()}
