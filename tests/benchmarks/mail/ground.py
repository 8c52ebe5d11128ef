"""What the mail measures stand on: a durable PostgreSQL, rows to send, workers in processes of their own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django

from tests.servers.finding import accepts_connections, die_with_parent, free_port
from tests.servers.postgres import PostgresServer

CONNECTIONS = 16
"""Of a relay that is far away, on both sides."""

NEAR_CONNECTIONS = 32
"""Of a relay on the same machine: its round trip is shorter than a durable commit, which then serves many messages."""


class DurablePostgresServer(PostgresServer):
    """One that waits for the disk, as an installation's does."""

    DURABILITY = ("fsync=on", "synchronous_commit=on")


@dataclass(frozen=True)
class Run:
    """What workers did together."""

    sent: int
    seconds: float
    cpu: float
    """Seconds of CPU of all of them."""
    memory: int
    """Bytes of the largest."""

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.sent / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of a worker's CPU for a message."""
        return self.cpu / self.sent * 1e6


@contextmanager
def own_installation() -> Iterator[None]:
    """Set Django up on an empty PostgreSQL that waits for the disk; nothing is left at the end."""
    server = DurablePostgresServer()
    with tempfile.TemporaryDirectory(prefix="statuspage-bench-") as folder:
        os.environ.update(DATA_DIR=folder, DATABASE_URL=server.url, LOG_LEVEL="ERROR")
        os.environ.update(SECRET_KEY="only-for-benchmarks-" + "x" * 40, MAIL_FROM="status@example.com")
        os.environ.update(EMAIL_URL="smtp://127.0.0.1:1")
        os.environ["DJANGO_SETTINGS_MODULE"] = "statuspage.settings"
        django.setup()
        from django.db import connection, connections

        try:
            name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
            os.environ["DATABASE_URL"] = server.url.rpartition("/")[0] + "/" + name
            yield
        finally:
            connections.close_all()
            server.stop()


@contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """Give the port of a proxy in front of `port` that adds a round trip of so many seconds."""
    far = free_port()
    command = [sys.executable, "-m", "tests.servers.delay", str(far), str(port), str(seconds)]
    process = subprocess.Popen(command, preexec_fn=die_with_parent())
    try:
        while not accepts_connections(far):
            time.sleep(0.05)
        yield far
    finally:
        process.kill()
        process.wait()


def sent_by_workers(port: int, *, workers: int = 1, connections: int = NEAR_CONNECTIONS) -> Run:
    """Let workers send what is due to the relay on `port`; return what it took."""
    environment = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "SMTP_CONNECTIONS": str(connections)}
    command = [sys.executable, "-m", "tests.benchmarks.mail.worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [
        subprocess.Popen(command, env=environment, text=True, preexec_fn=die_with_parent(), **pipes)
        for _ in range(workers)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    return Run(
        sent=sum(one["sent"] for one in answers),
        seconds=max(one["ended"] for one in answers) - min(one["began"] for one in answers),
        cpu=sum(one["cpu"] for one in answers),
        memory=max(one["memory"] for one in answers),
    )
