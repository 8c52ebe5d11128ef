"""Trial mails: does mail work, and what does the relay say?"""

from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, answer, attempt
from incidents.console.forms.trial import TrialForm
from incidents.lib.clock import now
from incidents.notifications.doctor.trial import send_trial
from incidents.subscriptions.addresses import clean_address

TEMPLATE = "console/trials/new.html"


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form with the address of whoever asks."""
    return answer(request, TEMPLATE, "trial", {"form": TrialForm(initial={"address": request.user.email})})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Send a mail and show the other side's exact words."""
    form = TrialForm(request.POST)
    cleaned = attempt(form, lambda: clean_address(form.cleaned_data["address"]))
    if cleaned.refused:
        return answer(request, TEMPLATE, "trial", {"form": form}, status=UNPROCESSABLE)
    trial = send_trial(address=cleaned.made, page=request.page, at=now())
    return answer(request, TEMPLATE, "trial", {"form": form, "trial": trial})
