"""Which SQLite library the process uses: Python's own, or a newer one where its own can damage the database.

SQLite 3.7.0 to 3.51.2 may corrupt a database in WAL mode (https://www.sqlite.org/wal.html#walresetbug), and
Debian 12 ships 3.40.1. The package pysqlite3 carries a mended library behind the same interface.
"""

import importlib
import importlib.util
import sqlite3
import sys

FIRST_SOUND_VERSION = (3, 51, 3)


def use_sound_sqlite() -> None:
    """Put pysqlite3 in the place of sqlite3 where Python's own is too old and the package is installed."""
    if sqlite3.sqlite_version_info >= FIRST_SOUND_VERSION or importlib.util.find_spec("pysqlite3") is None:
        return
    replacement = importlib.import_module("pysqlite3")
    if replacement.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = replacement
        sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the library that Django uses."""
    library = importlib.import_module("sqlite3")
    version: tuple[int, ...] = library.sqlite_version_info
    return version
