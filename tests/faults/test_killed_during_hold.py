"""kill -9 while something is held: it is neither lost nor doubled, and nothing of it leaves before its time."""

import os
import re
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import urllib3

from tests.console.filling import fields_in
from tests.faults.holding import HOLD_SECONDS, NOTE
from tests.faults.test_killed_while_publishing import run
from tests.running.running import RunningSite, running_site

HTTP = urllib3.PoolManager(timeout=60, retries=False)
SECONDS_TO_SEE = 60
"""Until it is given up; how late the post may be is asked of the database."""
PUBLIC = ("/", "/history.rss", "/history.atom", "/api/v2/summary.json", "/api/v2/incidents.json")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An installation with a page that holds, and the session of somebody who may post on it."""
    folder = tmp_path_factory.mktemp("held") / "site"
    done = run(folder, "prepare-held")
    assert done.returncode == 0, done.stderr.decode()
    return folder, done.stdout.decode().split()[-1]


@pytest.fixture
def folder(prepared: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(prepared[0], tmp_path / "site"))


@pytest.fixture
def session(prepared: tuple[Path, str]) -> str:
    return prepared[1]


def test_nothing_leaves_before_its_time_and_all_of_it_after_although_nobody_looks(folder: Path, session: str) -> None:
    with running_site(folder, "--no-demo") as site:
        release_at = publish(site, session)
        told: list[str] = []
        while time.time() < release_at:
            # What was found while its time came is no longer too early.
            assert told == []
            told = told_where(site, folder)
            time.sleep(0.2)
        wait_until(lambda: told_where(site, folder) == [*PUBLIC, "mail"], until=release_at + SECONDS_TO_SEE)
        assert published_at(folder) - release_at < 2
        assert ended(folder) == (2, 1, "published")


def test_c06_a_web_process_killed_during_the_hold_loses_and_doubles_nothing(folder: Path, session: str) -> None:
    with running_site(folder, "--no-demo") as site:
        release_at = publish(site, session)
        child = site.child()
        os.kill(child, signal.SIGKILL)
        assert time.time() < release_at
        wait_until(lambda: ended(folder)[2] == "published", until=release_at + SECONDS_TO_SEE)
        wait_until(lambda: told_where(site, folder) == [*PUBLIC, "mail"], until=release_at + SECONDS_TO_SEE)
        time.sleep(2)
        assert ended(folder) == (2, 1, "published")
        assert len(mails(folder)) == 1


def test_killed_altogether_and_started_after_its_time_it_leaves_then_once(folder: Path, session: str) -> None:
    with running_site(folder, "--no-demo") as site:
        release_at = publish(site, session)
        site.stop(signal.SIGKILL)
    assert ended(folder) == (1, 0, "waiting")
    time.sleep(max(0.0, release_at - time.time()))
    with running_site(folder, "--no-demo") as again:
        wait_until(lambda: told_where(again, folder) == [*PUBLIC, "mail"], until=time.time() + SECONDS_TO_SEE)
        assert ended(folder) == (2, 1, "published")


@pytest.mark.parametrize("step", ["held-done", "held-left", "documents-made", "rows-written", "committed"])
def test_killed_at_any_step_of_leaving_it_has_left_once(folder: Path, step: str) -> None:
    assert run(folder, "hold").returncode == 0
    killed = run(folder, "release", STATUSPAGE_FAILPOINT=step)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    for _ in range(2):
        assert run(folder, "release").returncode == 0
    assert ended(folder) == (2, 1, "published")


def publish(site: RunningSite, session: str) -> float:
    """Publish an update as a browser without script does, and return when it is to leave (seconds of the epoch)."""
    (code,) = rows(Path(site.log).parent, "SELECT code FROM incidents_incident")[0]
    incident = f"/console/incidents/{code}"
    cookie = f"sessionid={session}"
    shown = HTTP.request("GET", site.address + incident, headers={"Cookie": cookie})
    token = re.search(r"csrftoken=([^;]+)", shown.headers["Set-Cookie"])
    assert (shown.status, token is not None) == (200, True)
    form = fields_in(SimpleNamespace(content=shown.data), action=f"{incident}/updates")
    secret = token[1] if token else ""
    headers = {"Cookie": f"{cookie}; csrftoken={secret}", "X-CSRFToken": secret, "Origin": site.address}
    said = {**form, "body": NOTE}
    answer = HTTP.request_encode_body(
        "POST",
        f"{site.address}{incident}/updates",
        fields=said,
        headers=headers,
        encode_multipart=False,
        redirect=False,
    )
    assert (answer.status, answer.headers["Location"]) == (303, incident)
    (moment,) = rows(Path(site.log).parent, "SELECT release_at FROM incidents_heldpost")[0]
    release_at = epoch_of(moment)
    assert time.time() < release_at <= time.time() + HOLD_SECONDS
    return release_at


def told_where(site: RunningSite, folder: Path) -> list[str]:
    """Return the public paths that tell of the note, and "mail" where a mail does."""
    return [path for path in PUBLIC if NOTE in page(site, path)] + (["mail"] if mails(folder) else [])


def mails(folder: Path) -> list[Path]:
    return [
        file for file in (folder / "mail").rglob("*") if file.is_file() and NOTE in file.read_text(errors="replace")
    ]


def page(site: RunningSite, path: str) -> str:
    """Return what stands at a path, nothing while nobody answers."""
    try:
        return HTTP.request("GET", site.address + path).data.decode()
    except urllib3.exceptions.HTTPError:
        return ""


def ended(folder: Path) -> tuple[object, ...]:
    """Return the number of updates, of events that tell of one, and how far the held post has come."""
    counted = (
        "SELECT (SELECT count(*) FROM incidents_update), count(*) FROM incidents_event WHERE kind = 'incident.updated'"
    )
    return (*rows(folder, counted)[0], rows(folder, "SELECT state FROM incidents_heldpost")[0][0])


def published_at(folder: Path) -> float:
    (moment,) = rows(folder, "SELECT max(at) FROM incidents_event WHERE kind = 'incident.updated'")[0]
    return epoch_of(moment)


def epoch_of(moment: object) -> float:
    """Return what SQLite keeps of an instant as seconds of the epoch."""
    return datetime.fromisoformat(str(moment)).replace(tzinfo=UTC).timestamp()


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "statuspage.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


def wait_until(holds: object, *, until: float) -> None:
    assert callable(holds)
    while not holds():
        assert time.time() < until, "it did not happen in time"
        time.sleep(0.2)
