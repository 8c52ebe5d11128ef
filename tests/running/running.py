"""Starts the real `manage.py run` in a process of its own and talks to it over HTTP."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.servers.finding import die_with_parent, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_START = 180
# Set by the test run for its own process; the command under test must find nothing of it.
FOREIGN = {"DATABASE_URL", "DATA_DIR", "SECRET_KEY", "SITE_URL", "DJANGO_SETTINGS_MODULE"}


def command_environment(folder: Path, port: int, **variables: str) -> dict[str, str]:
    """Return the environment of a newcomer who set only where the data lives and the port."""
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**own, "DATA_DIR": str(folder), "PORT": str(port), **variables}


@dataclass
class RunningSite:
    """A site that runs: its process, port and output."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        """Return all it has printed."""
        return self.log.read_text(errors="replace")

    def status_of(self, path: str) -> int | None:
        """Return the HTTP status of a GET, None where nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:  # noqa: S310 - our own
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def wait_until(self, text: str, seconds: float = SECONDS_TO_START) -> None:
        """Return once the text was printed. Raises AssertionError with the whole output otherwise."""
        deadline = time.monotonic() + seconds
        while text not in self.output():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{text!r} was not printed:\n{self.output()}")
            time.sleep(0.05)

    def wait_for_answer(self, seconds: float) -> float:
        """Return after how many seconds `/` answered. Raises AssertionError when it does not."""
        started_at = time.monotonic()
        while self.status_of("/") is None:
            if time.monotonic() - started_at > seconds:
                raise AssertionError(f"No answer within {seconds} s:\n{self.output()}")
            time.sleep(0.05)
        return time.monotonic() - started_at

    def child(self) -> int:
        """Return the process id of the child that answers requests."""
        children = psutil.Process(self.process.pid).children()
        (child,) = [process.pid for process in children if any("spawn_main" in part for part in _command(process))]
        return child

    def stop(self, number: int = signal.SIGINT) -> float:
        """Send the signal and return after how many seconds the command had ended."""
        started_at = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=120)
        return time.monotonic() - started_at


def _command(process: psutil.Process) -> list[str]:
    """Return what a process was started with, nothing where it has ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


@contextmanager
def running_site(
    folder: Path, *arguments: str, port: int | None = None, root: Path = ROOT, **variables: str
) -> Iterator[RunningSite]:
    """Give a site of the checkout `root` that has printed its addresses; it is killed at the end where it runs."""
    port = port or free_port()
    folder.mkdir(exist_ok=True)
    log = folder / "output"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, str(root / "manage.py"), "run", *arguments],
            env=command_environment(folder, port, **variables),
            cwd=folder,
            stdout=file,
            stderr=file,
            preexec_fn=die_with_parent(),
        )
    site = RunningSite(process, port, log)
    try:
        site.wait_until("Stop          Ctrl-C")
        yield site
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def refused_start(folder: Path, port: int, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Start the command, expecting it to end by itself, and return how it ended."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "run"],
        env=command_environment(folder, port, **variables),
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
    )
