"""A whole installation under test: database, broker, relay, processes; and how to wait for its end."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.broker import Broker
from tests.faults.crew import Crew, Deed
from tests.faults.databases import Database
from tests.faults.sinks.running import MailSink, mail_sink
from tests.faults.workshop import Workshop
from tests.running.running import FOREIGN

COUNT_UNFINISHED = "select count(*) from incidents_delivery where state in ('queued', 'leased', 'retrying')"
BRING_FORWARD = """
    update incidents_delivery set next_try_at = now() where state in ('queued', 'retrying') and next_try_at > now()
"""


@dataclass
class Ground:
    """One installation."""

    folder: Path
    database: Database
    sink: MailSink
    broker: Broker | None
    crew: Crew
    size: int
    started: list[str] = field(default_factory=list)

    def start(self, *, workers: int = 1, beats: int = 1) -> list[str]:
        """Start what delivers and return the workers' names; without a broker that is one embedded process."""
        if self.broker is None:
            self.started = self.crew.start("embedded")
            return self.started
        started = self.crew.start("worker", workers)
        self.started = started + self.crew.start("beat", beats)
        return started

    def stop(self) -> None:
        """Kill what delivers; a later start() begins anew."""
        for name in self.started:
            self.crew.kill_for_good(name)
        self.started = []

    def do(self, deed: str, **arguments: Any) -> Deed:
        """Let the hand do one of deeds.py."""
        return self.crew.do(deed, **arguments)

    def unfinished(self) -> int:
        """Return how many deliveries are not at an end."""
        return int(self.database.rows(COUNT_UNFINISHED)[0][0])

    def fanned_out(self) -> int:
        """Return how many events have had their recipients frozen."""
        return int(self.database.rows("select count(*) from incidents_fanout")[0][0])

    def finish(self, seconds: float, *, events: int = 1, hurry: bool = False) -> bool:
        """Wait until so many events are fanned out and no delivery is left; return whether that came in time.

        `hurry` brings the due times of second tries forward, as if hours had passed.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.fanned_out() >= events and not self.unfinished():
                    return True
                if hurry:
                    self.bring_forward()
            except psycopg.OperationalError:
                pass  # crashed just now
            time.sleep(0.25)
        return False

    def bring_forward(self) -> int:
        """Make everything that waits for a later time due now."""
        return self.database.change(BRING_FORWARD)


@contextmanager
def ground(
    shop: Workshop,
    size: int,
    *,
    kind: str = "postgres",
    embedded: bool = False,
    saboteur: str = "",
    rules: dict[str, Any] | None = None,
    login: str = "",
    **variables: str,
) -> Iterator[Ground]:
    """Give an installation with `size` subscribers and nothing delivering yet.

    `kind` is the database, `rules` are the relay's, `login` is `user:password@` for it, `variables` the
    installation's environment.
    """
    with ExitStack() as stack:
        folder = shop.folder / f"ground{shop.count}"
        folder.mkdir()
        database = shop.database(kind, folder)
        stack.callback(database.drop)
        sink = stack.enter_context(mail_sink(folder, **(rules or {})))
        broker = None if embedded else Broker(folder)
        if broker:
            stack.callback(broker.close)
        own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        environment = {
            **own,
            "DATABASE_URL": database.url,
            "BROKER_URL": broker.url if broker else "memory://",
            "EMAIL_URL": f"smtp://{login}127.0.0.1:{sink.port}",
            "MAIL_FROM": "Acme <status@acme.example>",
            "SITE_URL": "https://status.acme.example",
            "SECRET_KEY": "only-for-fault-runs-" + "x" * 40,
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
            "MAIL_DOMAINS_ARE_CHECKED": "false",
            "FAULT_SABOTEUR": saboteur,
            **variables,
        }
        crew = Crew(folder, environment)
        stack.callback(crew.close)
        crew.start("hand")
        one = Ground(folder, database, sink, broker, crew, size)
        one.do("prepare", subscribers=size)
        yield one
