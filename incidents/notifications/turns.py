"""Turns: on SQLite one process sends at a time.

SQLite has one writer. Many processes that mark what they sent wait for each other longer than they send, and each has
messages under way whose marks are late. One with the database to itself sends more, and whoever is killed beside it
has sent nothing that could be repeated.

A turn is the lock of a file beside the database: the operating system takes it back from a process that ends in any
way. While a turn lasts something stands in the file, so that one that was broken off is noticed by the others.
"""

import fcntl
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

from incidents.notifications.choices import Lane

LASTS = 5.0
"""Seconds a turn may last where mail leaves fast: another process would set its connections up first."""

NEWS, RETRIES = "news", "retries"

log = logging.getLogger(__name__)


@contextmanager
def turn(lanes: Sequence[int] | None) -> Iterator[bool]:
    """Give whether the caller may send deliveries of `lanes` (None: all) while the block runs.

    Always on PostgreSQL; on SQLite unless somebody else sends some now. First tries and second ones have a turn each,
    so that a relay that keeps second tries waiting keeps no news waiting.
    """
    file = _opened(RETRIES if lanes is not None and set(lanes) == {Lane.RETRY} else NEWS)
    if file is None:
        yield True
        return
    with file:
        is_had = _is_locked(file)
        if is_had:
            file.write("somebody sends\n")
            file.flush()
        try:
            yield is_had
        finally:
            if is_had:
                file.truncate(0)


def seconds_of(seconds: float) -> float:
    """Return how long a batch that may go on for some seconds goes on here."""
    return LASTS if seconds and connection.vendor == "sqlite" else seconds


def was_broken_off() -> bool:
    """Say whether somebody ended in the middle of a turn, so that others should go on at once; told once."""
    return any(_is_abandoned(name) for name in (NEWS, RETRIES))


def _is_abandoned(name: str) -> bool:
    file = _opened(name)
    if file is None:
        return False
    with file:
        if not _is_locked(file) or not file.tell():
            return False
        file.truncate(0)
        return True


def _opened(name: str) -> IO[str] | None:
    """Return the file whose lock is a turn, beside the database; None where several may send.

    Also where it cannot be opened: turns make sending quick, and nothing but that depends on them.
    """
    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not database.is_file():
        return None
    try:
        return database.with_name(f"{database.name}.{name}.lock").open("a")
    except OSError as error:
        log.warning("mail goes out without turns: %s", error)
        return None


def _is_locked(file: IO[str]) -> bool:
    """Lock a file until it is closed; return whether that was possible at once."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
