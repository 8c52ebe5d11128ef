"""Links: connections to PostgreSQL beside the thread's own, which answer one question while the loop goes on.

The statement is sent, and its answer fetched when it is there. There is no transaction around it:
what it wrote is durable when its answer is there.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import psycopg
from django.db import OperationalError, connection
from psycopg import pq
from psycopg.pq.abc import PGresult

_GOOD = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}

_idle: list[tuple[float, "Link"]] = []
_lock = threading.Lock()


class LinkLost(OperationalError):
    """The database did not say what became of a statement."""


class Link:
    """A connection that answers one question at a time."""

    def __init__(self, used: "psycopg.Connection[tuple[object, ...]]") -> None:
        self.connection = used
        self.is_busy = False
        """Whether an answer is owed."""
        self._prepared: set[bytes] = set()

    @property
    def descriptor(self) -> int:
        """What becomes readable when the database answers."""
        return self.connection.fileno()

    @property
    def is_fit(self) -> bool:
        """Whether another question may be asked; what is not fit is closed."""
        if self.is_busy:
            self.close()
        return not self.connection.closed

    def ask(self, statement: bytes) -> None:
        """Send a statement that holds all its values. Raises LinkLost."""
        self._send(partial(self.connection.pgconn.send_query, statement))

    def ask_prepared(self, name: bytes, statement: bytes, values: Sequence[bytes | None]) -> None:
        """Send the values of a statement that this connection reads and plans once, under `name`. Raises LinkLost."""
        if name not in self._prepared:
            prepared = self.connection.pgconn.prepare(name, statement)
            if prepared.status != pq.ExecStatus.COMMAND_OK:
                raise LinkLost(_words(prepared))
            self._prepared.add(name)
        self._send(partial(self.connection.pgconn.send_query_prepared, name, values))

    def answer(self) -> "PGresult | None":
        """Return the answer, None while it is not there. Raises LinkLost."""
        wire = self.connection.pgconn
        try:
            wire.flush()
            wire.consume_input()
            if wire.is_busy():
                return None
            return self._last()
        except psycopg.Error as error:
            raise LinkLost(str(error)) from error

    def wait(self) -> "PGresult":
        """Return the answer when it is there. Raises LinkLost."""
        try:
            return self._last()
        except psycopg.Error as error:
            raise LinkLost(str(error)) from error

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def _last(self) -> "PGresult":
        found = None
        while (result := self.connection.pgconn.get_result()) is not None:
            if result.status not in _GOOD:
                raise LinkLost(_words(result))
            found = result
        if found is None:
            raise LinkLost("nothing was asked")
        self.is_busy = False
        return found

    def _send(self, send: Callable[[], None]) -> None:
        try:
            send()
            self.connection.pgconn.flush()
        except psycopg.Error as error:
            raise LinkLost(str(error)) from error
        self.is_busy = True


@contextmanager
def borrowed_link() -> Iterator[Link | None]:
    """Give a link nobody else uses now; None where the thread's own connection has to do.

    That is on SQLite, which has one writer, inside a transaction, whose rows nobody else sees, and
    where the database has no connection to spare.
    """
    link = None if connection.vendor != "postgresql" or connection.in_atomic_block else _taken() or _made()
    try:
        yield link
    except BaseException:
        if link is not None:
            link.close()
        raise
    if link is not None and link.is_fit:
        with _lock:
            _idle.append((time.monotonic(), link))


def close_idle_links(*, after: float) -> None:
    """Close the connections nobody used for `after` seconds."""
    until = time.monotonic() - after
    with _lock:
        old = [link for since, link in _idle if since <= until]
        _idle[:] = [(since, link) for since, link in _idle if since > until]
    for link in old:
        link.close()


def _taken() -> Link | None:
    with _lock:
        return _idle.pop()[1] if _idle else None


def _made() -> Link | None:
    try:
        made = connection.get_new_connection(connection.get_connection_params())
    except OperationalError:
        return None
    except psycopg.Error:
        return None
    made.autocommit = True
    return Link(made)


def _words(result: "PGresult") -> str:
    return result.error_message.decode("utf-8", "replace")
