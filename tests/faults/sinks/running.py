"""Starts sinks in processes of their own, so that neither their work nor their clock is the test's."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.faults.ledger import Ledger
from tests.faults.sinks.rules import MailRules
from tests.running.running import ROOT
from tests.servers.finding import accepts_connections, die_with_parent, free_port

SECONDS_TO_START = 60.0


@dataclass
class MailSink:
    """A running mail sink."""

    port: int
    folder: Path
    rules: MailRules = field(default_factory=MailRules)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def ledger(self) -> Ledger:
        """What it saw so far."""
        return Ledger.read(self.folder / "mail.ledger")

    def behave(self, **changes: Any) -> None:
        """Change the rules from now on; the sink has read them after 0.1 s."""
        self.rules = replace(self.rules, **changes)
        self.rules.write(self.folder / "mail.rules")
        time.sleep(0.12)

    def start(self) -> None:
        """Listen, also again after stop()."""
        command = [sys.executable, "-m", "tests.faults.sinks.smtp", str(self.port)]
        command += [str(self.folder / "mail.rules"), str(self.folder / "mail.ledger")]
        self.process = subprocess.Popen(command, cwd=ROOT, preexec_fn=die_with_parent())
        wait_until_listening(self.process, self.port)

    def stop(self) -> None:
        """Refuse connections."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def mail_sink(folder: Path, **rules: Any) -> Iterator[MailSink]:
    """Give a sink that keeps its ledger in the folder; it stops at the end."""
    sink = MailSink(free_port(), folder)
    sink.behave(**rules)
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()


def wait_until_listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return once somebody listens. Raises AssertionError where the process ends or takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not accepts_connections(port):
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        assert time.monotonic() < deadline, f"{process.args} does not listen"
        time.sleep(0.02)


@dataclass
class HookSink:
    """Running endpoints."""

    port: int
    folder: Path

    @property
    def ledger(self) -> Ledger:
        """What they were asked so far; the recipient is the path."""
        return Ledger.read(self.folder / "hooks.ledger")

    def url(self, behaviour: str, number: int) -> str:
        """Return the address of an endpoint."""
        return f"http://127.0.0.1:{self.port}/{behaviour}/{number}"


@contextmanager
def hook_sink(folder: Path) -> Iterator[HookSink]:
    """Give endpoints that keep their ledger in the folder; they stop at the end."""
    sink = HookSink(free_port(), folder)
    command = [sys.executable, "-m", "tests.faults.sinks.http", str(sink.port), str(folder / "hooks.ledger")]
    process = subprocess.Popen(command, cwd=ROOT, preexec_fn=die_with_parent())
    try:
        wait_until_listening(process, sink.port)
        yield sink
    finally:
        process.kill()
        process.wait()
