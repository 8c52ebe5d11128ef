"""What fault runs share: a PostgreSQL that can be crashed, and migrated databases to copy."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.databases import MIGRATED, Database, DurablePostgres, PostgresDatabase, SqliteDatabase, migrate


class Workshop:
    """Makes databases; the first of each kind costs a migration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.server: DurablePostgres | None = None

    def database(self, kind: str, folder: Path) -> Database:
        """Return a new migrated database, `postgres` or `sqlite`."""
        self.count += 1
        if kind == "sqlite":
            return SqliteDatabase(self._migrated_file(), folder / "statuspage.sqlite3")
        return PostgresDatabase(self._migrated_server(), f"run{self.count}")

    def _migrated_file(self) -> Path:
        path = self.folder / f"{MIGRATED}.sqlite3"
        if not path.exists():
            migrate(f"sqlite:///{path}", self.folder)
        return path

    def _migrated_server(self) -> DurablePostgres:
        if self.server is None:
            self.server = DurablePostgres()
            self.server.admin(f"CREATE DATABASE {MIGRATED}")
            migrate(f"{self.server.url.rpartition('/')[0]}/{MIGRATED}", self.folder)
        return self.server

    def close(self) -> None:
        """Stop the server."""
        if self.server is not None:
            self.server.stop()


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Give a workshop; it cleans up at the end."""
    folder = Path(tempfile.mkdtemp(prefix="statuspage-faults-"))
    shop = Workshop(folder)
    try:
        yield shop
    finally:
        shop.close()
        shutil.rmtree(folder, ignore_errors=True)
