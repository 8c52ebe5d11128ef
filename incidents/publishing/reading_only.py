"""Addresses that can only be read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

_METHODS = ("GET", "HEAD")


def reading_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view answer GET and HEAD; refuse everything else with 405 and `Allow` (RFC 9110, 15.5.6).

    There is nothing to forge, so Django's protection of cookies does not ask for its token first.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in _METHODS:
            return view(request, *args, **kwargs)
        sentence = "This address can only be read, with GET or HEAD.\n"
        return HttpResponseNotAllowed(_METHODS, sentence, content_type="text/plain; charset=utf-8")

    return guarded
