"""smtp-sink and smtp-source of Postfix: a mail server that takes everything, and the fastest sender there is."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.servers.finding import ServerMissing, accepts_connections, die_with_parent, free_port

FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec/postfix"]
SECONDS_TO_START = 60


@dataclass(frozen=True)
class PostfixTools:
    """The two programs, and the environment they find their libraries by."""

    sink: str
    source: str
    environment: dict[str, str]


@cache
def postfix_tools() -> PostfixTools:
    """Return the programs of the machine; as root on Debian they are fetched without being installed.

    Raises ServerMissing where there are none.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS])
    sink, source = shutil.which("smtp-sink", path=path), shutil.which("smtp-source", path=path)
    if sink and source:
        return PostfixTools(sink, source, dict(os.environ))
    if os.geteuid() == 0 and shutil.which("apt-get") and shutil.which("dpkg"):
        return _fetched()
    raise ServerMissing(
        "The mail benchmark needs smtp-sink and smtp-source: install the package postfix, "
        "or run it as root on Debian, where it fetches them into a folder of its own."
    )


def _fetched() -> PostfixTools:
    """Unpack Debian's package into a folder that lasts as long as the machine's temporary files."""
    folder = Path(tempfile.gettempdir()) / f"statuspage-postfix-{os.geteuid()}"
    sink = folder / "usr/sbin/smtp-sink"
    if not sink.exists():
        folder.mkdir(mode=0o755, exist_ok=True)
        fetch = ["apt-get", "download", "postfix"]
        done = subprocess.run(fetch, check=False, cwd=folder, capture_output=True, text=True)
        found = sorted(folder.glob("postfix_*.deb"))
        if done.returncode or not found:
            raise ServerMissing(f"Debian's package postfix could not be fetched: {done.stderr.strip()}")
        subprocess.run(["dpkg", "-x", found[-1], folder], check=True)
    environment = dict(os.environ) | {"LD_LIBRARY_PATH": str(folder / "usr/lib/postfix")}
    return PostfixTools(str(sink), str(folder / "usr/sbin/smtp-source"), environment)


@contextmanager
def running_sink() -> Iterator["subprocess.Popen[bytes]"]:
    """Give a process of smtp-sink; see `port_of`."""
    tools, port = postfix_tools(), free_port()
    unprivileged = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [tools.sink, *unprivileged, f"127.0.0.1:{port}", "1000"]
    process = subprocess.Popen(
        command,
        env=tools.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent(),
    )
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not accepts_connections(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerMissing("smtp-sink did not start.")
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()


def port_of(sink: "subprocess.Popen[bytes]") -> int:
    """Return the port a sink listens on."""
    return int(str(sink.args[-2]).rpartition(":")[2])  # type: ignore[index]  # it was started with a list


def seconds_of_source(port: int, *, messages: int, size: int, sessions: int = 1) -> float:
    """Return how long smtp-source takes to send so many messages over persistent sessions."""
    tools = postfix_tools()
    load = ["-d", "-s", str(sessions), "-m", str(messages), "-l", str(size)]
    envelope = ["-f", "status@example.com", "-t", "reader@example.com"]
    began = time.perf_counter()
    subprocess.run([tools.source, *load, *envelope, f"127.0.0.1:{port}"], check=True, env=tools.environment)
    return time.perf_counter() - began
