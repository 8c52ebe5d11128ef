"""An HTTP server that takes posts for real, keeps all of them, and answers by path as a test wishes."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Taken:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass
class Reply:
    """What is answered: after `pause` seconds, status, headers and body; or whatever `raw` does with the socket."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    raw: Callable[[socket.socket], None] | None = None


@dataclass
class HookServer:
    """The server's address and ledger; `replies` maps a path to what is answered, in turn, the last one for ever."""

    url: str
    taken: list[Taken] = field(default_factory=list)
    replies: dict[str, list[Reply]] = field(default_factory=dict)

    def answer(self, path: str, *replies: Reply) -> str:
        """Answer `path` like this from now on; return its URL."""
        self.replies[path] = list(replies)
        return f"{self.url}{path}"

    def at(self, path: str) -> list[Taken]:
        """Return what came to `path`."""
        return [one for one in self.taken if one.path == path]

    def wait_for(self, count: int, seconds: float = 60) -> None:
        """Return as soon as so many requests have come. Raises AssertionError when the seconds pass first."""
        deadline = time.monotonic() + seconds
        while len(self.taken) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.taken)} of {count} requests came within {seconds} s")
            time.sleep(0.01)

    def reply_for(self, path: str) -> Reply:
        """Return the next answer for `path`."""
        waiting = self.replies.get(path) or [Reply()]
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what is tested."""


def _handler(server: HookServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            server.taken.append(Taken(self.path, dict(self.headers.items()), body, time.monotonic()))
            reply = server.reply_for(self.path)
            time.sleep(reply.pause)
            self.close_connection = True
            if reply.raw is not None:
                reply.raw(self.connection)
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_arguments: Any) -> None:
            """Keep quiet."""

    return Handler


@contextmanager
def running_hook_server(*, tls: ssl.SSLContext | None = None) -> Iterator[HookServer]:
    """Serve on a free port of 127.0.0.1 until the block ends."""
    ledger = HookServer("")
    server = _Server(("127.0.0.1", 0), _handler(ledger))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    ledger.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield ledger
    finally:
        server.shutdown()
        server.server_close()
