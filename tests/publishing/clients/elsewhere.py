"""A web server of somebody else, on an origin of its own: pages that embed us, scripts they load."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Files = Mapping[str, tuple[str, bytes]]
"""Content type and body by path."""


@contextmanager
def serving(files: Files) -> Iterator[str]:
    """Serve `files` on a free port of 127.0.0.1 and give the address, without a slash at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = files.get(self.path, ("text/plain", b"nothing here"))
            self.send_response(200 if self.path in files else 404)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
