"""The two threads of a web node: one watches the disk, one the database. Readers never wait for either."""

import logging
from collections.abc import Callable
from threading import Event as Bell
from threading import Thread
from time import monotonic

from django.db import Error as DatabaseError
from django.db import connection

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.intake import take_in_emergency_posts
from incidents.publishing.library import Library
from incidents.publishing.models import Publication
from incidents.publishing.publisher import show_since

DISK_SECONDS = 0.2
DATABASE_SECONDS = 0.9
"""Another node's update is to be seen within a second."""

SWEEP_SECONDS = 5.0
log = logging.getLogger(__name__)


class Follower:
    """Keeps a library current until told to stop."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._stopping = Bell()
        self._swept = -SWEEP_SECONDS
        self._refused: dict[int, float] = {}
        """Until when not to bother a disk that refused a page."""
        self._is_away = False
        """Whether the database did not answer last time; it is logged once."""

    def start(self) -> None:
        """Take in what is on disk, then begin to follow."""
        self._look_around()
        for name, step, seconds in (
            ("disk-follower", self._look_around, DISK_SECONDS),
            ("database-follower", self._follow_database, DATABASE_SECONDS),
        ):
            Thread(target=self._repeat, args=(step, seconds), name=name, daemon=True).start()

    def stop(self) -> None:
        """End both threads soon."""
        self._stopping.set()

    def _repeat(self, step: Callable[[], None], seconds: float) -> None:
        while not self._stopping.is_set():
            step()
            self._stopping.wait(seconds)

    def _look_around(self) -> None:
        try:
            self._library.look_around()
        except Exception:
            log.exception("The published documents on disk could not be looked at.")

    def _follow_database(self) -> None:
        try:
            self.follow_once()
        except DatabaseError as error:
            if not self._is_away:
                log.warning("The database does not answer; readers get what is published (%s).", error)
            self._is_away = True
            connection.close()
        except Exception:
            log.exception("Following the database failed.")
            connection.close()

    def follow_once(self) -> None:
        """Look at the database once: fetch what other nodes published, and repair what is behind."""
        connection.close_if_unusable_or_obsolete()
        rows = list(Publication.objects.select_related("page").all())
        self._library.hear_from_database()
        if self._is_away:
            log.info("The database answers again.")
            self._is_away = False
        for row in rows:
            self._fetch(row)
        if monotonic() - self._swept >= SWEEP_SECONDS:
            self._swept = monotonic()
            sweep()

    def _fetch(self, row: Publication) -> None:
        """Bring disk and memory of this node to the generation of the database; a refusing disk is left in peace."""
        store = self._library.store_of(row.page.code)
        known = store.generation()
        if row.generation <= known or monotonic() < self._refused.get(row.pk, 0):
            return
        show_since(row, known, self._library)
        if store.generation() < row.generation:
            self._refused[row.pk] = monotonic() + SWEEP_SECONDS


def sweep() -> None:
    """Bring up to date whatever is behind: waiting emergency posts, events not published, words the clock moved."""
    at = now()
    take_in_emergency_posts(at=at)
    for page_id in publisher.pages_behind():
        publisher.catch_up(page_id, at=at)
    for page_id in Publication.objects.values_list("pk", flat=True):
        publisher.follow_clock(page_id, at=at)
