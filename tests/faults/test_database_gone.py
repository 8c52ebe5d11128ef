"""PostgreSQL stopped, broker killed, workers dead: every published address answers, also after a restart."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.databases import until
from tests.faults.installation import (
    Installation,
    Prepared,
    running_broker,
    running_worker,
    settings_for,
    wait_until_published,
)
from tests.faults.prober import probing, wait_for_answer
from tests.running.running import running_site
from tests.servers.finding import die_with_parent
from tests.servers.nginx import find_wrk
from tests.servers.postgres import PostgresServer

SECONDS = float(os.environ.get("FAULT_SECONDS", "8"))
"""How long each fault lasts; `make faults` takes a minute."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The demonstration page, published."""
    folder = tmp_path_factory.mktemp("prepared")
    one = Prepared(folder / "data", PostgresServer())
    try:
        with running_broker(folder) as (broker, _):
            variables = settings_for(one.made("statuspage"), broker)
            with running_site(one.folder, **variables) as site:
                wait_for_answer(site.port, "/api/v2/summary.json", 120)
                wait_until_published(variables["DATABASE_URL"])
        yield one
    finally:
        one.server.stop()


@pytest.fixture
def installation(prepared: Prepared, tmp_path: Path) -> Iterator[Installation]:
    """A copy of it with everything running."""
    folder = tmp_path / "data"
    address = prepared.copied(folder)
    with running_broker(tmp_path) as (broker, broker_process):
        variables = settings_for(address, broker)
        with running_site(folder, **variables) as site, running_worker(folder, site.port, variables) as worker:
            one = Installation(site, folder, prepared.server, variables, [broker_process, worker])
            wait_for_answer(site.port, "/api/v2/summary.json", 120)
            wait_until_published(address)
            yield one


def test_with_everything_behind_dead_every_address_answers_also_after_a_kill_and_a_restart(
    installation: Installation,
) -> None:
    paths = installation.paths
    assert len(paths) > 100
    # Ten a second, or as many as it takes to ask for every address twice.
    rate = max(10.0, 2.2 * len(paths) / SECONDS)
    installation.kill_everything_behind()
    with probing(installation.site.port, paths, per_second=rate) as ledger:
        ledger.wait(SECONDS, paths)
    print(f"everything behind dead, {len(paths)} addresses: {ledger}")
    assert ledger.failures == []
    assert {path for path, _ in ledger.answers} == set(paths)

    os.kill(installation.site.child(), signal.SIGKILL)
    time.sleep(0.2)
    print(f"killed; answers again after {wait_for_answer(installation.site.port, '/', 60):.2f} s")
    with probing(installation.site.port, paths, per_second=rate) as ledger:
        ledger.wait(SECONDS, paths)
    print(f"web process killed and replaced: {ledger}")
    assert ledger.failures == []

    installation.site.stop()
    port = installation.site.port
    with running_site(installation.folder, port=port, **installation.variables) as again:
        with probing(again.port, paths, per_second=rate) as ledger:
            ledger.wait(SECONDS, paths)
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
    # Half a second after it was written; a busy machine may need longer.
    until(10, lambda: "work on it" in installation.read("/history.atom"), "the post is shown")
    for path in ("/", f"/incidents/{code}"):
        assert "<em>know</em> &amp; work" in installation.read(path), path
    assert "work on it" in installation.read("/history.rss")
    assert "work on it" in installation.read("/history.atom")

    (data / "postmaster.pid").unlink(missing_ok=True)
    installation.database.port = port
    installation.database.process = _started_again(installation.database)
    deadline = time.monotonic() + 120
    folder = next((installation.folder / "published").iterdir()) / "emergency"
    while list(folder.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not list(folder.glob("*.json"))
    time.sleep(6)
    with psycopg.connect(installation.variables["DATABASE_URL"]) as connection:
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
