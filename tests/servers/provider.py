"""A mail provider's HTTP interface: keeps what it was asked to send and answers as it is told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Provider:
    """The provider: its address, the requests it got, and its next answers (status, body, headers)."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    usual: tuple[int, Any, dict[str, str]] = (200, {}, {})
    seconds: float = 0.0
    """How long it thinks before it answers."""

    def answer(self, status: int, body: Any, **headers: str) -> None:
        """Give this answer to the next request."""
        self.answers.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))


class _Handler(BaseHTTPRequestHandler):
    provider: Provider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.provider.requests.append(
            {"path": self.path, "headers": dict(self.headers), "fields": self.fields(content)}
        )
        time.sleep(self.provider.seconds)
        status, body, headers = self.provider.answers.pop(0) if self.provider.answers else self.provider.usual
        answer = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def fields(self, content: bytes) -> dict[str, Any]:
        """Return the fields of a JSON, form or multipart body."""
        kind = self.headers["Content-Type"]
        if kind.startswith("application/json"):
            return dict(json.loads(content))
        if kind.startswith("multipart/"):
            parsed = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content, policy=policy.HTTP)
            return {
                str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True).decode()
                for part in parsed.iter_parts()
            }
        return dict(parse_qsl(content.decode()))

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Give a provider on a port of its own; it stops at the end."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
