"""Lists for programs: a token of the page with the right opens them, a session does not."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from incidents.console.answers import csv_file
from incidents.console.audit import audit_lines
from incidents.lib.clock import now
from incidents.staff.bearing import TooManyCalls, token_of
from incidents.staff.models import ApiToken
from incidents.staff.scopes import Scope
from incidents.subscriptions.lists.writing_out import write_out
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Page

Answering = Callable[[Page, ApiToken], HttpResponse]


def _opened_by(scope: Scope) -> Callable[[Answering], Callable[..., HttpResponse]]:
    """Answer who shows a token of the page with `scope`; to everybody else it is 401, whatever page they name."""

    def guard(view: Answering) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, page: str) -> HttpResponse:
            found = Page.objects.filter(code=page).first()
            try:
                token = token_of(request, page=found, scope=scope, at=now()) if found else None
            except TooManyCalls:
                return _refused(HTTPStatus.TOO_MANY_REQUESTS, "Too many calls; wait a minute.", {"Retry-After": "60"})
            if found is None or token is None:
                words = f"This takes a token of the page with the right {scope}."
                return _refused(HTTPStatus.UNAUTHORIZED, words, {"WWW-Authenticate": "Bearer"})
            response = view(found, token)
            response["Cache-Control"] = "private, no-store"
            return response

        return guarded

    return guard


@_opened_by(Scope.READ_AUDIT)
def audit(page: Page, _token: ApiToken) -> HttpResponse:
    """Write the whole history out as CSV."""
    return csv_file(audit_lines(page.events.order_by("seq")), "history.csv")


@_opened_by(Scope.READ_SUBSCRIBERS)
def subscribers(page: Page, token: ApiToken) -> HttpResponse:
    """Write the list of subscribers out as CSV; that it was is kept in the history."""
    lines = write_out(Subscriber.objects.on(page), page=page, by=f"token {token.name}", at=now())
    return csv_file(lines, "subscribers.csv")


def _refused(status: HTTPStatus, words: str, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(f"{words}\n", "text/plain; charset=utf-8", status, headers=headers)
    response["Cache-Control"] = "no-store"
    return response
