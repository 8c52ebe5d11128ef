"""The page of one subscription, opened by the link in each mail."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext

from incidents.lib import stamps
from incidents.lib.clock import now
from incidents.lib.visitor import client_address
from incidents.subscriptions import links
from incidents.subscriptions.choices import Leaving, SubscriberState
from incidents.subscriptions.forms.manage import LeaveForm, MoveForm
from incidents.subscriptions.forms.scope import (
    COMPONENTS,
    EVERYTHING,
    INCIDENT,
    INCIDENTS,
    MAINTENANCE,
    ScopeForm,
    as_initial,
)
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.refusals import IncidentOver, LinkRefused, NotSubscribed
from incidents.subscriptions.tokens import MANAGE
from incidents.subscriptions.views.expectation import expectation_of
from incidents.subscriptions.views.pages import editions_behind, form_page, incident_named, return_to, show, speak_to
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused

Deed = Callable[[HttpRequest, Subscriber], HttpResponse]


@form_page
def subscription_manage(request: HttpRequest, _page: Page, token: str) -> HttpResponse:
    """Show and change what a subscriber follows; pause, move, leave. Each button has a name of its own."""
    subscriber = links.subscriber_behind(MANAGE, token)
    speak_to(request, subscriber)
    if request.method == "POST":
        for name, deed in _DEEDS.items():
            if name in request.POST:
                return deed(request, subscriber)
        return _choose(request, subscriber)
    offered = incident_named(subscriber.page, request.GET.get("incident", ""))
    saved = "saved" in request.GET
    return _page_of(request, subscriber, saved=saved, moving="moving" in request.GET, offered=offered)


def _choose(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if "again" in request.POST:
        return _page_of(request, subscriber, form=ScopeForm(page=subscriber.page, initial=as_initial(request.POST)))
    form = ScopeForm(request.POST, page=subscriber.page)
    if not form.is_valid():
        return _page_of(request, subscriber, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        subscriber.choose(form.wish(), at=now())
    except NotSubscribed:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _page_of(request, subscriber, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back(request)


def _pause(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    subscriber.pause(at=now())
    return _back(request)


def _resume(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    subscriber.resume(at=now())
    return _back(request)


def _renew_secret(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if subscriber.signing_secret:
        subscriber.renew_secret(at=now())
    return _back(request)


def _share(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Ask for the typed address before leaving, or no longer; what staff have locked stays locked."""
    if subscriber.leaving != Leaving.LOCKED:
        wanted = Leaving.TYPED if request.POST["share"] == "yes" else Leaving.FREE
        subscriber.set_leaving(wanted, at=now())
    return _back(request)


def _move(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    form = MoveForm(request.POST)
    form.is_valid()
    try:
        SubscriptionRequest.ask_to_move(
            subscriber=subscriber,
            address=form.cleaned_data.get("address", ""),
            client=client_address(request.META),
            at=now(),
        )
    except LinkRefused:
        raise
    except Refused as refusal:
        form.add_error("address", refusal.sentence)
        return _page_of(request, subscriber, move=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return return_to(request, request.path, mark="moving")


def _leave(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    refused = leave(subscriber, request.POST)
    if refused is not None:
        return _page_of(request, subscriber, leave=refused, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return show(subscriber.page, "left", subscriber=subscriber)


def leave(subscriber: Subscriber, typed: QueryDict) -> LeaveForm | None:
    """End a subscription as its page or its mail asked; the form with its mistake where that was careless."""
    form = LeaveForm(typed)
    form.is_valid()
    try:
        subscriber.refuse_careless_leave(form.cleaned_data.get("typed", ""))
    except Refused as refusal:
        form.add_error("typed", refusal.sentence)
        return form
    subscriber.leave(at=now())
    return None


def leave_incident(request: HttpRequest, subscriber: Subscriber, code: str, *, back: str) -> HttpResponse:
    """End mail about one incident and return to `back`."""
    incident = incident_named(subscriber.page, code)
    if incident is None:
        raise LinkRefused(gettext("This incident is not on this page."))
    subscriber.leave_incident(incident, at=now())
    if subscriber.state == SubscriberState.LEFT:
        return show(subscriber.page, "left", subscriber=subscriber)
    return return_to(request, back, mark="saved")


def _leave_incident(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    return leave_incident(request, subscriber, request.POST["leave_incident"], back=request.path)


def _follow_incident(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    incident = incident_named(subscriber.page, request.POST["follow_incident"])
    if incident is None:
        raise LinkRefused(gettext("This incident is not on this page."))
    try:
        subscriber.follow_incident(incident, at=now())
    except IncidentOver as refusal:
        return show(subscriber.page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
    return _back(request)


_DEEDS: dict[str, Deed] = {
    "leave": _leave,
    "leave_incident": _leave_incident,
    "follow_incident": _follow_incident,
    "pause": _pause,
    "resume": _resume,
    "move": _move,
    "share": _share,
    "renew_secret": _renew_secret,
}


def _back(request: HttpRequest) -> HttpResponse:
    return return_to(request, request.path, mark="saved")


def _page_of(
    request: HttpRequest,
    subscriber: Subscriber,
    *,
    form: ScopeForm | None = None,
    move: MoveForm | None = None,
    leave: LeaveForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    at, form = now(), form or _form_of(subscriber)
    followed = subscriber.incidents_followed()
    offered = context.pop("offered", None)
    is_new = offered is not None and offered.is_open and offered not in followed
    return show(
        subscriber.page,
        "manage",
        status=status,
        subscriber=subscriber,
        form=form,
        expectation=expectation_of(form, channel=subscriber.channel, at=at),
        move=move or MoveForm(),
        leave=leave or LeaveForm(),
        paused_until=_pause_end(subscriber) if subscriber.is_paused(at=at) else "",
        incidents=followed,
        offered=offered if is_new else None,
        editions=editions_behind(request, subscriber.page),
        **context,
    )


def _pause_end(subscriber: Subscriber) -> str:
    """Return the day a pause ends, in the zone of the page."""
    until = subscriber.paused_until
    return stamps.day(until.astimezone(subscriber.page.zone).date()) if until else ""


def _form_of(subscriber: Subscriber) -> ScopeForm:
    """Return the form with what the subscriber follows now."""
    wish = subscriber.follows()
    what = COMPONENTS if wish.components else EVERYTHING
    if subscriber.follows_only_incidents:
        what = INCIDENT
    wanted = {INCIDENTS: subscriber.wants_incidents, MAINTENANCE: subscriber.wants_maintenance}
    initial = {
        "what": what,
        "components": [component.code for component in wish.components],
        "kind": [kind for kind, is_wanted in wanted.items() if is_wanted],
        "severity": subscriber.severity_floor,
        "language": subscriber.language,
        "time_zone": subscriber.time_zone,
    }
    return ScopeForm(page=subscriber.page, initial=initial)
