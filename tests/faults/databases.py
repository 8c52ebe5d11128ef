"""The databases of fault runs: seen from outside the app, crashed and started again."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.running.running import FOREIGN, ROOT
from tests.servers.finding import die_with_parent
from tests.servers.postgres import PostgresServer

OURS = "statuspage_faults"
MIGRATED = "migrated"


class Database(Protocol):
    """One database of one run."""

    url: str

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds."""

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement for good and return how many rows it touched."""

    def keep_copy(self) -> None:
        """Take a backup. Nobody may be using the database."""

    def restore_copy(self) -> None:
        """Put the backup in the place of the database."""

    def drop(self) -> None:
        """Leave nothing."""


class DurablePostgres(PostgresServer):
    """A PostgreSQL that syncs as in production, and that can be crashed."""

    DURABILITY = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")

    def __init__(self) -> None:
        # A child dies with the thread that made it, so that one thread makes them all and lasts.
        self.keeper = ThreadPoolExecutor(max_workers=1)
        super().__init__()

    def crash(self) -> None:
        """End it as `pg_ctl stop -m immediate` does: at once, without a checkpoint."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=30)

    def start_again(self) -> None:
        """Start it on its data; it recovers from its log."""
        self.process = self.keeper.submit(self.serve).result()

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        super().stop()
        self.keeper.shutdown()

    def admin(self, sql: str) -> None:
        """Run a statement that concerns whole databases."""
        address = f"{self.url.rpartition('/')[0]}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql)


class PostgresDatabase:
    """A copy of the migrated database on a server."""

    def __init__(self, server: DurablePostgres, name: str) -> None:
        self.server, self.name = server, name
        self.url = f"{server.url.rpartition('/')[0]}/{name}"
        server.admin(f"CREATE DATABASE {name} TEMPLATE {MIGRATED}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return connection.execute(sql.replace("?", "%s"), parameters).fetchall()

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement for good and return how many rows it touched."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return connection.execute(sql.replace("?", "%s"), parameters).rowcount

    def keep_copy(self) -> None:
        """Take a backup. Nobody may be using the database."""
        self.server.admin(f"ALTER DATABASE {self.name} RENAME TO {self.name}_old")
        self.server.admin(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_old")

    def restore_copy(self) -> None:
        """Put the backup in the place of the database."""
        self.drop()
        self.server.admin(f"ALTER DATABASE {self.name}_old RENAME TO {self.name}")

    def drop(self) -> None:
        """Leave nothing."""
        self.server.admin(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class SqliteDatabase:
    """A copy of the migrated SQLite file."""

    def __init__(self, migrated: Path, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        shutil.copyfile(migrated, path)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with sqlite3.connect(self.path, timeout=20) as connection:
            found = connection.execute(sql, parameters).fetchall()
        connection.close()
        return found

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement for good and return how many rows it touched."""
        with sqlite3.connect(self.path, timeout=20) as connection:
            count = connection.execute(re.sub(r"\bnow\(\)", "CURRENT_TIMESTAMP", sql), parameters).rowcount
        connection.close()
        return count

    def keep_copy(self) -> None:
        """Take a backup. Nobody may be using the database."""
        self.change(f"VACUUM INTO '{self.path}.old'")

    def restore_copy(self) -> None:
        """Put the backup in the place of the database."""
        for rest in ("-wal", "-shm"):
            self.path.with_name(self.path.name + rest).unlink(missing_ok=True)
        Path(f"{self.path}.old").replace(self.path)

    def drop(self) -> None:
        """The folder of the run goes as a whole."""


def migrate(url: str, folder: Path) -> None:
    """Bring an empty database up to date, in a process of its own."""
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"],
        env={**own, "DATA_DIR": str(folder), "DATABASE_URL": url},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=die_with_parent(),
    )
    assert done.returncode == 0, done.stderr


def until(seconds: float, found: Any, what: str) -> float:
    """Return after how many seconds `found()` was true. Raises AssertionError where it never was."""
    began = time.monotonic()
    while not found():
        assert time.monotonic() - began < seconds, f"{what} within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began
