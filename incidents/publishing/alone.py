"""One publishing of a page at a time."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db import connection, transaction

_ADVISORY_CLASS = 0x57A7
"""First half of the advisory lock's key; the second is the page."""

_locks: defaultdict[int, RLock] = defaultdict(RLock)


@contextmanager
def alone(page_id: int) -> Iterator[None]:
    """Publish this page alone: in this process, and on PostgreSQL among all nodes.

    SQLite has one writer at a time and no lock of this kind; there the generation tells who was overtaken,
    so that no write lock is held while documents are made.
    """
    with _locks[page_id]:
        if connection.vendor != "postgresql":
            yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ADVISORY_CLASS, page_id])
            yield
