"""Ending a subscription: one button for people, one POST for mail programs (RFC 8058)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from incidents.lib.clock import now
from incidents.subscriptions import links
from incidents.subscriptions.choices import Leaving
from incidents.subscriptions.forms.manage import LeaveForm
from incidents.subscriptions.forms.scope import INCIDENT
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.tokens import UNSUBSCRIBE
from incidents.subscriptions.views.manage import leave, leave_incident
from incidents.subscriptions.views.pages import editions_behind, form_page, incident_named, show, speak_to
from incidents.timeline.models import Page

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The only field and value of a one-click request (RFC 8058, section 3.1)."""


@form_page
def unsubscribe(request: HttpRequest, _page: Page, token: str) -> HttpResponse:
    """End the subscription by one button, or by the POST of a mail program (RFC 8058).

    An address several people read, or one staff have locked, is not ended by one click: any of
    them could take it from all. Their mails offer none.
    """
    subscriber = links.subscriber_behind(UNSUBSCRIBE, token)
    speak_to(request, subscriber)
    if request.method == "POST":
        if request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1] and subscriber.leaving == Leaving.FREE:
            subscriber.leave(at=now())
            return HttpResponse(status=HTTPStatus.OK)
        if request.POST.get("confirm") == "all":
            refused = leave(subscriber, request.POST)
            if refused is not None:
                return _page_of(request, subscriber, refused, HTTPStatus.UNPROCESSABLE_ENTITY)
            return show(subscriber.page, "left", subscriber=subscriber)
        if request.POST.get("confirm") == INCIDENT:
            code = request.GET.get("incident", "")
            return leave_incident(request, subscriber, code, back=links.manage_path(subscriber))
    return _page_of(request, subscriber, LeaveForm())


def _page_of(
    request: HttpRequest, subscriber: Subscriber, form: LeaveForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    incident = incident_named(subscriber.page, request.GET.get("incident", ""))
    return show(
        subscriber.page,
        "unsubscribe",
        status=status,
        subscriber=subscriber,
        incident=incident,
        leave=form,
        editions=editions_behind(request, subscriber.page),
    )
