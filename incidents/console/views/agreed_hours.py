"""The hours in which maintenance is expected."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.agreed_hours import AgreedHoursForm
from incidents.lib.clock import now

EDIT = "console/pages/hours.html"


@staff_only
def edit(request: StaffRequest) -> HttpResponse:
    """Offer the hours."""
    return answer(request, EDIT, "hours", {"form": AgreedHoursForm(page=request.page)})


@staff_only
def update(request: StaffRequest) -> HttpResponse:
    """Agree on other hours, or on none."""
    form = AgreedHoursForm(request.POST, page=request.page)
    agreed = attempt(form, lambda: request.page.edit(agreed_hours=form.hours(), by=request.user, at=now()))
    if agreed.refused:
        return answer(request, EDIT, "hours", {"form": form}, status=UNPROCESSABLE)
    messages.success(request, "Kept. The planner warns of windows outside them.")
    return SeeOther(reverse("console:agreed_hours"))
