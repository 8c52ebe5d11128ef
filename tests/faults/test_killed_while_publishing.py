"""kill -9 at every step of publishing: readers keep whole documents, the next look heals the rest."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from incidents.publishing.library import Library
from incidents.publishing.published import Published
from incidents.publishing.tree import file_name
from tests.publishing.published import Reader
from tests.running.running import FOREIGN, ROOT

STEPS = [
    "documents-made",
    "rows-written",
    "committed",
    "in-memory",
    "drafts-written",
    "drafts-synced",
    "one-in-place",
    "more-in-place",
    "documents-on-disk",
    "tree-written",
    "pointer-on-disk",
]
NOTE = b"The second note."
SECONDS_TO_RUN = 240
RUBBISH = {
    "nothing": b"",
    "zeros": b"\x00" * 100,
    "a beginning": b"statuspage document 1 and no more",
    "noise": Random(4).randbytes(4000),
}


def run(folder: Path, word: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    places = {"DATA_DIR": str(folder), "PUBLISH_TO": str(folder / "public"), "SITE_URL": "http://testserver"}
    environment = {**own, **places, **variables}
    command = [sys.executable, "-m", "tests.faults.posting", word]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=SECONDS_TO_RUN)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one published page and an open incident."""
    folder = tmp_path_factory.mktemp("installation")
    done = run(folder, "prepare")
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture
def installation(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(prepared, tmp_path / "copy"))


def read_all(folder: Path) -> dict[str, bytes]:
    """Return every document as a reader gets it after a restart without a database."""
    library = Library(folder / "published")
    library.look_around()
    reader = Reader(library)
    (code,) = library.pages_on_disk()
    found = {one.path: reader.get(one.path) for one in library.store_of(code).everything()}
    assert all(reply.status == 200 for reply in found.values())
    return {path: without_moment(reply.body) for path, reply in found.items()}


def without_moment(body: bytes) -> bytes:
    """Return a page without the moment of its making, which alone is no news."""
    return re.sub(rb'issued" content="\d+"', b"", body)


def in_tree(folder: Path, path: str) -> bytes:
    """Return what a web server finds at a path in the tree."""
    (document,) = [one for one in documents(folder) if one.path == path]
    return (folder / "public" / "default" / file_name(document)).read_bytes()


def documents(folder: Path) -> list[Published]:
    library = Library(folder / "published")
    return [one for code in library.pages_on_disk() for one in library.store_of(code).everything()]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_readers_have_whole_documents_and_the_next_look_heals(installation: Path, step: str) -> None:
    before = read_all(installation)
    killed = run(installation, "post", STATUSPAGE_FAILPOINT=step)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    after = read_all(installation)
    assert set(before) <= set(after)
    # The post itself was committed before publishing began.
    assert _updates(installation) == 2
    healed = run(installation, "heal")
    assert healed.returncode == 0, healed.stderr.decode()
    told = read_all(installation)
    for path in ("/", "/history.rss", "/history.atom", "/api/v2/summary.json"):
        assert NOTE in told[path], path
        assert NOTE in in_tree(installation, path), path
    assert not list(installation.rglob(".draft-*"))
    assert told == {path: without_moment(in_tree(installation, path)) for path in told}


@pytest.mark.parametrize("step", STEPS)
def test_an_upgrade_killed_at_any_step_is_finished_by_the_next_start(installation: Path, step: str) -> None:
    before = read_all(installation)
    assert any(b"http://testserver/" in body for body in before.values())
    # Another address of the site stands for whatever a new release makes otherwise.
    killed = run(installation, "heal", SITE_URL="http://new.example", STATUSPAGE_FAILPOINT=step)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    after = read_all(installation)
    assert set(before) <= set(after)
    # A picture carries the minute of its making in its address, and is there before the pages that name it.
    assert all(path.startswith("/og/") for path in set(after) - set(before))
    healed = run(installation, "heal", SITE_URL="http://new.example")
    assert healed.returncode == 0, healed.stderr.decode()
    told = read_all(installation)
    # Pictures and scripts name no address; no other document may name the former one.
    assert {path for path, body in told.items() if b"//testserver" in body} == set()
    assert b"http://new.example/" in told["/"]
    assert told == {path: without_moment(in_tree(installation, path)) for path in told}


def test_a_second_try_with_the_same_key_posts_once(installation: Path) -> None:
    run(installation, "post", STATUSPAGE_FAILPOINT="committed")
    again = run(installation, "post")
    assert again.returncode == 0, again.stderr.decode()
    assert _updates(installation) == 2


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_with_every_file_damaged_the_versions_before_are_served_and_the_next_publishing_heals(
    installation: Path, rubbish: bytes
) -> None:
    assert run(installation, "post").returncode == 0
    for file in (installation / "published").rglob("documents/*"):
        if not file.name.endswith(".previous"):
            file.write_bytes(rubbish)
    assert b"Elevated error rates" in read_all(installation)["/"]
    command = [sys.executable, "manage.py", "publish"]
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment = {**own, "DATA_DIR": str(installation)}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, timeout=SECONDS_TO_RUN)
    assert NOTE in read_all(installation)["/"]


def _updates(folder: Path) -> int:
    with sqlite3.connect(folder / "statuspage.sqlite3") as database:
        return int(database.execute("select count(*) from incidents_update").fetchone()[0])
