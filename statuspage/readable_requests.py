"""Requests that nothing can read: of no length, in an odd encoding, or with a NUL inside a cookie.

Before Django and not a middleware of it: Django decodes the query while it makes the request, by the charset that a
client names, and what fails there is an answer of nobody's. "hex" is a codec of Python that decodes no text at all, and
"utf-7" makes lone surrogates of plain letters.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.utils.http import parse_header_parameters

from incidents.lib.numbers import whole_number

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

UTF_8 = "utf-8"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_BODY = b"The Content-Length is no number, or the form is not in UTF-8.\n"


def readable_only(behind: Application) -> Application:
    """Return an application that passes requests on once they can be read, and answers the others with 400."""

    def answering(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if made_readable(environ):
            return behind(environ, start_response)
        status = HTTPStatus.BAD_REQUEST
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_BODY)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [_BODY]

    return answering


def made_readable(environ: Environ) -> bool:
    """Say whether a request can be read; what it does not depend on is taken out of it."""
    if whole_number(environ.get("CONTENT_LENGTH") or "0") is None:
        return False
    kind, said = parse_header_parameters(environ.get("CONTENT_TYPE") or "")
    if said.get("charset", UTF_8).lower() != UTF_8:
        if kind in _FORMS:
            return False
        environ["CONTENT_TYPE"] = kind
    cookies = environ.get("HTTP_COOKIE", "")
    if "\\000" in cookies:
        # In a quoted cookie that stands for a NUL (http.cookies).
        environ["HTTP_COOKIE"] = ";".join(one for one in cookies.split(";") if "\\000" not in one)
    return True
