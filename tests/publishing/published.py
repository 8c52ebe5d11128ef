"""Reading what is published as a reader's program does: over WSGI, without Django behind."""

from dataclasses import dataclass
from typing import Any

from incidents.publishing.follower import Follower
from incidents.publishing.front import Front
from incidents.publishing.library import Library


def follow(follower: Follower) -> None:
    """Do once what the threads of a web node do again and again: look at the database, then sweep."""
    follower.look_at_database()
    follower.sweep_once()


@dataclass(frozen=True)
class Reply:
    """What the front sent."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Reader:
    """Asks a front whose application behind only says that it was asked."""

    library: Library

    def __post_init__(self) -> None:
        self.front = Front(self._behind, self.library)

    def get(self, path: str, *, method: str = "GET", host: str = "testserver", **headers: str) -> Reply:
        """Return the answer for a path, which may hold a query."""
        bare, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": bare,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        told: list[Any] = []
        body = b"".join(self.front(environ, lambda status, sent: told.append((status, sent))))
        status, sent = told[0]
        names = [name.lower() for name, _ in sent]
        assert len(names) == len(set(names)), f"{path} repeats a header: {names}"
        return Reply(int(status[:3]), {name.lower(): value for name, value in sent}, body)

    def _behind(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("299 Behind", [])
        return [b"behind"]
