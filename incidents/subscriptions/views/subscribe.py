"""Subscribing: a form for everybody, and the page behind the link that its mail carries."""

import time
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from incidents.lib.clock import now
from incidents.lib.site import page_address
from incidents.lib.visitor import client_address, comes_from_elsewhere
from incidents.subscriptions import links
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.forms import SubscribeForm
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.models.request import LINK_LIFE
from incidents.subscriptions.refusals import LinkRefused, TooManyRequests
from incidents.subscriptions.stamp import stamp, weight_of
from incidents.subscriptions.views.pages import form_page, incident_named, show
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused

SECONDS_TO_ANSWER = 0.1
"""Every accepted request takes at least this long, several times what the work takes: whether an
address is new, known, gone or complained cannot be told by the clock."""


@form_page
def subscribe(request: HttpRequest, page: Page) -> HttpResponse:
    """Offer the form; send a link to the address that was entered."""
    began = time.monotonic()
    incident = incident_named(page, request.GET.get("incident", ""))
    if request.method != "POST":
        return _form(page, SubscribeForm(page=page, incident=incident))
    if comes_from_elsewhere(request.META, host=request.get_host()):
        return show(page, "reload", status=HTTPStatus.FORBIDDEN)
    form = SubscribeForm(request.POST, page=page, incident=incident)
    if not form.is_valid():
        return _form(page, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if not form.is_a_robot:
            _ask(request, page, form)
    except TooManyRequests as refusal:
        form.add_error(None, refusal.sentence)
        response = _form(page, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = "3600"
        return response
    except Refused as refusal:
        form.refuse(refusal)
        return _form(page, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    time.sleep(max(0.0, SECONDS_TO_ANSWER - (time.monotonic() - began)))
    return show(page, "sent", status=HTTPStatus.ACCEPTED, form=form, address=form.address.strip(), hours=_link_hours())


@form_page
def subscribe_confirm(request: HttpRequest, page: Page, token: str) -> HttpResponse:
    """Show what is being agreed to; agree when the button is pressed."""
    if request.method == "POST":
        try:
            subscriber = SubscriptionRequest.confirm(token, at=now())
        except LinkRefused:
            raise
        except Refused as refusal:
            return show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
        return _confirmed(subscriber)
    wanted = SubscriptionRequest.behind(token, at=now())
    if wanted.confirmed_at is not None:
        return _confirmed(wanted.subscriber)
    try:
        wish = wanted.wish()
    except Refused as refusal:
        return show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
    return show(
        wanted.subscriber.page, "confirm", subscriber=wanted.subscriber, wish=wish.in_words(), moves=wanted.moves
    )


def _ask(request: HttpRequest, page: Page, form: SubscribeForm) -> None:
    at = now()
    SubscriptionRequest.ask(
        page=page,
        channel=ChannelKind(form.chosen_channel) if form.chosen_channel in ChannelKind.values else ChannelKind.EMAIL,
        address=form.address,
        contact_email="" if form.is_mail else form.cleaned_data["contact_email"],
        wish=form.wish(),
        client=client_address(request.META),
        at=at,
        weight=weight_of(form.cleaned_data["shown"], at=at),
    )


def _form(page: Page, form: SubscribeForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    address = page_address(page.host)
    return show(
        page,
        "subscribe",
        status=status,
        form=form,
        stamp=form["shown"].value() or stamp(now()),
        feeds=[("Atom", address + reverse("feed_atom")), ("RSS", address + reverse("feed_rss"))],
        current="subscribe",
    )


def _confirmed(subscriber: Subscriber) -> HttpResponse:
    return show(subscriber.page, "confirmed", subscriber=subscriber, manage_path=links.manage_path(subscriber))


def _link_hours() -> int:
    return int(LINK_LIFE.total_seconds() // 3600)
