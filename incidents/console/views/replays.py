"""Replays: one message to an endpoint once more."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.delivery import PauseForm
from incidents.console.views.deliveries import CHANNEL, channel_screen
from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.notifications.replaying import replay


@staff_only
def create(request: StaffRequest, number: int) -> HttpResponse:
    """Send one message again and go back to the report it stands in."""
    delivery = get_object_or_404(Delivery.objects.on(request.page).select_related("event__update__incident"), pk=number)
    form = ConsoleForm(request.POST)
    if attempt(form, lambda: replay(delivery, by=request.user, at=now())).refused:
        messages.error(request, " ".join(str(mistake) for mistake in form.non_field_errors()))
        screen = channel_screen(request, delivery.channel, PauseForm())
        return answer(request, CHANNEL, "channel", screen, status=UNPROCESSABLE)
    messages.success(request, "It is on its way again, under the same identity.")
    return SeeOther(_report_of(delivery))


def _report_of(delivery: Delivery) -> str:
    update = delivery.event.update if delivery.event else None
    if update is None:
        return reverse("console:delivery_channel", kwargs={"channel": delivery.channel})
    return reverse("console:update_deliveries", kwargs={"code": update.incident.code, "update": update.code})
