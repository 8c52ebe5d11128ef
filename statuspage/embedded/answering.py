"""Answers published paths straight from the server's own request, before it is dressed up for WSGI.

Granian copies the environment of the process into every WSGI request, and reads the status back from its text.
For a request whose answer lies ready that is a seventh of the whole cost. Everything else goes the usual way.
"""

from collections.abc import Callable
from typing import Any

from granian.server import mp
from granian.wsgi import _callback_wrapper

from incidents.publishing.front import Front

Runner = Callable[[Any, dict[str, Any]], int]


def answer_before_wsgi() -> None:
    """Let granian's worker of this process use `runner_of`. Granian has no public place for that."""
    mp._wsgi_call_wrap = runner_of  # type: ignore[attr-defined,assignment]  # a name it imports itself


def runner_of(application: Any, scope_options: dict[str, Any], log_format: str | None = None) -> Runner:
    """Return what granian calls for each request (called by granian when its worker starts)."""
    usual: Runner = _callback_wrapper(application, scope_options, log_format)
    if log_format or not isinstance(application, Front):
        return usual
    answer_of = application.answer_of

    def run(protocol: Any, scope: dict[str, Any]) -> int:
        answer = answer_of(scope)
        if answer is None:
            return usual(protocol, scope)
        status, headers, body = answer
        protocol.response_bytes(status, headers, body)
        return status

    return run
