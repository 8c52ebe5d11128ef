"""What all servers share: the sentence when one is missing, a free port, a child that dies with its parent."""

import ctypes
import importlib.util
import secrets
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
PORTS = range(20_000, 32_000)
"""Below those that Linux and macOS give to connections and to whoever listens at any port."""
CLAIMS_KEPT = 64

_claims: deque[socket.socket] = deque()


class ServerMissing(Exception):
    """A server the tests need is neither installed nor given; the text says what to do."""


def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package without importing it, None where it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0])


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on, nor will before its server does.

    The kernel gives it to nobody who asks for any port, and the UDP port of the same number is kept as a claim, so
    that two processes of one run are not given the same. Raises ServerMissing where all ports are taken.
    """
    for _ in PORTS:
        port = secrets.choice(PORTS)
        if not _is_taken(port) and _claim(port):
            return port
    raise ServerMissing(f"No port from {PORTS.start} to {PORTS.stop} of 127.0.0.1 is free.")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _claim(port: int) -> bool:
    """Keep others from being given the port, until so many more were asked for; return whether nobody had it."""
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    if len(_claims) > CLAIMS_KEPT:
        _claims.popleft().close()
    return True


def accepts_connections(port: int) -> bool:
    """Return whether somebody listens on the port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """Return what a child runs before it starts, so that a killed test run leaves no server behind (Linux only)."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)

    def ask_kernel() -> None:
        library.prctl(SET_PARENT_DEATH_SIGNAL, number)

    return ask_kernel
