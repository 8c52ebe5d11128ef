"""Public answers: cacheable by anybody, with a strong validator, without cookies."""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from incidents.publishing.headers import CACHE_CONTROL


def answer(
    request: HttpRequest, body: bytes, content_type: str, headers: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    """Return `body` with its ETag, or 304 without a body to a reader who has it (RFC 9110, 13)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    for name, value in headers:
        response[name] = value
    if not response.get("X-Frame-Options", "set"):
        del response["X-Frame-Options"]
        response.xframe_options_exempt = True
    wanted = get_conditional_response(request, etag=etag, response=response)
    if wanted is None or wanted.status_code == HTTPStatus.OK:
        return response
    short = HttpResponse(status=wanted.status_code)
    short["ETag"], short["Cache-Control"] = etag, response["Cache-Control"]
    return short
