"""The gate of a channel: whether one more message may be begun in this process, as the row of all workers has it.

A process reads the row at most once a second and learns at once from what it notes itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications import bucket
from incidents.notifications.channel_row import read
from incidents.notifications.models import ChannelState, FanOut
from incidents.notifications.noting import FRESH, next_probe
from incidents.notifications.purse import ASK_EVERY, UNBOUNDED, Purse
from incidents.timeline.models import Freeze, FreezeKind

READ_EVERY = 1.0
"""Seconds between readings of the row while all is well."""

PERMIT = timedelta(seconds=5)
"""How long the one message of a careful channel may take before another is let go: its worker may be dead."""

REFRESH = FRESH / 3
"""After this, a success is noted again, so that a busy channel never becomes careful."""

log = logging.getLogger(__name__)


class Gate:
    """The way into a channel for all threads of this process. No method raises.

    What `note` calls inside its transaction waits for no other thread: one that asks for a permit
    or for tokens waits for the row that transaction has locked, and both would wait for ever.
    """

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._lock = threading.RLock()
        """Of those who ask; held while the database answers."""
        self._memory = threading.Lock()
        """Of what was learned; never held while the database is asked."""
        self._state = ChannelState(channel=channel)
        self._held: frozenset[int] = frozenset()
        self._frozen: frozenset[int] = frozenset()
        self._refused: frozenset[int] = frozenset()
        self._database_time: datetime | None = None
        self._read = float("-inf")
        self._purse = Purse(channel, rate=self._rate)
        self._begun: deque[float] = deque(maxlen=5_000)
        self._is_blind = False
        self._holds_permit = False
        self._calm_until = float("-inf")
        """Until when (time.monotonic) nothing limits the channel and nothing needs to be noted."""

    def is_shut(self) -> bool:
        """Say whether nothing can be begun now, so that claiming is of no use. Takes nothing."""
        with self._lock:
            self._look()
            return self._is_blind or (self._state.is_paused and not self._probe_is_due())

    def may_begin(self, event_id: int | None = None) -> bool:
        """Say whether one more message, of this event if any, may be begun now; a yes is counted.

        After a no, ask again when something came of a message, or after 50 ms.
        """
        moment = time.monotonic()
        if moment < self._calm_until:
            self._begun.append(moment)
            return True
        with self._lock:
            self._look()
            if self._is_blind or not self._purse.spend():
                return False
            # In this order: a permit that waited for a token would keep everybody waiting.
            if not self._has_permit(event_id):
                self._purse.put_back()
                return False
            self._begun.append(time.monotonic())
            return True

    def keep_permit(self) -> None:
        """Hold on to the permit this process has: its message, or the session for it, takes longer."""
        with self._lock:
            if self._holds_permit and self._is_careful():
                rows = ChannelState.objects.filter(pk=self.channel, permit_until__isnull=False)
                self._took(rows, permit_until=Now() + PERMIT)

    def most_at_once(self) -> int:
        """Return how many messages may be under way in this process."""
        if time.monotonic() < self._calm_until:
            return UNBOUNDED
        with self._lock:
            self._look()
            if self._state.is_paused or self._is_careful():
                return 1
            rate = self._rate()
            return UNBOUNDED if rate is None else max(1, int(rate))

    def holds(self, event_id: int | None) -> bool:
        """Say whether the update of this event is held back, because its content was refused."""
        return event_id in self._held

    def freezes(self, page_id: int, event_id: int | None) -> bool:
        """Say whether staff froze the mail of a page and this is news of it."""
        return event_id is not None and page_id in self._frozen

    def frozen(self) -> frozenset[int]:
        """Return the pages whose mail staff froze, as far as this process knows."""
        return self._frozen

    def held(self) -> frozenset[int]:
        """Return the events whose updates are held back, as far as this process knows."""
        return self._held

    def is_watching(self) -> bool:
        """Say whether messages that were taken must be noted too. Waits for nobody."""
        if time.monotonic() < self._calm_until:
            return False
        state = self._state
        if state.is_paused or state.refusals or state.down_since or self._refused or self._is_slowed():
            return True
        return state.taken_at is None or self._at() - state.taken_at > REFRESH

    def learn(self, state: ChannelState, *, at: datetime) -> None:
        """Take over the row as this process wrote it at the moment `at` of the database. Waits for nobody."""
        refused = dict(FanOut.objects.filter(refusals__gt=0).values_list("event_id", "held_at"))
        frozen = frozenset(Freeze.objects.pages(FreezeKind.MAIL, at=at))
        with self._memory:
            if state.rate != self._state.rate:
                self._purse.empty()
            self._state, self._database_time, self._read = state, at, time.monotonic()
            self._holds_permit = self._holds_permit and state.permit_until is not None
            self._refused = frozenset(key for key, held_at in refused.items() if held_at is None)
            self._held = frozenset(refused) - self._refused
            self._frozen = frozen
            self._calm_until = float("-inf")
        calm_until = time.monotonic() + READ_EVERY if self._is_calm() else float("-inf")
        with self._memory:
            # Another thread may have learned of a refusal meanwhile.
            if self._state is state:
                self._calm_until = calm_until

    def refresh(self) -> None:
        """Read the row now."""
        with self._lock:
            try:
                state, at = read(self.channel)
                self.learn(state, at=at)
                self._is_blind = False
            except DatabaseError as error:
                # What is sent could not be marked either.
                log.warning("the state of %s cannot be read: %s", self.channel, error)
                self._read, self._is_blind = time.monotonic(), True
                self._calm_until = float("-inf")

    def observed(self) -> float:
        """Return how many messages a second this process began lately. Waits for nobody."""
        since = time.monotonic() - 2
        return sum(1 for moment in self._begun.copy() if moment > since) / 2

    # Inner steps; the lock is held.

    def _look(self) -> None:
        every = ASK_EVERY if self._is_careful() and not self._state.is_paused else READ_EVERY
        if time.monotonic() - self._read > every:
            self.refresh()

    def _at(self) -> datetime:
        """Return the database's time, carried on by this process's clock since it was read."""
        with self._memory:
            if self._database_time is None:
                return now()
            return self._database_time + timedelta(seconds=time.monotonic() - self._read)

    def _is_careful(self) -> bool:
        state = self._state
        if not state.is_our_account:
            return False
        return bool(state.refusals) or state.taken_at is None or self._at() - state.taken_at > FRESH

    def _is_calm(self) -> bool:
        """Say whether until the row is read again every message may go and none needs to be noted.

        Asked once for each reading, so that no message has to look at a clock, a lock and ten columns.
        """
        if self._state.taken_at is None or self._at() - self._state.taken_at > REFRESH - timedelta(seconds=READ_EVERY):
            return False
        return not self._is_blind and self._rate() is None and not self.is_watching()

    def _is_slowed(self) -> bool:
        return self._state.rate is not None and self._rate() != bucket.ceiling()

    def _probe_is_due(self) -> bool:
        return self._state.probe_at is not None and self._state.probe_at <= self._at()

    def _has_permit(self, event_id: int | None) -> bool:
        if self._state.is_paused:
            return self._probe_is_due() and self._take_probe()
        return not self._is_careful() or self._take_permit(event_id)

    def _take_probe(self) -> bool:
        """Take the one probe all workers have between them."""
        wait = next_probe(self._state.probes + 1)
        due = ChannelState.objects.filter(pk=self.channel, probe_at__lte=Now())
        return self._took(due, probe_at=Now() + wait, probes=self._state.probes + 1)

    def _take_permit(self, event_id: int | None) -> bool:
        """Take the permit for the one message that may be under way.

        Who held it before may just have noted the refusal that holds the update back: looked at again with the
        permit in hand, when nobody else can note one.
        """
        free = Q(permit_until__isnull=True) | Q(permit_until__lt=Now())
        rows = ChannelState.objects.filter(free, pk=self.channel, paused_at=None)
        if not self._took(rows, permit_until=Now() + PERMIT):
            return False
        self._holds_permit = True
        self.refresh()
        if self.holds(event_id):
            self._took(ChannelState.objects.filter(pk=self.channel), permit_until=None)
            self._holds_permit = False
        return self._holds_permit

    def _took(self, rows: QuerySet[ChannelState], **values: Any) -> bool:
        """Write `values` into the row if it is still in `rows`; say whether it was."""
        try:
            taken = rows.update(**values) == 1
        except DatabaseError as error:
            log.warning("no permit for %s could be had: %s", self.channel, error)
            return False
        if taken and "probes" in values:
            self._state.probes, self._state.probe_at = values["probes"], None
        return taken

    def _rate(self) -> float | None:
        if not self._state.is_our_account:
            return None
        slowed = self._state.slowed_at
        return bucket.rate_now(self._state.rate, (self._at() - slowed).total_seconds() if slowed else 0.0)
