"""Fleets kept between batches: greeting, TLS and AUTH cost more than a message."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from incidents.notifications.smtp.fleet import Fleet
from incidents.notifications.smtp.session import Relay

IDLE_SECONDS = 5.0
"""How long a connection is kept without a message; relays have few to give away."""

_idle: list[tuple[float, Fleet]] = []
_lock = threading.Lock()


@contextmanager
def borrowed(relay: Relay, *, size: int) -> Iterator[Fleet]:
    """Give a fleet nobody else uses now, with the connections it still has; it is kept afterwards."""
    fleet = _taken(relay, size) or Fleet(relay, size=size)
    try:
        fleet.forget_trouble()
        # Connections the relay closed meanwhile are noticed before a message is given to them.
        fleet.turn(0)
        yield fleet
    except BaseException:
        fleet.close()
        raise
    fleet.hang_up()
    with _lock:
        _idle.append((time.monotonic(), fleet))


def rests(relay: Relay, *, size: int) -> bool:
    """Say whether the relay could not be reached a moment ago, and is left alone for another."""
    with _lock:
        return any(fleet.rests for _since, fleet in _idle if (fleet.relay, fleet.size) == (relay, size))


def close_idle(*, after: float = IDLE_SECONDS) -> None:
    """Take leave of relays that were not needed for `after` seconds."""
    until = time.monotonic() - after
    with _lock:
        old = [fleet for since, fleet in _idle if since <= until]
        _idle[:] = [(since, fleet) for since, fleet in _idle if since > until]
    for fleet in old:
        fleet.close()


def _taken(relay: Relay, size: int) -> Fleet | None:
    with _lock:
        for place, (_since, fleet) in enumerate(_idle):
            if fleet.relay == relay and fleet.size == size:
                del _idle[place]
                return fleet
    return None
