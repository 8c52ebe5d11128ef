"""A Celery worker with its beat, in a process of its own, as an installation of several machines has it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from kombu import pools

from statuspage.celery import app, transport_options
from tests.servers.finding import die_with_parent

SECONDS_TO_START = 120


@dataclass
class RunningWorker:
    """The worker's process and what it wrote so far."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def output(self) -> str:
        """Return everything the worker has logged."""
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, seconds: float = SECONDS_TO_START) -> None:
        """Return once the worker has logged the text.

        Raises AssertionError with the whole log when it stops or the seconds pass first.
        """
        deadline = time.monotonic() + seconds
        while text not in self.output():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The Celery worker did not log {text!r}:\n{self.output()}")
            time.sleep(0.05)


def address_of_test_database() -> str:
    """Return the DATABASE_URL of the database the running test uses."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    login = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    return f"postgres://{login}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def ring_at(broker_url: str) -> None:
    """Let this process put its tasks on another broker from now on."""
    app.conf.broker_url = broker_url
    app.conf.broker_transport_options = transport_options(broker_url)
    # Celery keeps open connections to the broker it knew.
    app._pool = None
    app.amqp._producer_pool = None
    pools.reset()


@contextmanager
def running_worker(broker_url: str, email_url: str) -> Iterator[RunningWorker]:
    """Give a worker that is ready to take tasks; it and its beat stop at the end.

    Raises AssertionError with the worker's log when it does not get ready.
    """
    with tempfile.TemporaryDirectory(prefix="statuspage-worker-") as folder:
        log = Path(folder) / "log"
        environment = {
            **os.environ,
            "DATABASE_URL": address_of_test_database(),
            "BROKER_URL": broker_url,
            "EMAIL_URL": email_url,
        }
        queues = ["--pool", "threads", "--concurrency", "2"]
        beat = ["--beat", "--schedule", f"{folder}/schedule"]
        command = [sys.executable, "-m", "celery", "-A", "statuspage", "worker", "--loglevel", "INFO", *queues, *beat]
        with log.open("wb") as file:
            process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, preexec_fn=die_with_parent())
        usual_broker = app.conf.broker_url
        try:
            worker = RunningWorker(process, log)
            worker.wait_for(" ready.")
            ring_at(broker_url)
            yield worker
        finally:
            ring_at(usual_broker)
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
