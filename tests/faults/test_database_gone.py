"""PostgreSQL stopped, broker killed, workers dead: every published address answers, also after a restart."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import psycopg
import pytest

from incidents.publishing.library import Library
from tests.faults.prober import probing, wait_for_answer
from tests.running.running import ROOT, RunningSite, command_environment, running_site
from tests.servers.finding import die_with_parent, free_port
from tests.servers.nginx import find_wrk
from tests.servers.postgres import PostgresServer
from tests.servers.valkey import find_valkey

SECONDS = float(os.environ.get("FAULT_SECONDS", "8"))
"""How long each fault lasts; `make faults` takes a minute."""


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
        with urllib.request.urlopen(f"{self.site.address}{path}", timeout=5) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())

    def ask(self, path: str) -> tuple[int, Message, str]:
        """Return status, headers and body, whatever the status."""
        try:
            with urllib.request.urlopen(f"{self.site.address}{path}", timeout=5) as answer:  # noqa: S310 - our own
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def kill_everything_behind(self) -> None:
        """End database, broker and worker as a crash would."""
        self.database.process.send_signal(signal.SIGQUIT)  # pg_ctl stop -m immediate
        for helper in self.helpers:
            helper.kill()
        for process in (self.database.process, *self.helpers):
            process.wait(timeout=20)

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = command_environment(self.folder, self.site.port, **self.variables)
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """The demonstration page, published, with everything running."""
    database, port = PostgresServer(), free_port()
    # The server answers under this name before anybody made the database.
    with psycopg.connect(f"{database.url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE statuspage")
    variables = {"DATABASE_URL": database.url, "BROKER_URL": f"redis://127.0.0.1:{port}/0", "LOG_LEVEL": "WARNING"}
    folder = tmp_path / "data"
    folder.mkdir()
    broker = subprocess.Popen(
        [find_valkey(), "--port", str(port), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent(),
    )
    try:
        with running_site(folder, **variables) as site:
            worker = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "statuspage",
                    "worker",
                    "--pool",
                    "threads",
                    "--concurrency",
                    "2",
                ],
                env=command_environment(folder, site.port, **variables),
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=die_with_parent(),
            )
            one = Installation(site, folder, database, variables, [broker, worker])
            wait_for_answer(site.port, "/api/v2/summary.json", 30)
            wait_until_published(one)
            yield one
    finally:
        for process in (broker, locals().get("worker")):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        database.stop()


def wait_until_published(one: Installation, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with psycopg.connect(one.database.url) as connection:
            found = connection.execute(
                "select count(*) from incidents_publication u join incidents_page p on p.id = u.page_id"
                " where u.seq >= p.last_seq"
            ).fetchone()
        if found and found[0]:
            return
        time.sleep(0.2)
    raise AssertionError("the page was not published")


def test_with_everything_behind_dead_every_address_answers_also_after_a_kill_and_a_restart(
    installation: Installation,
) -> None:
    paths = installation.paths
    assert len(paths) > 100
    # Ten a second, or as many as it takes to ask for every address twice.
    rate = max(10.0, 2.2 * len(paths) / SECONDS)
    installation.kill_everything_behind()
    with probing(installation.site.port, paths, per_second=rate) as ledger:
        time.sleep(SECONDS)
    print(f"everything behind dead, {len(paths)} addresses: {ledger}")
    assert ledger.failures == []
    assert {path for path, _ in ledger.answers} == set(paths)

    os.kill(installation.site.child(), signal.SIGKILL)
    time.sleep(0.2)
    print(f"killed; answers again after {wait_for_answer(installation.site.port, '/', 15):.2f} s")
    with probing(installation.site.port, paths, per_second=rate) as ledger:
        time.sleep(SECONDS)
    print(f"web process killed and replaced: {ledger}")
    assert ledger.failures == []

    installation.site.stop()
    port = installation.site.port
    with running_site(installation.folder, port=port, **installation.variables) as again:
        with probing(again.port, paths, per_second=rate) as ledger:
            time.sleep(SECONDS)
        print(f"stopped and started without a database: {ledger}")
        assert ledger.failures == []
        assert "readers get what was published before" in again.output()


def test_ten_thousand_readers_at_once_are_all_answered_without_a_database(installation: Installation) -> None:
    installation.kill_everything_behind()
    count = 10_000 if _may_open(10_500) else 1_000
    load = [str(find_wrk()), "-t2", f"-c{count}", f"-d{max(5, int(SECONDS))}s", "--timeout", "10s", "--latency"]
    done = subprocess.run(
        ["sh", "-c", f"ulimit -n 10500; exec {' '.join(load)} {installation.site.address}/"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    print(f"{count} readers: {done}")
    assert "Non-2xx" not in done, done
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", done)
    assert errors is None or errors.groups()[:3] == ("0", "0", "0"), done


def test_what_needs_the_database_says_so_and_when_to_come_again(installation: Installation) -> None:
    installation.kill_everything_behind()
    for path in ("/subscribe", "/no-such-address", "/history?page=399", "/badge/nothing.svg"):
        status, headers, body = installation.ask(path)
        assert (status, headers["Retry-After"]) == (503, "10"), path
        assert "does not answer" in body, path
        assert "Traceback" not in body, path


def _may_open(count: int) -> bool:
    return subprocess.run(["sh", "-c", f"ulimit -n {count}"], capture_output=True, check=False).returncode == 0


def test_an_emergency_post_is_seen_at_once_and_taken_in_once_when_the_database_is_back(
    installation: Installation,
) -> None:
    code = next(path for path in installation.paths if re.fullmatch(r"/incidents/\w+", path)).rpartition("/")[2]
    refused = installation.command("post", "Too early?", "--incident", "nosuch", "--emergency")
    assert refused.returncode != 0
    data, port = installation.database.folder / "data", installation.database.port
    installation.kill_everything_behind()
    assert "Use --emergency" in installation.command("post", "We see it.", "--incident", code).stderr
    done = installation.command("post", "We *know* & work on it.", "--incident", code, "--emergency", "--key", "k1")
    assert done.returncode == 0, done.stderr
    time.sleep(0.6)
    for path in ("/", f"/incidents/{code}"):
        assert "<em>know</em> &amp; work" in installation.read(path), path
    assert "work on it" in installation.read("/history.rss")
    assert "work on it" in installation.read("/history.atom")

    (data / "postmaster.pid").unlink(missing_ok=True)
    installation.database.port = port
    installation.database.process = _started_again(installation.database)
    deadline = time.monotonic() + 30
    folder = next((installation.folder / "published").iterdir()) / "emergency"
    while list(folder.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not list(folder.glob("*.json"))
    time.sleep(6)
    with psycopg.connect(installation.database.url) as connection:
        (posted,) = connection.execute(
            "select count(*) from incidents_update where body like '%work on it%'"
        ).fetchone() or (0,)
        (events,) = connection.execute(
            "select count(*) from incidents_event where request_key = 'k1' and notify"
        ).fetchone() or (0,)
    assert (posted, events) == (1, 1)
    assert installation.read(f"/incidents/{code}").count("work on it") >= 1
    assert 'class="card unresolved-incident emergency"' not in installation.read("/")


def _started_again(server: PostgresServer) -> "subprocess.Popen[bytes]":
    """Start PostgreSQL again on the same cluster and port."""
    settings = ["listen_addresses=127.0.0.1", f"port={server.port}", f"unix_socket_directories={server.folder}"]
    arguments = [argument for setting in settings for argument in ("-c", setting)]
    with (server.folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [server.binaries / "postgres", "-D", server.folder / "data", *arguments],
            stdout=log,
            stderr=log,
            cwd=server.folder,
            preexec_fn=die_with_parent(signal.SIGQUIT),
            **server.identity,
        )
    server._wait_until_ready(process)
    return process
