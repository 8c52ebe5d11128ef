"""What is answered where a request failed: 503 where the database is away, else that the fault is ours."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

SECONDS_TO_WAIT = 10
"""When a client is asked to come again (RFC 9110, 10.2.3)."""

_SENTENCES = {
    HTTPStatus.SERVICE_UNAVAILABLE: "The database does not answer at the moment. Please try again in some seconds.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed here. The fault is ours.",
}
_TEMPLATES = {HTTPStatus.SERVICE_UNAVAILABLE: "503.html", HTTPStatus.INTERNAL_SERVER_ERROR: "500.html"}


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for the exception that is being handled, as a page or, under /api/, as JSON for any origin.

    Published pages never get here: they are answered without the database.
    """
    is_away = isinstance(sys.exception(), OperationalError | InterfaceError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"error": _SENTENCES[status]}, status=status)
        response["Access-Control-Allow-Origin"] = "*"
    else:
        response = HttpResponse(render_to_string(_TEMPLATES[status]), status=status)
    if is_away:
        response["Retry-After"] = str(SECONDS_TO_WAIT)
    response["Cache-Control"] = "no-store"
    return response
