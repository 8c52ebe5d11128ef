"""Public addresses while they are not published: find the page, read the facts, make the document, answer.

Published paths never get here: the front answers them (front.py).
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse

from incidents.lib.clock import now
from incidents.lib.numbers import whole_number
from incidents.lib.prefixes import parted
from incidents.lib.site import bare_host
from incidents.lib.text import storable
from incidents.publishing import paths
from incidents.publishing.answers import answer
from incidents.publishing.catalogue import Recipe, document_at
from incidents.publishing.documents.headline import headline
from incidents.publishing.documents.missing import missing
from incidents.publishing.family import Family, Subject
from incidents.publishing.headers import CACHE_CONTROL, as_chosen
from incidents.publishing.negotiation import VARIES_BY_KIND, kind
from incidents.publishing.reading_only import reading_only
from incidents.publishing.readings import Moved, NothingThere, Readings
from incidents.publishing.scopes import each_page_of_history
from incidents.publishing.shapes import PageFacts
from incidents.timeline.models import Page

_PAGE = "page_at_host"
"""Where a request keeps its page: the gate asks for it before the view does."""

HISTORY_PAGES_AT_MOST = 400
"""A hundred years; a larger number is nobody's honest question."""


@reading_only
def document(request: HttpRequest, family: Family, language: str = "", **parts: str) -> HttpResponse:
    """Make one document of a family now; the parts of its address are its subject."""
    page = page_of(request)
    if page is None:
        return not_found(request)
    if language == page.language:
        return at_main_address(request)
    try:
        subject = _page_number(request) if family.scope is each_page_of_history else tuple(parts.values())
        recipe = Recipe(family, subject, language)
        twin = _twin_asked_for(request, recipe)
        readings = Readings(page, seen_at=now())
        body = (twin or recipe).make(readings)
    except Moved as moved:
        # As long as the page itself: it may get its former address back.
        return HttpResponsePermanentRedirect(moved.to, headers={"Cache-Control": CACHE_CONTROL})
    except NothingThere:
        return not_found(request)
    if twin is None:
        return answer(request, body, family.content_type, recipe.headers(readings))
    return answer(request, body, twin.family.content_type, as_chosen(twin.headers(readings), twin.path))


def _twin_asked_for(request: HttpRequest, recipe: Recipe) -> Recipe | None:
    """Return the form of a page that the reader prefers to HTML, None for none."""
    wanted = kind(request.headers.get("Accept", "")) if VARIES_BY_KIND in recipe.family.headers else ""
    return document_at(paths.twin(recipe.path, wanted)) if wanted else None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say what the address was and what state things are in; also Django's handler for 404."""
    if request.path.startswith("/api/"):
        return _nothing_for_programs()
    page = page_of(request)
    if page is None:
        return HttpResponse("No status page has been set up here yet.\n", "text/plain", HTTPStatus.NOT_FOUND)
    facts = _readings_for(request, page).index
    address = f"{facts.page.address}{request.path}"
    body = missing(facts.page, address=address, sentence=headline(facts))
    response = HttpResponse(body, status=HTTPStatus.NOT_FOUND)
    response["Cache-Control"] = "no-store"
    return response


def at_main_address(request: HttpRequest) -> HttpResponse:
    """Lead from the address of a further language to that of the main one, which it has become."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    # Not for good: staff may change it back.
    return HttpResponseRedirect(f"{parted(request.path)[1]}{query}")


def page_in(request: HttpRequest, page: Page, language: str) -> PageFacts | HttpResponse:
    """Return the page in the language of an address, "" for the main one, or where to go instead."""
    if language == page.language:
        return at_main_address(request)
    try:
        return Readings(page, seen_at=now()).spoken(language).page
    except NothingThere:
        return not_found(request)


def _readings_for(request: HttpRequest, page: Page) -> Readings:
    """Return the readings in the language that the address names, or in the main one."""
    readings, (language, _) = Readings(page, seen_at=now()), parted(request.path)
    return readings.spoken(language) if language in page.further_languages else readings


def _nothing_for_programs() -> HttpResponse:
    """Say so as compatible APIs do, and to any origin, as the documents that exist."""
    response = JsonResponse({"error": "Not found"}, status=HTTPStatus.NOT_FOUND)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    return response


def _page_number(request: HttpRequest) -> Subject:
    """Return the wanted page of history. Raises NothingThere unless it is a number from 1 up."""
    asked = request.GET.get("page", "1")
    number = whole_number(asked, least=1, most=HISTORY_PAGES_AT_MOST)
    if number is None:
        raise NothingThere(asked)
    return (str(number),)


@reading_only
def ask_host(request: HttpRequest) -> HttpResponse:
    """Say whether a page has a host (`?domain=`): what a server in front asks before it gets a certificate for it."""
    host = storable(request.GET.get("domain", "")).lower()
    is_ours = bool(host) and Page.objects.filter(host=host).exists()
    response = HttpResponse(status=HTTPStatus.OK if is_ours else HTTPStatus.NOT_FOUND)
    response["Cache-Control"] = "no-store"
    return response


def page_of(request: HttpRequest) -> Page | None:
    """Return the page that answers at the request's host, read once for a request."""
    if not hasattr(request, _PAGE):
        setattr(request, _PAGE, Page.for_host(bare_host(request.get_host())))
    page: Page | None = getattr(request, _PAGE)
    return page
