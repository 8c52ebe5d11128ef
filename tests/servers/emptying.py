"""Empties the database after a test that committed: only the tables that hold something.

Django truncates every table and makes permissions and content types anew, which costs more than most tests do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic, sleep
from typing import Any

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

LEFT_BY_MIGRATE = ("auth_permission", "django_content_type")
"""The tables of a database nobody has used yet that hold something."""

SECONDS_TO_WAIT = 60
"""For what threads of the test still write, until it is given up."""

_the_usual_way = TransactionTestCase._fixture_teardown


def empty_quickly() -> None:
    """Let tests that commit leave their database by `_leave`; called when the test database has just been made."""
    _left_by_migrate()
    TransactionTestCase._fixture_teardown = _leave


def _leave(test: Any) -> None:
    """Leave the database as `migrate` does, in the usual way where a test changed what that makes."""
    _empty()
    if _standing() != _left_by_migrate():
        _the_usual_way(test)


def _empty() -> None:
    tables = _tables()
    with _all_to_ourselves(tables), connection.cursor() as cursor:
        holding = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)  # noqa: S608
        cursor.execute(" UNION ALL ".join(holding))
        # Foreign keys are checked at the end of the transaction, so that any order will do.
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@contextmanager
def _all_to_ourselves(tables: list[str]) -> Iterator[None]:
    """Run the block in a transaction in which nobody else writes to a table or has locked a row of one.

    What a thread of the test still writes is waited for, as TRUNCATE does, but with no lock in hand: whoever waits for
    us then would be waited for in vain.
    """
    deadline = monotonic() + SECONDS_TO_WAIT
    with transaction.atomic():
        while connection.vendor == "postgresql":
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE NOWAIT")
                break
            except OperationalError:
                if monotonic() > deadline:
                    raise
                sleep(0.02)
        yield


@cache
def _tables() -> list[str]:
    """Return the tables that `flush` empties, but for those that hold something from the beginning."""
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found) - set(LEFT_BY_MIGRATE))


@cache
def _left_by_migrate() -> list[Any]:
    """Return what stands in those on the first call."""
    return _standing()


def _standing() -> list[Any]:
    counts = (f"SELECT '{table}', count(*), sum(id) FROM {table}" for table in LEFT_BY_MIGRATE)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return list(cursor.fetchall())
