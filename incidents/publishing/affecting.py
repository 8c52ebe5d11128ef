""" "This affects me too": the address behind the button of published pages.

No cookie and no session stand behind it, so that pages stay the same for everybody; what a forged request could do
a direct one can as well, and both are counted by network.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from incidents.lib import stamps
from incidents.lib.clock import now
from incidents.lib.languages import speaking
from incidents.lib.visitor import client_address, comes_from_elsewhere
from incidents.publishing.documents.noted import noted
from incidents.publishing.shapes import PageFacts
from incidents.publishing.views import not_found, page_in, page_of
from incidents.readers.models import ReaderReport, subject_of
from incidents.readers.refusals import TooManyReports
from incidents.timeline.models import Component, Page
from incidents.timeline.refusals import Refused


@csrf_exempt
@require_POST
def affects_me(request: HttpRequest, language: str = "") -> HttpResponse:
    """Note that a component or an incident affects somebody; say when it was noted, on a page or as plain text."""
    page = page_of(request)
    if page is None:
        return not_found(request)
    facts = page_in(request, page, language)
    if isinstance(facts, HttpResponse):
        return facts
    with speaking(facts.language):
        if comes_from_elsewhere(request.META, host=request.get_host()):
            return _answer(request, facts, gettext("Reload the page and try again."), status=HTTPStatus.FORBIDDEN)
        try:
            about, report = _note(request, page)
        except TooManyReports:
            sentence = gettext("Very much came from your network; we know by now. Thanks.")
            return _answer(request, facts, sentence, status=HTTPStatus.TOO_MANY_REQUESTS)
        except Refused:
            sentence = gettext("This is over, or not on this page any more.")
            return _answer(request, facts, sentence, status=HTTPStatus.NOT_FOUND)
        words = gettext("Thanks, noted at {time}.").format(time=stamps.clock(report.at, page.zone))
        return _answer(request, facts, words, about=about)


def _note(request: HttpRequest, page: Page) -> tuple[str, ReaderReport]:
    """Return the path of what was reported, and the report. Raises Refused."""
    said = request.POST
    about = subject_of(page, component=said.get("component", ""), incident=said.get("incident", ""))
    report = ReaderReport.note(
        page=page,
        about=about,
        client=client_address(request.META),
        browser=request.headers.get("User-Agent", ""),
        token=said.get("device", ""),
        at=now(),
    )
    kind = "component" if isinstance(about, Component) else "incident"
    return f"{kind}:{about.code}", report


def _answer(
    request: HttpRequest, facts: PageFacts, words: str, *, about: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    if "text/plain" in request.headers.get("Accept", ""):
        response = HttpResponse(words, "text/plain; charset=utf-8", status)
    else:
        response = HttpResponse(noted(facts, words=words, about=about), status=status)
    response["Cache-Control"] = "no-store"
    return response
