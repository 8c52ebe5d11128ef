"""Templates: what to say, prepared in daylight."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt, tell_removed
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.template import TemplateForm
from incidents.console.loading import template_on
from incidents.console.preview import preview_of_text
from incidents.console.template_trial import trial_of
from incidents.lib.clock import now
from incidents.timeline.models import IncidentTemplate
from incidents.timeline.placeholders import VARIABLES

EDIT = "console/templates/edit.html"


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List templates."""
    templates = list(request.page.templates.select_related("phase"))
    return answer(request, "console/templates/index.html", "templates", {"templates": templates})


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new template."""
    return _form(request, TemplateForm(page=request.page), None, "edit")


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Add a template."""
    return _keep(request, TemplateForm(request.POST, page=request.page), None)


@staff_only
def edit(request: StaffRequest, number: int) -> HttpResponse:
    """Offer everything about a template."""
    template = template_on(request.page, number)
    return _form(request, TemplateForm(page=request.page, template=template), template, "edit")


@staff_only
def update(request: StaffRequest, number: int) -> HttpResponse:
    """Write a template anew."""
    template = template_on(request.page, number)
    form = TemplateForm(request.POST, page=request.page, template=template)
    return _keep(request, form, template)


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what readers would see of the text; nothing is kept."""
    form = TemplateForm(request.POST, page=request.page)
    form.is_draft = True
    return _form(request, form, None, "rehearsal")


@staff_only
def remove(request: StaffRequest, number: int) -> HttpResponse:
    """Ask before removing a template."""
    context = {"template": template_on(request.page, number), "form": ConsoleForm()}
    return answer(request, "console/templates/remove.html", "removal", context)


@staff_only
def destroy(request: StaffRequest, number: int) -> HttpResponse:
    """Remove a template; incidents made from it are not touched."""
    template = template_on(request.page, number)
    template.remove(by=request.user, at=now())
    messages.success(request, f"{template.name} is removed.")
    return SeeOther(reverse("console:templates"))


def _keep(request: StaffRequest, form: TemplateForm, template: IncidentTemplate | None) -> HttpResponse:
    kept = attempt(
        form,
        lambda: IncidentTemplate.keep(
            page=request.page,
            template=template,
            name=form.cleaned_data["name"],
            kind=form.cleaned_data["kind"],
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            phase=form.chosen_phase(),
            components=form.states(),
            notify=form.cleaned_data["notify"],
            by=request.user,
            at=now(),
        ),
    )
    if kept.refused:
        return _form(request, form, template, "edit", status=UNPROCESSABLE)
    messages.success(request, f"{kept.made.name} is kept.")
    tell_removed(request, form)
    return SeeOther(reverse("console:templates"))


def _form(
    request: StaffRequest,
    form: TemplateForm,
    template: IncidentTemplate | None,
    partial: str,
    *,
    status: int = 200,
) -> HttpResponse:
    title, text = trial_of(form, page=request.page, at=now())
    context = {
        "form": form,
        "template": template,
        "variables": VARIABLES,
        "trial_title": title,
        "preview": preview_of_text(text),
    }
    return answer(request, EDIT, partial, context, status=status)
