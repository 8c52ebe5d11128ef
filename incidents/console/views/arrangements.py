"""What happens by itself to a maintenance that is planned."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.maintenance import REMINDERS, RearrangeForm
from incidents.console.loading import maintenance_on
from incidents.console.maintenance_screen import step_screen
from incidents.console.planner import coming_dates, reminder_words
from incidents.lib.clock import now
from incidents.timeline.models import Maintenance

EDIT = "console/maintenances/arrange.html"


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer the switches, the reminders and the repetition."""
    maintenance = maintenance_on(request.page, code)
    return _shown(request, maintenance, RearrangeForm(maintenance=maintenance))


@staff_only
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """Show the coming dates; nothing is kept."""
    maintenance = maintenance_on(request.page, code)
    form = RearrangeForm(request.POST, maintenance=maintenance)
    form.is_draft = True
    return _shown(request, maintenance, form, partial="dates")


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Change what happens by itself; nobody is told."""
    maintenance = maintenance_on(request.page, code)
    form = RearrangeForm(request.POST, maintenance=maintenance)
    arranged = attempt(
        form,
        lambda: maintenance.arrange(
            recurrence=form.cleaned_data["rule"], by=request.user, at=now(), **form.arrangement()
        ),
    )
    if arranged.refused:
        return _shown(request, maintenance_on(request.page, code), form, status=UNPROCESSABLE)
    messages.success(request, "Changed. Nobody was told.")
    return SeeOther(reverse("console:incident", kwargs={"code": code}))


def _shown(
    request: StaffRequest, maintenance: Maintenance, form: RearrangeForm, *, partial: str = "edit", status: int = 200
) -> HttpResponse:
    at = now()
    if form.is_bound:
        form.is_valid()
    rule = form.cleaned_data.get("rule", "") if form.is_bound else maintenance.recurrence
    context = step_screen(maintenance, form, at=at)
    starts_at, _ = maintenance.window
    context["dates"] = coming_dates(maintenance, rule=rule, at=at)
    context["reminders"] = [
        (minutes, reminder_words(context["audience"], minutes=int(minutes), starts_at=starts_at, at=at))
        for minutes, _ in REMINDERS
    ]
    return answer(request, EDIT, partial, context, status=status)
