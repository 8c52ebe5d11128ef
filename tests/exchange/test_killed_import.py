"""An import that is killed is finished by the next one."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.exchange import statuspage_json as made

COUNT = 1000
"""Enough that the import goes on for a while after the first quarter."""


@pytest.fixture
def install(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation of its own, on SQLite, migrated."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "var"), "TQDM_DISABLE": "1"}
    environment.pop("DATABASE_URL", None)
    manage(environment, "migrate", "-v0")
    return environment


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True, timeout=240
    )
    return done.stdout


def rows(environment: dict[str, str], table: str) -> int:
    database = sqlite3.connect(Path(environment["DATA_DIR"]) / "statuspage.sqlite3", timeout=60)
    try:
        return int(database.execute(f"SELECT count(*) FROM incidents_{table}").fetchone()[0])  # noqa: S608
    finally:
        database.close()


def many_incidents(folder: Path) -> Path:
    folder.mkdir()
    incidents = [
        made.incident(
            f"zzzzinci{number:04}",
            components=[made.component()],
            incident_updates=[
                made.resolution(affected_components=[made.affected(old="major_outage", new="operational")]),
                made.update(affected_components=[made.affected()]),
            ],
        )
        for number in range(COUNT)
    ]
    made.write(folder, "incidents.json", incidents=incidents)
    return folder


def test_a_killed_import_is_finished_by_the_next_without_doubles(install: dict[str, str], tmp_path: Path) -> None:
    source = many_incidents(tmp_path / "source")
    command = [sys.executable, "manage.py", "import_statuspage", str(source), "--yes"]
    started = subprocess.Popen(command, cwd=settings.BASE_DIR, env=install, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 240
    while rows(install, "incident") < COUNT // 4 and time.monotonic() < until:
        time.sleep(0.01)
    started.send_signal(signal.SIGKILL)
    started.wait()

    half = rows(install, "incident")
    assert COUNT // 4 <= half < COUNT
    assert (rows(install, "update"), rows(install, "statuschange"), rows(install, "affected")) == (
        2 * half,
        2 * half,
        half,
    )
    text = manage(install, "import_statuspage", str(source), "--yes")
    assert f"Took {COUNT - half:,} records." in text
    assert (rows(install, "incident"), rows(install, "update")) == (COUNT, 2 * COUNT)
    assert rows(install, "event") == COUNT + 2
    assert "There is nothing new to take." in manage(install, "import_statuspage", str(source), "--yes")
