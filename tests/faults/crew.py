"""The processes of an installation under test, and what a test does to them."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.running.running import ROOT
from tests.servers.finding import die_with_parent

SECONDS_FOR_A_DEED = 60.0


class DeedFailed(Exception):
    """What the hand was asked to do raised; the text says what."""


@dataclass(frozen=True)
class Deed:
    """Something the hand did."""

    result: Any
    seconds: float
    at: float
    """When it began, seconds since 1970."""


class Crew:
    """Launcher, workers, beats and a hand."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        self.answered()

    def order(self, **order: Any) -> dict[str, Any]:
        """Give the launcher an order and return its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        return self.answered()

    def answered(self) -> dict[str, Any]:
        """Return the launcher's next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the launcher ended"
        return dict(json.loads(line))

    def start(self, role: str, count: int = 1) -> list[str]:
        """Start processes of a role, supervised; return their names."""
        names = [f"{role}{number}" for number in range(count)]
        for name in names:
            self.order(start=name, role=role)
        return names

    def stop(self, name: str, seconds: float = 15) -> int | None:
        """End a process with SIGTERM and return its exit code, None where it did not end within the seconds."""
        ended = self.order(stop=name, seconds=seconds)["ended"]
        return None if ended is None else int(ended)

    def kill(self, name: str) -> None:
        """Kill a process and its children; its supervisor starts it again."""
        try:
            os.killpg(self.pid(name), signal.SIGKILL)
        except ProcessLookupError:
            pass  # between two starts

    def kill_for_good(self, name: str) -> None:
        """Kill a process and its children, without another start."""
        self.order(forget=name)
        self.kill(name)

    def pid(self, name: str) -> int:
        """Return the process id of who runs under a name."""
        return int((self.folder / f"{name}.pid").read_text())

    @contextmanager
    def killing(
        self, names: list[str], every: float, kill: Callable[[str], None] | None = None
    ) -> Iterator[list[float]]:
        """Kill one of the processes in turn while the block runs; give the instants (seconds since 1970)."""
        kills: list[float] = []
        stopping = threading.Event()

        def keep_killing() -> None:
            while not stopping.wait(every):
                (kill or self.kill)(names[len(kills) % len(names)])
                kills.append(time.time())

        thread = threading.Thread(target=keep_killing, daemon=True)
        thread.start()
        try:
            yield kills
        finally:
            stopping.set()
            thread.join()

    def do(self, deed: str, **arguments: Any) -> Deed:
        """Let the hand do something. Raises DeedFailed."""
        path = self.folder / "hand0.socket"
        with socket.socket(socket.AF_UNIX) as connection:
            deadline = time.monotonic() + SECONDS_FOR_A_DEED
            while connection.connect_ex(str(path)):
                if time.monotonic() > deadline:
                    raise DeedFailed(f"{deed}: the hand does not listen")
                time.sleep(0.02)
            connection.settimeout(SECONDS_FOR_A_DEED)
            with connection.makefile("rw") as stream:
                print(json.dumps({"do": deed, "with": arguments}), file=stream, flush=True)
                try:
                    answer = json.loads(stream.readline())
                except TimeoutError as error:
                    raise DeedFailed(f"{deed} was not done within {SECONDS_FOR_A_DEED:g} s") from error
        if "error" in answer:
            raise DeedFailed(f"{deed}: {answer['error']} (after {answer['seconds']:.1f} s)")
        return Deed(answer["result"], answer["seconds"], answer["at"])

    def output(self) -> str:
        """Return what all processes printed."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        """End everybody at once: they die with the launcher."""
        self.process.kill()
        # Waits, and closes our ends of its pipes.
        with self.process:
            pass
        for path in self.folder.glob("*.pid"):
            try:
                os.killpg(int(path.read_text()), signal.SIGKILL)
            except ProcessLookupError:
                pass  # died with it
