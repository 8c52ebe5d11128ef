"""A whole installation whose database, broker and worker a test may kill: copies of one that was prepared once."""

import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import psycopg

from incidents.publishing.library import Library
from tests.running.running import ROOT, RunningSite, command_environment
from tests.servers.finding import die_with_parent, free_port
from tests.servers.postgres import PostgresServer
from tests.servers.valkey import find_valkey


@dataclass
class Installation:
    """A site with a database, a broker and a worker of its own."""

    site: RunningSite
    folder: Path
    database: PostgresServer
    variables: dict[str, str]
    helpers: "list[subprocess.Popen[bytes]]"

    @property
    def paths(self) -> list[str]:
        """Every published address."""
        library = Library(self.folder / "published")
        return [one.path for code in library.pages_on_disk() for one in library.store_of(code).everything()]

    def read(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.site.address}{path}", timeout=60) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())

    def ask(self, path: str) -> tuple[int, Message, str]:
        """Return status, headers and body, whatever the status."""
        try:
            with urllib.request.urlopen(f"{self.site.address}{path}", timeout=60) as answer:  # noqa: S310 - our own
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def kill_everything_behind(self) -> None:
        """End database, broker and worker as a crash would."""
        self.database.process.send_signal(signal.SIGQUIT)  # pg_ctl stop -m immediate
        for helper in self.helpers:
            helper.kill()
        for process in (self.database.process, *self.helpers):
            process.wait(timeout=60)

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = command_environment(self.folder, self.site.port, **self.variables)
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )


@dataclass
class Prepared:
    """What each installation is a copy of: a data folder, and a database of a server of its own."""

    folder: Path
    server: PostgresServer
    copies: int = 0

    def copied(self, folder: Path) -> str:
        """Copy the data into a folder and the database; return the address of the new one."""
        shutil.copytree(self.folder, folder)
        if self.server.process.poll() is not None:
            self.server.process = self.server.serve()
        self.copies += 1
        return self.made(f"copy{self.copies}", "TEMPLATE statuspage")

    def made(self, name: str, template: str = "") -> str:
        """Make a database and return its address."""
        address = self.server.url.rpartition("/")[0]
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {template}")
        return f"{address}/{name}"


def settings_for(database: str, broker: str) -> dict[str, str]:
    """Return the environment of an installation."""
    # The address of the site is the same whatever its port, so that a copy has nothing to publish again.
    places = {"DATABASE_URL": database, "BROKER_URL": broker, "SITE_URL": "http://127.0.0.1"}
    return {**places, "LOG_LEVEL": "WARNING"}


@contextmanager
def running_broker(folder: Path) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """Give the address of a broker and its process."""
    port = free_port()
    command = [find_valkey(), "--port", str(port), "--save", "", "--dir", str(folder)]
    with ended(subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent())) as process:
        yield f"redis://127.0.0.1:{port}/0", process


@contextmanager
def running_worker(folder: Path, port: int, variables: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    """Give the process of a worker."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "statuspage", "worker", "--pool", "threads", "--concurrency", "2"],
        env=command_environment(folder, port, **variables),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent(),
    )
    with ended(worker):
        yield worker


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> "Iterator[subprocess.Popen[bytes]]":
    """Kill the process at the end where it still runs."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_until_published(database: str, seconds: float = 240) -> None:
    """Return once all of the page is published. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with psycopg.connect(database) as connection:
            found = connection.execute(
                "select count(*) from incidents_publication u join incidents_page p on p.id = u.page_id"
                " where u.seq >= p.last_seq"
            ).fetchone()
        if found and found[0]:
            return
        time.sleep(0.2)
    raise AssertionError("the page was not published")
