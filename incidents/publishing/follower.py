"""The four threads of a web node: for the disk, the database, held posts, and sweeping. Readers wait for none."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event as Bell
from threading import Thread
from time import monotonic

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.intake import take_in_emergency_posts
from incidents.publishing.library import Library
from incidents.publishing.models import Publication
from incidents.publishing.put_back import outrun
from incidents.publishing.renewing import claim_pages, pages_left_to_others, pages_to_renew, renew
from incidents.publishing.showing import show_since
from incidents.publishing.withdrawing import follow
from incidents.timeline.holding import release_due
from incidents.timeline.schedule import run_due_maintenance

DISK_SECONDS = 0.2
DATABASE_SECONDS = 0.6
"""Another node's update is to be seen within a second, fetching included."""

HOLD_SECONDS = 0.5
"""What is held leaves this much after its time at most; looking costs one small query."""

SWEEP_SECONDS = 5.0
log = logging.getLogger(__name__)


class Follower:
    """Keeps a library current until told to stop."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._stopping = Bell()
        self._refused: dict[int, float] = {}
        """Until when not to bother a disk that refused a page."""
        self._is_away = False
        """Whether the database did not answer last time; it is logged once."""
        self._has_claimed = False
        """Whether the database knows that this release was started."""

    def start(self) -> None:
        """Take in what is on disk, then begin to follow."""
        self._library.tidy()
        self._look_around()
        for name, step, seconds in (
            ("disk-follower", self._look_around, DISK_SECONDS),
            ("database-follower", self._follow_database, DATABASE_SECONDS),
            ("hold-releaser", self._release_held, HOLD_SECONDS),
            # Apart: a sweep may make hundreds of documents, and another node's update must not wait for that.
            ("publishing-sweeper", self._sweep, SWEEP_SECONDS),
        ):
            Thread(target=self._repeat, args=(step, seconds), name=name, daemon=True).start()

    def stop(self) -> None:
        """End the threads soon."""
        self._stopping.set()

    def _repeat(self, step: Callable[[], None], seconds: float) -> None:
        while not self._stopping.is_set():
            began = monotonic()
            step()
            # From start to start: what a step costs must not add to what readers wait.
            self._stopping.wait(max(0.05, seconds - (monotonic() - began)))

    def _look_around(self) -> None:
        try:
            self._library.look_around()
        except Exception:
            log.exception("The published documents on disk could not be looked at.")

    def _follow_database(self) -> None:
        try:
            self.look_at_database()
        except DatabaseError as error:
            if not self._is_away:
                log.warning("The database does not answer; readers get what is published (%s).", error)
            self._is_away = True
            connection.close()
        except Exception:
            log.exception("Following the database failed.")
            connection.close()

    def _release_held(self) -> None:
        self._guarded(self.release_once, "Releasing what is held failed.")

    def _sweep(self) -> None:
        self._guarded(self.sweep_once, "The sweep failed.")

    def _guarded(self, step: Callable[[], None], complaint: str) -> None:
        if self._is_away:
            return
        try:
            connection.close_if_unusable_or_obsolete()
            step()
        except Exception as error:
            # A database that went away is told of by the thread that looks at it.
            if not isinstance(error, DatabaseError):
                log.exception(complaint)
            connection.close()

    def release_once(self) -> None:
        """Let go what people published and whose time to be taken back is over. Raises DatabaseError."""
        release_due(at=now())

    def sweep_once(self) -> None:
        """Bring up to date what is behind, then make again what another release made. Raises DatabaseError."""
        claim_pages(at=now(), is_start=not self._has_claimed)
        self._has_claimed = True
        sweep()
        for page_id in pages_to_renew():
            _alone(renew, page_id, at=now())

    def look_at_database(self) -> None:
        """Fetch what other nodes published. Costs one query when nothing changed."""
        connection.close_if_unusable_or_obsolete()
        # Before the query: a page that is made in between is no page that has gone.
        known = self._library.known_pages()
        rows = list(Publication.objects.select_related("page").all())
        self._library.hear_from_database()
        if self._is_away:
            log.info("The database answers again.")
            self._is_away = False
        for row in rows:
            self._fetch(row)
        # A database without any page is more likely a wrong one than the end of all pages.
        for code in known - {row.page.code for row in rows} if rows else ():
            self._forget(code)

    def _forget(self, code: str) -> None:
        try:
            self._library.forget(code)
        except OSError as error:
            log.error("The files of page %s, which is no more, could not be removed (%s).", code, error)

    def _fetch(self, row: Publication) -> None:
        """Bring disk and memory of this node to the generation of the database; a refusing disk is left in peace."""
        if row.page.is_private:
            follow(row, self._library)
            return
        store = self._library.store_of(row.page.code)
        known = store.generation()
        if row.generation < known:
            row = outrun(row.pk, store, at=now())
        if row.generation <= known or monotonic() < self._refused.get(row.pk, 0):
            return
        show_since(row, known, self._library)
        if store.generation() < row.generation:
            self._refused[row.pk] = monotonic() + SWEEP_SECONDS


def sweep() -> None:
    """Bring up to date whatever is behind: held posts, due maintenance, emergency posts, events, the clock's words.

    What fails keeps nothing else from its turn. Raises DatabaseError where the database is away.
    """
    at = now()
    _alone(release_due, at=at)
    _alone(run_due_maintenance, at=at)
    _alone(take_in_emergency_posts, at=at)
    left = pages_left_to_others(at=at)
    for page_id in publisher.pages_behind():
        if page_id not in left:
            _alone(publisher.catch_up, page_id, at=at)
    for page_id in Publication.objects.values_list("pk", flat=True):
        if page_id not in left:
            _alone(publisher.follow_clock, page_id, at=at)


def _alone(step: Callable[..., object], *subject: int, at: datetime) -> None:
    """Run one step of a sweep; its failure is logged, unless it is the database's."""
    try:
        step(*subject, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception(
            "%s failed%s; the next sweep tries again.", step.__name__, "".join(f" for page {one}" for one in subject)
        )
