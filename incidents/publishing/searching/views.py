"""`/history/search` as a page, as a feed and for programs: the same query, the same incidents."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from incidents.lib.languages import speaking
from incidents.lib.numbers import whole_number
from incidents.publishing.answers import answer
from incidents.publishing.documents import feeds, history_months
from incidents.publishing.facts.rows import Rows
from incidents.publishing.family import HTML
from incidents.publishing.reading_only import reading_only
from incidents.publishing.searching.filters import HistoryFilters
from incidents.publishing.searching.finding import find
from incidents.publishing.searching.results import results
from incidents.publishing.shapes import FeedFacts, PageFacts
from incidents.publishing.translating import told_on
from incidents.publishing.views import not_found, page_in, page_of
from incidents.timeline.models import Page

FARTHEST = 1000
"""Pages of results anybody may turn to."""

ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/json; charset=utf-8"


@reading_only
def search_page(request: HttpRequest, language: str = "") -> HttpResponse:
    """Show what matches; the form again with a sentence at what is wrong (400)."""
    number = whole_number(request.GET.get("page", "1"), least=1, most=FARTHEST)
    if number is None:
        return not_found(request)
    asked = _asked(request, language)
    if isinstance(asked, HttpResponse):
        return asked
    page, facts, filters = asked
    if filters.problems:
        body = results(facts, filters, [], count=0, number=1)
        return HttpResponse(body, content_type=HTML, status=HTTPStatus.BAD_REQUEST)
    found, count = find(Rows(page), filters.cleaned_data, number=number)
    found = told_on(facts, found)
    return answer(request, results(facts, filters, found, count=count, number=number), HTML)


@reading_only
def search_feed(request: HttpRequest, language: str = "") -> HttpResponse:
    """Return the newest matches as Atom."""
    facts = _matching(request, language)
    return facts if isinstance(facts, HttpResponse) else answer(request, feeds.atom(facts), ATOM)


@reading_only
def search_json(request: HttpRequest) -> HttpResponse:
    """Return the newest matches for programs."""
    facts = _matching(request)
    return facts if isinstance(facts, HttpResponse) else answer(request, history_months.found(facts), JSON)


def _matching(request: HttpRequest, language: str = "") -> FeedFacts | HttpResponse:
    """Return the first page of matches, or the answer to a question that cannot be understood."""
    asked = _asked(request, language)
    if isinstance(asked, HttpResponse):
        return asked
    page, facts, filters = asked
    if filters.problems:
        with speaking(facts.language):
            sentences = "\n".join(sentence for _, sentence in filters.problems)
        return HttpResponse(f"{sentences}\n", "text/plain; charset=utf-8", HTTPStatus.BAD_REQUEST)
    found, _ = find(Rows(page), filters.cleaned_data)
    return FeedFacts(page=facts, incidents=tuple(told_on(facts, found)))


def _asked(request: HttpRequest, language: str) -> tuple[Page, PageFacts, HistoryFilters] | HttpResponse:
    """Return the page, what readers of the language see of it, and what they ask, checked; or the answer instead."""
    page: Page | None = page_of(request)
    if page is None:
        return not_found(request)
    facts = page_in(request, page, language)
    if isinstance(facts, HttpResponse):
        return facts
    filters = HistoryFilters(request.GET, page=page)
    with speaking(facts.language):
        filters.is_valid()
    return page, facts, filters
