"""`/errors/search`: the errors a reader looks for, by words, provider, code and component."""

import re

from django.http import HttpRequest, HttpResponse, QueryDict

from incidents.guide.contents import OTHER
from incidents.lib.clock import now
from incidents.lib.text import storable
from incidents.publishing.answers import answer
from incidents.publishing.documents.guide.filtering import Wanted, filtering_of
from incidents.publishing.documents.guide.pages import results
from incidents.publishing.family import HTML
from incidents.publishing.guide_shapes import GuideFacts
from incidents.publishing.reading_only import reading_only
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.views import at_main_address, not_found, page_of
from incidents.publishing.wording import in_page_language

LONGEST_WORDS = 100
MOST_PROVIDERS = 20

_RANGE = re.compile(rf"[1-5]00-[1-5]99|{OTHER}")


@reading_only
def search_errors(request: HttpRequest, language: str = "") -> HttpResponse:
    """Show the errors that are looked for; an empty list says that nothing matches."""
    guide = guide_in(request, language)
    if isinstance(guide, HttpResponse):
        return guide
    return answer(request, _results(guide, wanted_in(request.GET)), HTML)


def guide_in(request: HttpRequest, language: str) -> GuideFacts | HttpResponse:
    """Return the guide of the page that was asked, in the language of the address, or the answer instead."""
    page = page_of(request)
    if page is None:
        return not_found(request)
    if language == page.language:
        return at_main_address(request)
    try:
        guide = Readings(page, seen_at=now()).spoken(language).guide
    except NothingThere:
        return not_found(request)
    return guide if guide.entries else not_found(request)


def wanted_in(asked: QueryDict) -> Wanted:
    """Return what a query asks for; what cannot be meant is left out."""
    name = asked.get("range", "")
    return Wanted(
        words=storable(asked.get("q", ""))[:LONGEST_WORDS].strip(),
        range=name if _RANGE.fullmatch(name) else "",
        providers=tuple(asked.getlist("provider")[:MOST_PROVIDERS]),
        code=asked.get("code", "")[:LONGEST_WORDS],
        component=asked.get("component", "")[:LONGEST_WORDS],
    )


@in_page_language
def _results(guide: GuideFacts, wanted: Wanted) -> bytes:
    among = guide.in_range(wanted.range) if wanted.range else guide.entries
    found = [one for one in among if wanted.fits(one)]
    return results(guide, found, filtering_of(guide, among, wanted=wanted))
