"""Subscribing: a form for everybody, and the page behind the link that its mail carries."""

import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from incidents.lib.clock import now
from incidents.lib.codes import may_be_code
from incidents.lib.languages import spoken
from incidents.lib.prefixes import placed
from incidents.lib.site import page_address
from incidents.lib.visitor import client_address, comes_from_elsewhere
from incidents.subscriptions import links
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.feed_addresses import feed_address
from incidents.subscriptions.forms.scope import COMPONENTS, as_initial
from incidents.subscriptions.forms.subscribe import SubscribeForm
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.models.request_record import LINK_HOURS
from incidents.subscriptions.refusals import LinkRefused, TooManyRequests
from incidents.subscriptions.stamp import stamp, weight_of
from incidents.subscriptions.views.expectation import expectation_of
from incidents.subscriptions.views.pages import editions, editions_behind, form_page, incident_named, show, speak_to
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Component, Page
from incidents.timeline.refusals import Refused

SECONDS_TO_ANSWER = 0.1
"""Every accepted request takes at least this long, several times what the work takes: whether an
address is new, known, gone or complained cannot be told by the clock."""


@form_page
def subscribe(request: HttpRequest, page: Page) -> HttpResponse:
    """Offer the form; send a link to the address that was entered.

    The button `again` only shows the form again, with what was looked for or counted: for readers without script.
    """
    began = time.monotonic()
    incident = incident_named(page, request.GET.get("incident", ""))
    if request.method != "POST":
        return _form(request, SubscribeForm(page=page, incident=incident, initial=_start(request, page)))
    if comes_from_elsewhere(request.META, host=request.get_host()):
        return show(page, "reload", status=HTTPStatus.FORBIDDEN)
    if "again" in request.POST:
        return _form(request, SubscribeForm(page=page, incident=incident, initial=as_initial(request.POST)))
    form = SubscribeForm(request.POST, page=page, incident=incident)
    if not form.is_valid():
        return _form(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if not form.is_a_robot:
            _ask(request, page, form)
    except TooManyRequests as refusal:
        form.add_error(None, refusal.sentence)
        response = _form(request, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = "3600"
        return response
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    time.sleep(max(0.0, SECONDS_TO_ANSWER - (time.monotonic() - began)))
    return show(page, "sent", status=HTTPStatus.ACCEPTED, form=form, address=form.address.strip(), hours=LINK_HOURS)


@form_page
def subscribe_confirm(request: HttpRequest, page: Page, token: str) -> HttpResponse:
    """Show what is being agreed to; agree when the button is pressed."""
    wanted = SubscriptionRequest.behind(token, at=now())
    speak_to(request, wanted.subscriber, wanted.language)
    if request.method == "POST":
        try:
            subscriber = SubscriptionRequest.confirm(token, at=now())
        except LinkRefused:
            raise
        except Refused as refusal:
            return show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
        return _confirmed(request, subscriber)
    if wanted.confirmed_at is not None:
        return _confirmed(request, wanted.subscriber)
    try:
        wish = wanted.wish()
    except Refused as refusal:
        return show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
    return show(
        wanted.subscriber.page,
        "confirm",
        subscriber=wanted.subscriber,
        agreed=_agreed(wanted, wish),
        editions=editions_behind(request, wanted.subscriber.page),
    )


def _agreed(wanted: SubscriptionRequest, wish: Wish) -> SafeString:
    """Return in a sentence what pressing the button agrees to."""
    is_mail, moves = wanted.subscriber.is_mail, wanted.moves
    if moves:
        mail, chat = (
            gettext("{address} will get mail instead of {former}, about: {wish}"),
            gettext("{address} will get messages instead of {former}, about: {wish}"),
        )
    else:
        mail = gettext("{address} will get mail about: {wish}")
        chat = gettext("{address} will get messages about: {wish}")
    return format_html(
        mail if is_mail else chat,
        address=format_html('<strong dir="ltr">{}</strong>', wanted.subscriber.shown_address),
        former=format_html('<span dir="ltr">{}</span>', moves.shown_address) if moves else "",
        wish=format_html('<span dir="auto">{}</span>', wish.in_words()),
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


def _form(request: HttpRequest, form: SubscribeForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    at, page = now(), form.page
    return show(
        page,
        "subscribe",
        status=status,
        form=form,
        action=request.get_full_path(),
        stamp=form["shown"].value() or stamp(at),
        expectation=expectation_of(form, channel=form.chosen_channel, at=at),
        feeds=_feeds(page, form),
        calendars=[(gettext("Calendar"), feed_address(page, "ics"))],
        current="subscribe",
        editions=editions(page, f"{reverse('subscribe')}{_query(request)}"),
    )


def _feeds(page: Page, form: SubscribeForm) -> list[tuple[str, str]]:
    """Return name and address of each feed; for a reader who came from a component, one of that alone too."""
    feeds = [("Atom", feed_address(page, "atom")), ("RSS", feed_address(page, "rss"))]
    # That of a component is a search, which a private page answers to people only.
    codes = [] if page.is_private else form.initial.get("components") or []
    known = [code for code in codes[:1] if may_be_code(code)]
    named = Component.objects.public().on(page).filter(code__in=known).first()
    if named is None:
        return feeds
    return [(gettext("Atom, only {name}").format(name=named.name), _feed_of(page_address(page.host), named)), *feeds]


def _feed_of(address: str, component: Component) -> str:
    return f"{address}{placed(reverse('search_feed'))}?component={component.code}"


def _query(request: HttpRequest) -> str:
    """Return what the reader came from, so that it is there in another language too."""
    named = {name: request.GET[name] for name in ("incident", "component") if may_be_code(request.GET.get(name, ""))}
    return f"?{urlencode(named)}" if named else ""


def _start(request: HttpRequest, page: Page) -> dict[str, Any]:
    """Return what the form starts from: the language it is in, where that is not the page's."""
    language = "" if spoken() == page.language else spoken()
    return {"language": language, **_component_named(request, page)}


def _component_named(request: HttpRequest, page: Page) -> dict[str, Any]:
    """Return the form's start for a reader who came from a component."""
    code = request.GET.get("component", "")
    if not may_be_code(code) or not Component.objects.public().on(page).filter(code=code).exists():
        return {}
    return {"what": COMPONENTS, "components": [code]}


def _confirmed(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    return show(
        subscriber.page,
        "confirmed",
        subscriber=subscriber,
        manage_path=links.manage_path(subscriber),
        editions=editions_behind(request, subscriber.page),
    )
