"""The front: answers published paths from memory, before Django and without it; everything else it passes on.

Nothing here may touch the database. A request for a published path costs a few dictionary look-ups.
"""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from incidents.lib.languages import IN_ADDRESSES
from incidents.publishing import paths
from incidents.publishing.headers import as_chosen
from incidents.publishing.library import Library
from incidents.publishing.negotiation import kind, matches, packing, unchanged_since
from incidents.publishing.ready import Form, Ready

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Answer = tuple[int, list[tuple[str, str]], bytes]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_PAGED = frozenset(
    {
        *("/history", "/history.json", "/history.md"),
        *(f"/{language}/history{suffix}" for language in IN_ADDRESSES for suffix in ("", ".md")),
    }
)
_READING = ("GET", "HEAD")
_OK, _MOVED, _NOT_MODIFIED = 200, 301, 304
_LINES = {_OK: "200 OK", _MOVED: "301 Moved Permanently", _NOT_MODIFIED: "304 Not Modified"}

WAITING_AT_MOST = 2
"""Requests that wait for a place behind; more are told to come again."""

THREADS_FOR_READERS = 2
"""A server needs this many threads more than places and waiting requests, so that readers always find one."""

_AN_HOUR = "public, max-age=3600"

_PATIENCE = 2.0
"""Seconds a request waits for a place."""


class Front:
    """A WSGI application around another one. Readers of published paths never wait for the other."""

    def __init__(self, behind: Application, library: Library, *, at_once: int = 8) -> None:
        self._behind = behind
        self._hosts = library.hosts
        self._places = BoundedSemaphore(at_once)
        self._waiting = BoundedSemaphore(WAITING_AT_MOST)
        library.is_serving = True

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = self.answer_of(environ)
        if answer is None:
            return self._pass_on(environ, start_response)
        status, headers, body = answer
        start_response(_LINES[status], headers)
        return [body]

    def answer_of(self, environ: Environ) -> Answer | None:
        """Return status, headers and body for a published path, None for what goes to the application behind."""
        method = environ["REQUEST_METHOD"]
        if method not in _READING:
            return None
        path = environ["PATH_INFO"]
        # Only history knows a query; any other one is no reason to make or keep anything.
        if path in _PAGED and environ.get("QUERY_STRING"):
            path = _page_of(path, environ["QUERY_STRING"])
        wanted = ""
        try:
            shelf = self._hosts[environ.get("HTTP_HOST", "")]
            ready = shelf[path]
            if ready.has_twins and not ready.is_moved and (wanted := kind(environ.get("HTTP_ACCEPT", ""))):
                path = paths.twin(path, wanted)
                ready = shelf[path]
        except KeyError:
            return self._without_slash(environ, path)
        form = ready.forms[packing(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        if ready.is_moved:
            return _MOVED, form.headers, form.body if method == "GET" else b""
        if _is_known(environ, ready, form):
            return _NOT_MODIFIED, as_chosen(form.short_headers, path) if wanted else form.short_headers, b""
        headers = as_chosen(form.headers, path) if wanted else form.headers
        return _OK, headers, form.body if method == "GET" else b""

    def _without_slash(self, environ: Environ, path: str) -> Answer | None:
        """Lead from "/errors/" to "/errors" where that is published, also while the database is away."""
        plain, query = path.removesuffix("/"), environ.get("QUERY_STRING", "")
        if plain == path:
            return None
        try:
            self._hosts[environ.get("HTTP_HOST", "")][plain]
        except KeyError:
            return None
        address = f"{plain}?{query}" if query else plain
        return _MOVED, [("Location", address), ("Cache-Control", _AN_HOUR), ("Content-Length", "0")], b""

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application behind answer, but never with so many threads that none is left for readers."""
        if not self._has_place():
            start_response("503 Service Unavailable", list(_BUSY_HEADERS))
            return [_BUSY]
        try:
            return self._behind(environ, start_response)
        finally:
            # Django has made its answer by now; sending it takes no place.
            self._places.release()

    def _has_place(self) -> bool:
        """Take a place behind, waiting for one where few others wait already."""
        if self._places.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._places.acquire(timeout=_PATIENCE)
        finally:
            self._waiting.release()


_BUSY = b"Too many requests at once. Please try again in a moment.\n"
_BUSY_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(_BUSY))),
    ("Retry-After", "1"),
    ("Cache-Control", "no-store"),
)


def _is_known(environ: Environ, ready: Ready, form: Form) -> bool:
    """Return whether the reader has these bytes; the ETag decides where one is named (RFC 9110, 13.2.2)."""
    wanted = environ.get("HTTP_IF_NONE_MATCH")
    if wanted is not None:
        return matches(wanted, form.etag)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and unchanged_since(since, ready.modified_at)


def _page_of(path: str, query: str) -> str:
    """Return the path of the page a query asks for; one that is no page is left to the application behind."""
    numbers = [part[5:] for part in query.split("&") if part.startswith("page=")]
    if not numbers or numbers[-1] == "1":
        return path
    return f"{path}?page={numbers[-1]}"
