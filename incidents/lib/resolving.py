"""Names to numeric addresses, within a time limit that the system's resolver does not know."""

import queue
import socket
import threading
from collections.abc import Callable

Found = list[str]


def resolve(host: str, port: int, *, seconds: float) -> Found:
    """Return the numeric addresses of `host` (a name, or any spelling of a number the system takes).

    Raises OSError or UnicodeError where there is none, TimeoutError after `seconds`.
    """
    try:
        return _looked_up(host, port, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return _within(seconds, lambda: _looked_up(host, port))


def _looked_up(host: str, port: int, *, flags: int = 0) -> Found:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def _within(seconds: float, look_up: Callable[[], Found]) -> Found:
    # getaddrinfo cannot be interrupted: with a dead name server it takes half a minute and more.
    outcomes: queue.SimpleQueue[Found | OSError | UnicodeError] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcomes.put(look_up())
        except (OSError, UnicodeError) as error:
            outcomes.put(error)

    threading.Thread(target=work, name="resolving", daemon=True).start()
    try:
        outcome = outcomes.get(timeout=max(seconds, 0.001))
    except queue.Empty as error:
        raise TimeoutError("no name server answered") from error
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
