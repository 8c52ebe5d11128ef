"""What all servers share: the sentence when one is missing, a free port, a child that dies with its parent."""

import ctypes
import importlib.util
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


class ServerMissing(Exception):
    """A server the tests need is neither installed nor given; the text says what to do."""


def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package without importing it, None where it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0])


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
