"""Marking while the loop goes on: on PostgreSQL the marks of one group are written while others are sent.

One statement on a connection of its own, without a transaction around it: it is durable when its
answer is there. Only for messages that were taken, and only while nothing else is to be noted of
them; everything else goes through leases.settle().
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection
from psycopg import pq

from incidents.notifications import marks
from incidents.notifications.models.delivery import ANSWER_LIMIT
from incidents.notifications.outcomes import Outcome

SENT = marks.SENT_ON_POSTGRES.replace("%s", "$1", 1).replace("%s", "$2", 1).encode()
NAME = b"marks_sent"
"""Under which each connection knows the statement: read and planned once, not for every few messages."""

_idle: list[tuple[float, "Marker"]] = []
_lock = threading.Lock()


class MarksLost(OperationalError):
    """The database did not say that the marks are durable."""


class Marker:
    """A connection that writes one group of marks at a time."""

    def __init__(self, link: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._link = link
        self.is_busy = False

    @property
    def descriptor(self) -> int:
        """What becomes readable when the database answers."""
        return self._link.fileno()

    @property
    def is_fit(self) -> bool:
        """Whether another group may be given to it; what is not is closed."""
        if self.is_busy:
            self.close()
        return not self._link.closed

    def begin(self, outcomes: Sequence[Outcome]) -> None:
        """Send the statement. Raises MarksLost."""
        keys = "{" + ",".join(str(one.delivery_id) for one in outcomes) + "}"
        answers = "{" + ",".join(_quoted(one.answer[:ANSWER_LIMIT]) for one in outcomes) + "}"
        try:
            self._link.pgconn.send_query_prepared(NAME, [keys.encode(), answers.encode()])
            self._link.pgconn.flush()
        except psycopg.Error as error:
            raise MarksLost(str(error)) from error
        self.is_busy = True

    def is_done(self) -> bool:
        """Say whether the last group is durable. Raises MarksLost."""
        wire = self._link.pgconn
        try:
            wire.flush()
            wire.consume_input()
            if wire.is_busy():
                return False
            while (result := wire.get_result()) is not None:
                if result.status != pq.ExecStatus.COMMAND_OK:
                    raise MarksLost(result.error_message.decode("utf-8", "replace"))
        except psycopg.Error as error:
            raise MarksLost(str(error)) from error
        self.is_busy = False
        return True

    def close(self) -> None:
        """End the connection."""
        self._link.close()


@contextmanager
def borrowed_marker() -> Iterator[Marker | None]:
    """Give a marker nobody else uses now; None where marks are written in the loop's own transaction.

    That is on SQLite, which has one writer, inside a transaction, whose rows nobody else sees, and
    where the database has no connection to spare.
    """
    marker = None if connection.vendor != "postgresql" or connection.in_atomic_block else _taken() or _made()
    try:
        yield marker
    except BaseException:
        if marker is not None:
            marker.close()
        raise
    if marker is not None and marker.is_fit:
        with _lock:
            _idle.append((time.monotonic(), marker))


def close_idle_markers(*, after: float) -> None:
    """Close the connections nobody used for `after` seconds."""
    until = time.monotonic() - after
    with _lock:
        old = [marker for since, marker in _idle if since <= until]
        _idle[:] = [(since, marker) for since, marker in _idle if since > until]
    for marker in old:
        marker.close()


def _taken() -> Marker | None:
    with _lock:
        return _idle.pop()[1] if _idle else None


def _made() -> Marker | None:
    try:
        link = connection.get_new_connection(connection.get_connection_params())
    except OperationalError:
        return None
    except psycopg.Error:
        return None
    link.autocommit = True
    if link.pgconn.prepare(NAME, SENT).status != pq.ExecStatus.COMMAND_OK:
        link.close()
        return None
    return Marker(link)


def _quoted(text: str) -> str:
    """Return a text as it stands in PostgreSQL's form of an array."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
