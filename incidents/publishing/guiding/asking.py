"""`/errors/ask` and `/api/ask`: what an error means, for a reader and for a program. Nothing of the question is kept.

No cookie and no session stand behind either, so that pages stay the same for everybody. What was pasted is shown
again masked only: it may hold a key, and an answer may be looked at over a shoulder.
"""

import json
from http import HTTPStatus

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents.guide.asking import LONGEST_QUESTION, Answer, ask, checked_question
from incidents.guide.models import UnmatchedText
from incidents.guide.refusals import NothingToRead, TextTooLarge, TooManyKept
from incidents.lib.clock import now
from incidents.lib.languages import speaking
from incidents.lib.numbers import whole_number
from incidents.publishing.documents.guide.answers import answered, answered_in_json, questioned
from incidents.publishing.facts.guide import told_answer
from incidents.publishing.guide_shapes import GuideFacts
from incidents.publishing.guiding.searching import guide_in
from incidents.publishing.views import page_of
from incidents.timeline.models import Page

LARGEST_BODY = 6 * LONGEST_QUESTION
"""Bytes: each character may take six in a form or as JSON."""


@csrf_exempt
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, language: str = "") -> HttpResponse:
    """Show the form, or what the pasted text means."""
    guide = guide_in(request, language)
    if isinstance(guide, HttpResponse):
        return guide
    with speaking(guide.page.language):
        if request.method != "POST":
            return _kept_by_nobody(HttpResponse(questioned(guide)))
        try:
            text = _posted_text(request)
            found = ask(_page(request), text, at=now())
        except (TextTooLarge, NothingToRead) as refusal:
            return _refused(guide, refusal)
        kept = _keep(_page(request), found) if request.POST.get("keep") and not _is_known(found) else ""
        told = told_answer(_page(request), guide, found)
        return _kept_by_nobody(HttpResponse(answered(told, kept=kept)))


@csrf_exempt
@sensitive_post_parameters("text")
@require_http_methods(["POST", "OPTIONS"])
def ask_api(request: HttpRequest) -> HttpResponse:
    """Answer a program: `{"text": "..."}` as JSON, or the text itself as text/plain."""
    if request.method == "OPTIONS":
        return _for_programs(HttpResponse(status=HTTPStatus.NO_CONTENT))
    guide = guide_in(request, "")
    if isinstance(guide, HttpResponse):
        return _for_programs(JsonResponse({"error": "This page has no error guide."}, status=HTTPStatus.NOT_FOUND))
    with speaking(guide.page.language):
        try:
            found = ask(_page(request), _sent_text(request), at=now())
        except (TextTooLarge, NothingToRead) as refusal:
            return _for_programs(JsonResponse({"error": _words(refusal)}, status=_status(refusal)))
        told = told_answer(_page(request), guide, found)
        return _for_programs(HttpResponse(answered_in_json(told), "application/json; charset=utf-8"))


def _posted_text(request: HttpRequest) -> str:
    """Return what stands in the form. Raises TextTooLarge, NothingToRead."""
    _refuse_large(request)
    try:
        return checked_question(request.POST.get("text", ""))
    except (RequestDataTooBig, UnicodeError, BadRequest) as error:
        raise NothingToRead("This cannot be read.", field="text") from error


def _sent_text(request: HttpRequest) -> str:
    """Return what a program sent. Raises TextTooLarge, NothingToRead."""
    _refuse_large(request)
    if (request.content_type or "").startswith("application/x-www-form-urlencoded"):
        return _posted_text(request)
    try:
        text = request.body.decode()
        if (request.content_type or "") != "text/plain":
            told = json.loads(text)
            return checked_question(_said(told))
    except (RequestDataTooBig, RawPostDataException, ValueError, RecursionError) as error:
        raise NothingToRead("This is no JSON.", field="text") from error
    return checked_question(text)


def _said(told: object) -> str:
    """Return the text of what was sent as JSON, "" where it has none."""
    text = told.get("text") if isinstance(told, dict) else None
    return text if isinstance(text, str) else ""


def _refuse_large(request: HttpRequest) -> None:
    if whole_number(request.META.get("CONTENT_LENGTH") or "0", most=LARGEST_BODY) is None:
        raise TextTooLarge(f"This is longer than {LONGEST_QUESTION:,} characters.", field="text")


def _keep(page: Page, found: Answer) -> str:
    """Keep what was masked, because its owner agreed; return what to say about it."""
    try:
        UnmatchedText.note(page=page, masked=found.masked, words=found.words[:200], code=found.code, at=now())
    except TooManyKept:
        return gettext("Very many unknown errors were handed in today; this one was not kept.")
    return gettext("It is on the list of staff, masked as it stands here. Thanks.")


def _is_known(found: Answer) -> bool:
    return found.entry is not None or found.incident is not None


def _refused(guide: GuideFacts, refusal: TextTooLarge | NothingToRead) -> HttpResponse:
    return _kept_by_nobody(HttpResponse(questioned(guide, problem=_words(refusal)), status=_status(refusal)))


def _words(refusal: TextTooLarge | NothingToRead) -> str:
    if isinstance(refusal, TextTooLarge):
        return gettext("This is too long: {count} characters are the most.").format(count=f"{LONGEST_QUESTION:,}")
    return gettext("There are no words in this. Paste the message of an error, or a whole response.")


def _status(refusal: TextTooLarge | NothingToRead) -> HTTPStatus:
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if isinstance(refusal, TextTooLarge) else HTTPStatus.BAD_REQUEST


def _page(request: HttpRequest) -> Page:
    page = page_of(request)
    if page is None:
        raise Page.DoesNotExist
    return page


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _for_programs(response: HttpResponse) -> HttpResponse:
    """Let any site's script ask: no cookie is looked at, and the answer is the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Content-Type"
    response["Access-Control-Allow-Methods"] = "POST"
    return _kept_by_nobody(response)
