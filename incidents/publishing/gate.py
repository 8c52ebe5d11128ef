"""Before every public address: pages that are not public are read by whom they let in, and say nothing to others.

A middleware and not a decorator, so that a new public address is guarded without anybody thinking of it.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.lib.clock import now
from incidents.lib.languages import speaking
from incidents.lib.prefixes import parted
from incidents.lib.text import storable
from incidents.lib.visitor import client_address
from incidents.publishing.documents import feeds
from incidents.publishing.documents.calendar import calendar
from incidents.publishing.entering import (
    QUARTER,
    count_try,
    give_pass,
    is_let_in,
    knows_password,
)
from incidents.publishing.readings import Readings
from incidents.publishing.views import not_found, page_of
from incidents.staff.bearing import TooManyCalls, token_of
from incidents.staff.credentials import comparable, name_behind
from incidents.staff.limits import LONGEST_PASSWORD, TooManyTries, forgive_sign_in, take_sign_in
from incidents.staff.scopes import Scope
from incidents.subscriptions.feed_addresses import is_feed_token
from incidents.timeline.access import Access
from incidents.timeline.models import Page

_Response = TypeVar("_Response", bound=HttpResponseBase)

ENTER = "/enter"

_WITH_DOORS_OF_THEIR_OWN = ("/console", "/admin", "/bounces/", "/private/", "/hosts/", ENTER)
"""Who comes there proves something else: a session of staff, a secret, the password itself."""

_FOR_HOLDERS_OF_A_LINK = ("/subscribe/confirm/", "/subscription/", "/unsubscribe/")
"""The link from a mail is the proof; a wrong one gets no more than anybody else."""

_FEEDS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "ics": "text/calendar"}


class Gate:
    """Refuses the readers of a private page who are not let in; keeps what the others read out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        path = parted(request.path)[1]
        if path.startswith(_WITH_DOORS_OF_THEIR_OWN):
            return self._get_response(request)
        page = page_of(request)
        if page is None or not page.is_private:
            return self._get_response(request)
        has_link = path.startswith(_FOR_HOLDERS_OF_A_LINK)
        try:
            has_token = token_of(request, page=page, scope=Scope.READ_PAGE, at=now()) is not None
        except TooManyCalls:
            return _slower()
        if not has_link and not has_token and not is_let_in(request, page):
            return closed(request, page)
        response = self._get_response(request)
        if has_link and response.status_code >= HTTPStatus.BAD_REQUEST and not is_let_in(request, page):
            return closed(request, page)
        return _kept_by_nobody(response)


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Let in who knows the password or has an account, and lead to where they wanted to go."""
    page = page_of(request)
    if page is None or not page.is_private:
        return not_found(request)
    ways = {Access.SIGN_IN: _by_account, Access.PASSWORD: _by_password}
    way = ways.get(Access(page.access))
    with speaking(page.language):
        if way is None:
            return closed(request, page, problem=gettext("There is no password for this page."))
        return way(request, page)


def _by_account(request: HttpRequest, page: Page) -> HttpResponse:
    """Sign somebody in, by way of the second factor where they have one, and lead to what they wanted."""
    name, at = storable(request.POST.get("username", "")).strip(), now()
    try:
        take_sign_in(name, client=client_address(request.META), at=at)
    except TooManyTries:
        return _too_many(request, page)
    password = request.POST.get("password", "")
    is_plausible = len(password) <= LONGEST_PASSWORD
    user = authenticate(request, username=name_behind(name), password=comparable(password)) if is_plausible else None
    if user is None:
        problem = gettext("That did not work. Check the user name and the password, then try again.")
        return closed(request, page, problem=problem)
    forgive_sign_in(name, at=at)
    response: HttpResponse = perform_password_login(request, {}, Login(user=user, redirect_url=_wanted(request)))
    response.status_code = HTTPStatus.SEE_OTHER
    return _kept_by_nobody(response)


def _by_password(request: HttpRequest, page: Page) -> HttpResponse:
    """Let somebody in who knows the password of the page."""
    try:
        count_try(page, client=client_address(request.META), at=now())
    except TooManyTries:
        return _too_many(request, page)
    if not knows_password(page, request.POST.get("password", "")):
        return closed(request, page, problem=gettext("That is not the password."))
    let_in = HttpResponseRedirect(_wanted(request))
    let_in.status_code = HTTPStatus.SEE_OTHER
    give_pass(let_in, page)
    return _kept_by_nobody(let_in)


def _too_many(request: HttpRequest, page: Page) -> HttpResponse:
    problem = gettext("Too many tries. Wait a quarter of an hour, then try again.")
    response = closed(request, page, problem=problem, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(int(QUARTER.total_seconds()))
    return response


def private_feed(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Answer a feed of a private page to who knows its address; to others there is nothing, whoever they are."""
    page = page_of(request)
    if page is None or not page.is_private or not is_feed_token(page, token) or kind not in _FEEDS:
        return _nothing()
    readings = Readings(page, seen_at=now())
    body = calendar(readings.calendar) if kind == "ics" else getattr(feeds, kind)(readings.feed)
    return _kept_by_nobody(HttpResponse(body, content_type=f"{_FEEDS[kind]}; charset=utf-8"))


def closed(
    request: HttpRequest, page: Page, *, problem: str = "", status: HTTPStatus = HTTPStatus.FORBIDDEN
) -> HttpResponse:
    """Say that a page is private and how to get in: the same at every address, whatever is or is not there."""
    if not _wants_page(request):
        response = HttpResponse("This page is private.\n", "text/plain; charset=utf-8", status)
        return _kept_by_nobody(response)
    with speaking(page.language):
        context = {"access": page.access, "problem": problem, "next": _wanted(request), "enter": ENTER}
        return _kept_by_nobody(render(request, "public/closed.html", context, status=status))


def _slower() -> HttpResponse:
    response = HttpResponse("Too many calls; wait a minute.\n", "text/plain", HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = "60"
    return _kept_by_nobody(response)


def _nothing() -> HttpResponse:
    return _kept_by_nobody(HttpResponse("Nothing here.\n", "text/plain; charset=utf-8", HTTPStatus.NOT_FOUND))


def _wants_page(request: HttpRequest) -> bool:
    """Say whether a person looks at the answer: programs and pictures get a line of text."""
    return "text/html" in request.headers.get("Accept", "") or request.path == ENTER


def _wanted(request: HttpRequest) -> str:
    """Return the address somebody wanted to read, within this site."""
    wanted = request.POST.get("next") or ("/" if request.path == ENTER else request.get_full_path())
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours else "/"


def _kept_by_nobody(response: _Response) -> _Response:
    """Let no cache, no search engine and no other site have an answer of a private page."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    for name in ("ETag", "Last-Modified", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"):
        if name in response:
            del response[name]
    return response
