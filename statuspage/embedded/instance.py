"""One instance per data folder and one listener per port, said in words where somebody else is there already."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotStart(Exception):
    """This instance cannot start; the text says why and what to do."""


@contextmanager
def only_instance(folder: Path, address: str) -> Iterator[None]:
    """Hold the lock of the data folder; the operating system drops it when this process ends in any way.

    Raises CannotStart where another instance holds it.
    """
    path = folder / "run.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown process"
            raise CannotStart(
                f"This status page is running already on the data in {folder} ({holder}). "
                "Stop it first, or give this one a folder of its own: DATA_DIR=... "
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, {address}")
        file.flush()
        yield
        file.truncate(0)


def require_free_port(host: str, port: int) -> None:
    """Check that this process can listen there: the web server would share a port with another one silently.

    Raises CannotStart where it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(explain_bind_error(host, port, error)) from error


def explain_bind_error(host: str, port: int, error: OSError) -> str:
    """Return in words why nobody can listen on the address."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop the program that listens there, or choose another port: PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}. Choose one above 1023, for example PORT=8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}. Set BIND_ADDRESS to one of its own, or to 0.0.0.0 for all."
    return f"Cannot listen on {host} port {port}: {error.strerror}"
