"""Commands where the database is away or empty: one sentence that says what to do, and exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.finding import free_port

ROOT = Path(__file__).parents[2]


def said(folder: Path, *arguments: str, database: str) -> "subprocess.CompletedProcess[str]":
    """Return what a command says with that database."""
    environment = os.environ | {"DATABASE_URL": database, "DATA_DIR": str(folder), "PORT": str(free_port())}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)


@pytest.mark.parametrize("arguments", [("run",), ("subscribers", "list")])
def test_a_database_that_does_not_answer_is_named_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = said(tmp_path, *arguments, database=f"postgres://nobody@127.0.0.1:{free_port()}/nothing")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "CommandError: The database does not answer. Look at DATABASE_URL" in done.stderr


def test_a_database_without_tables_is_named_in_a_sentence(tmp_path: Path) -> None:
    done = said(tmp_path, "subscribers", "list", database=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().endswith("run `manage.py migrate`.")
    assert done.stderr.count("CommandError") == 1


def test_the_trace_is_there_for_whoever_asks(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    done = said(tmp_path, "subscribers", "--traceback", "list", database=database)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
