"""Public pages of consent. GET and HEAD never change anything; one button each does."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from incidents.lib.clock import now
from incidents.lib.codes import may_be_code
from incidents.lib.site import page_address
from incidents.lib.visitor import client_address, comes_from_elsewhere
from incidents.subscriptions import links
from incidents.subscriptions.forms import COMPONENTS, EVERYTHING, INCIDENT, ScopeForm, SubscribeForm
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.refusals import IncidentOver, LinkRefused, NotSubscribed, TooManyRequests
from incidents.subscriptions.tokens import MANAGE, UNSUBSCRIBE
from incidents.timeline.models import Incident, Page
from incidents.timeline.refusals import Refused

_Rest = ParamSpec("_Rest")
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The only field and value of a one-click request (RFC 8058, section 3.1)."""


def form_page(
    view: Callable[Concatenate[HttpRequest, Page, _Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _Rest], HttpResponse]:
    """Give a view the page of its host; no cookie is asked for or set.

    What proves a right here is the link somebody got by mail, so that Django's protection of
    cookies has nothing to protect.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def found(request: HttpRequest, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> HttpResponse:
        page = Page.for_host(request.get_host().partition(":")[0])
        if page is None:
            raise Http404("No status page has been set up here yet.")
        try:
            return view(request, page, *args, **kwargs)
        except NotSubscribed as refusal:
            return _show(page, "gone", status=HTTPStatus.OK, sentence=refusal.sentence)
        except LinkRefused as refusal:
            return _show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)

    return found


@form_page
def subscribe(request: HttpRequest, page: Page) -> HttpResponse:
    """Offer the form; send a link to the address that was entered."""
    incident = _incident(page, request.GET.get("incident", ""))
    if request.method != "POST":
        return _subscribe_form(page, SubscribeForm(page=page, incident=incident))
    if comes_from_elsewhere(request.META, host=request.get_host()):
        return _show(page, "reload", status=HTTPStatus.FORBIDDEN)
    form = SubscribeForm(request.POST, page=page, incident=incident)
    if form.is_a_robot:
        return _show(page, "sent", status=HTTPStatus.ACCEPTED, address=form["email"].value())
    if not form.is_valid():
        return _subscribe_form(page, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        SubscriptionRequest.ask(
            page=page,
            address=form.cleaned_data["email"],
            wish=form.wish(),
            client=client_address(request.META),
            at=now(),
        )
    except TooManyRequests as refusal:
        form.add_error(None, refusal.sentence)
        response = _subscribe_form(page, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = "3600"
        return response
    return _show(page, "sent", status=HTTPStatus.ACCEPTED, address=form.cleaned_data["email"].strip())


@form_page
def subscribe_confirm(request: HttpRequest, page: Page, token: str) -> HttpResponse:
    """Show what is being agreed to; agree when the button is pressed."""
    if request.method == "POST":
        try:
            subscriber = SubscriptionRequest.confirm(token, at=now())
        except LinkRefused:
            raise
        except Refused as refusal:
            return _show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
        return _confirmed(subscriber)
    wanted = SubscriptionRequest.behind(token, at=now())
    if wanted.confirmed_at is not None:
        return _confirmed(wanted.subscriber)
    try:
        wish = wanted.wish()
    except Refused as refusal:
        return _show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
    return _show(wanted.subscriber.page, "confirm", subscriber=wanted.subscriber, wish=wish.in_words())


@form_page
def subscription_manage(request: HttpRequest, _page: Page, token: str) -> HttpResponse:
    """Show and change what a subscriber follows; let them leave."""
    subscriber = links.subscriber_behind(MANAGE, token)
    if request.method != "POST":
        offered = _incident(subscriber.page, request.GET.get("incident", ""))
        return _manage_form(subscriber, _form_of(subscriber), saved="saved" in request.GET, offered=offered)
    if "leave" in request.POST:
        return _left(subscriber.leave(at=now()))
    if "leave_incident" in request.POST:
        return _leave_incident(subscriber, request.POST["leave_incident"], back=request.path)
    if "follow_incident" in request.POST:
        return _follow_incident(subscriber, request.POST["follow_incident"], back=request.path)
    form = ScopeForm(request.POST, page=subscriber.page)
    if not form.is_valid():
        return _manage_form(subscriber, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        subscriber.choose(form.wish(), at=now())
    except NotSubscribed:
        raise
    except Refused as refusal:
        form.add_error("what", refusal.sentence)
        return _manage_form(subscriber, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(f"{request.path}?saved", status=HTTPStatus.SEE_OTHER)


@form_page
def unsubscribe(request: HttpRequest, _page: Page, token: str) -> HttpResponse:
    """End the subscription by one button, or by the POST of a mail program (RFC 8058)."""
    subscriber = links.subscriber_behind(UNSUBSCRIBE, token)
    if request.method == "POST":
        if request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
            subscriber.leave(at=now())
            return HttpResponse(status=HTTPStatus.OK)
        if request.POST.get("confirm") == "all":
            return _left(subscriber.leave(at=now()))
        if request.POST.get("confirm") == INCIDENT:
            return _leave_incident(subscriber, request.GET.get("incident", ""), back=links.manage_path(subscriber))
    incident = _incident(subscriber.page, request.GET.get("incident", ""))
    return _show(subscriber.page, "unsubscribe", subscriber=subscriber, incident=incident)


def _subscribe_form(page: Page, form: SubscribeForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    address = page_address(page.host)
    return _show(
        page,
        "subscribe",
        status=status,
        form=form,
        feeds=[("Atom", address + reverse("feed_atom")), ("RSS", address + reverse("feed_rss"))],
        current="subscribe",
    )


def _manage_form(
    subscriber: Subscriber,
    form: ScopeForm,
    *,
    saved: bool = False,
    offered: Incident | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    followed = subscriber.incidents_followed()
    is_new = offered is not None and offered.is_open and offered not in followed
    return _show(
        subscriber.page,
        "manage",
        status=status,
        subscriber=subscriber,
        form=form,
        incidents=followed,
        offered=offered if is_new else None,
        saved=saved,
    )


def _form_of(subscriber: Subscriber) -> ScopeForm:
    """Return the form with what the subscriber follows now."""
    wish = subscriber.follows()
    what = COMPONENTS if wish.components else EVERYTHING
    if subscriber.follows_only_incidents:
        what = INCIDENT
    chosen = [component.code for component in wish.components]
    return ScopeForm(page=subscriber.page, initial={"what": what, "components": chosen})


def _leave_incident(subscriber: Subscriber, code: str, *, back: str) -> HttpResponse:
    incident = _incident(subscriber.page, code)
    if incident is None:
        raise LinkRefused("This incident is not on this page.")
    subscriber.leave_incident(incident, at=now())
    if not subscriber.is_active:
        return _left(subscriber)
    return HttpResponseRedirect(f"{back}?saved", status=HTTPStatus.SEE_OTHER)


def _follow_incident(subscriber: Subscriber, code: str, *, back: str) -> HttpResponse:
    incident = _incident(subscriber.page, code)
    if incident is None:
        raise LinkRefused("This incident is not on this page.")
    try:
        subscriber.follow_incident(incident, at=now())
    except IncidentOver as refusal:
        return _show(subscriber.page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)
    return HttpResponseRedirect(f"{back}?saved", status=HTTPStatus.SEE_OTHER)


def _incident(page: Page, code: str) -> Incident | None:
    if not may_be_code(code):
        return None
    return Incident.objects.public().on(page).filter(code=code).select_related("phase").first()


def _confirmed(subscriber: Subscriber) -> HttpResponse:
    return _show(subscriber.page, "confirmed", subscriber=subscriber, manage_path=links.manage_path(subscriber))


def _left(subscriber: Subscriber) -> HttpResponse:
    return _show(subscriber.page, "left", subscriber=subscriber)


def _show(page: Page, name: str, *, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> HttpResponse:
    """Return a page nobody keeps a copy of: links in it are somebody's right."""
    body = render_to_string(f"subscriptions/{name}.html", {"page": page} | context)
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
