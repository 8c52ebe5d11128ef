"""Public addresses: find the page, read the facts, make the document, answer."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from incidents.lib.clock import now
from incidents.publishing.answers import answer
from incidents.publishing.documents import feeds
from incidents.publishing.documents.edits import edits as edits_document
from incidents.publishing.documents.history import history as history_document
from incidents.publishing.documents.incident import incident as incident_document
from incidents.publishing.documents.index import headline
from incidents.publishing.documents.index import index as index_document
from incidents.publishing.documents.missing import missing
from incidents.publishing.documents.uptime import component as component_document
from incidents.publishing.documents.uptime import uptime as uptime_document
from incidents.publishing.facts.documents import (
    NothingThere,
    component_facts,
    edits_facts,
    feed_facts,
    history_facts,
    incident_facts,
    index_facts,
    uptime_facts,
)
from incidents.publishing.facts.page import page_facts
from incidents.publishing.reading_only import reading_only
from incidents.timeline.models import Page

HISTORY_PAGES_AT_MOST = 400
"""A hundred years; a larger number is nobody's honest question."""


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Give a view the page of the host it was asked at; answer 404 where nothing is there."""

    @reading_only
    @wraps(view)
    def found(request: HttpRequest, **kwargs: str) -> HttpResponse:
        page = _page_of(request)
        if page is None:
            return not_found(request)
        try:
            return view(request, page, **kwargs)
        except NothingThere:
            return not_found(request)

    return found


@public
def index(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the first page."""
    return answer(request, index_document(index_facts(page, seen_at=now())))


@public
def incident(request: HttpRequest, page: Page, code: str) -> HttpResponse:
    """Show one incident or maintenance."""
    facts = incident_facts(page, code)
    return answer(request, incident_document(facts, page_facts(page, seen_at=now())))


@public
def edits(request: HttpRequest, page: Page, code: str, update: str) -> HttpResponse:
    """Show the texts an update once had."""
    return answer(request, edits_document(edits_facts(page, code, update, seen_at=now())))


@public
def history(request: HttpRequest, page: Page) -> HttpResponse:
    """Show three months of history; a page that is not a number from 1 up is nowhere."""
    number = request.GET.get("page", "1")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= HISTORY_PAGES_AT_MOST:
        raise NothingThere(number)
    return answer(request, history_document(history_facts(page, int(number), seen_at=now())))


@public
def uptime(request: HttpRequest, page: Page) -> HttpResponse:
    """Show the uptime of every component."""
    return answer(request, uptime_document(uptime_facts(page, seen_at=now())))


@public
def component(request: HttpRequest, page: Page, code: str) -> HttpResponse:
    """Show one component."""
    return answer(request, component_document(component_facts(page, code, seen_at=now())))


@public
def feed_atom(request: HttpRequest, page: Page) -> HttpResponse:
    """Serve the Atom feed."""
    body = feeds.atom(feed_facts(page, seen_at=now()))
    return answer(request, body, "application/atom+xml; charset=utf-8")


@public
def feed_rss(request: HttpRequest, page: Page) -> HttpResponse:
    """Serve the RSS feed."""
    body = feeds.rss(feed_facts(page, seen_at=now()))
    return answer(request, body, "application/rss+xml; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say what the address was and what state things are in; also Django's handler for 404."""
    page = _page_of(request)
    if page is None:
        return HttpResponse("No status page has been set up here yet.\n", "text/plain", HTTPStatus.NOT_FOUND)
    facts = index_facts(page, seen_at=now())
    address = f"{facts.page.address}{request.path}"
    body = missing(facts.page, address=address, sentence=headline(facts))
    response = HttpResponse(body, status=HTTPStatus.NOT_FOUND)
    response["Cache-Control"] = "no-store"
    return response


def _page_of(request: HttpRequest) -> Page | None:
    return Page.for_host(request.get_host().rpartition(":")[0] or request.get_host())
