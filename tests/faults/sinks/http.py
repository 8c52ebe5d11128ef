"""`python -m tests.faults.sinks.http PORT LEDGER`: endpoints that behave as their path says, and write down who asked.

/ok/1 takes, /hang/1 never answers, /drip/1 sends an octet every five seconds, /huge/1 sends without end, /bomb/1 a
gzip bomb, /headers/1 ten thousand header lines, /redirect/1 leads to /canary/1, /status-500/1 refuses, /gone/1 says
410, /later/1 says 429 with Retry-After: 120.
"""

import gzip
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

ID = re.compile(rb"^webhook-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
ENDLESS = 2 << 30

Behaviour = Callable[[socket.socket], None]


def answering(status: str, *headers: str, body: bytes = b"ok") -> Behaviour:
    """Return a behaviour that sends one whole answer."""

    def answer(client: socket.socket) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
        client.sendall("\r\n".join(lines).encode() + body)

    return answer


def hang(client: socket.socket) -> None:
    """Never answer; return when the other side hangs up."""
    while client.recv(1 << 16):
        pass


def drip(client: socket.socket) -> None:
    """Send an octet every five seconds."""
    for octet in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1_000:
        client.sendall(bytes([octet]))
        time.sleep(5)


def stream(client: socket.socket) -> None:
    """Send two gigabytes."""
    client.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {ENDLESS}\r\n\r\n".encode())
    for _ in range(ENDLESS >> 16):
        client.sendall(b"x" * (1 << 16))


BOMB = gzip.compress(bytes(64 << 20))

BEHAVIOURS: dict[str, Behaviour] = {
    "ok": answering("200 OK"),
    "hang": hang,
    "drip": drip,
    "huge": stream,
    "bomb": answering("200 OK", "Content-Encoding: gzip", body=BOMB),
    "headers": answering("200 OK", *[f"X-Line-{number}: {'x' * 50}" for number in range(10_000)]),
    "redirect": answering("302 Found", "Location: /canary/1"),
    "canary": answering("200 OK"),
    "status-500": answering("500 Internal Server Error"),
    "gone": answering("410 Gone"),
    "later": answering("429 Too Many Requests", "Retry-After: 120"),
}


def serve(client: socket.socket, ledger: Path) -> None:
    """Read one request, write it down, behave."""
    with client:
        try:
            path = note_request(client, ledger)
            BEHAVIOURS.get(path.split("/")[1] if "/" in path else "", answering("404 Not Found"))(client)
        except OSError:
            pass  # hung up: its good right


def note_request(client: socket.socket, ledger: Path) -> str:
    """Read a whole request, write a line into the ledger and return the path."""
    began, received = time.time(), b""
    while b"\r\n\r\n" not in received:
        octets = client.recv(1 << 16)
        if not octets:
            raise ConnectionError
        received += octets
    head, _, body = received.partition(b"\r\n\r\n")
    found = LENGTH.search(head)
    while found and len(body) < int(found[1]):
        body += client.recv(1 << 16)
    path = head.split(b" ")[1].decode("latin-1")
    named = ID.search(head)
    line = {"what": "accepted", "at": began, "connection": 0, "id": named[1].decode() if named else "", "to": path}
    with ledger.open("ab", buffering=0) as file:
        file.write(json.dumps(line).encode() + b"\n")
    return path


def main(port: int, ledger: Path) -> None:
    """Serve for ever, a thread for each client."""
    threading.stack_size(256 << 10)
    listener = socket.create_server(("127.0.0.1", port), backlog=2048)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, ledger), daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
