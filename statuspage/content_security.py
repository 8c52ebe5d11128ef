"""Content-Security-Policy header, under the setting names of Django 6 so that the move there is mechanical."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"


def build_policy(directives: Mapping[str, Sequence[str]]) -> str:
    """Return the header value for directives such as {"script-src": ["'self'"]}."""
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


class ContentSecurityPolicyMiddleware:
    """Puts the policy of settings.SECURE_CSP on every answer that does not carry one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_policy(settings.SECURE_CSP)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer of the rest of Django with the header set."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response
