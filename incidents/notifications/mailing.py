"""Mailing: a batch goes out over a fleet of SMTP connections.

One loop in one thread: begin what may be begun, hear the relay, mark what it took over, let the
next content go. While a group of marks is being written, other connections go on; where the relay is
far away, so does another group.
"""

import logging
import time
from collections.abc import Iterable, Sequence

from django.db import DatabaseError, connection

from incidents.notifications import leases
from incidents.notifications.batch import Batch
from incidents.notifications.channels.contract import Fault, Message
from incidents.notifications.doubts import announce
from incidents.notifications.gate import Gate
from incidents.notifications.links import LinkLost
from incidents.notifications.marking import Marker
from incidents.notifications.outcomes import Outcome
from incidents.notifications.smtp.dialogue import Ended
from incidents.notifications.smtp.fleet import Fleet
from incidents.notifications.stopping import SECONDS_TO_FINISH, is_stopping

LONGEST_TURN = 0.25
"""Seconds the loop waits for the relay before it looks after its lease."""

WAIT_FOR_LEAVE = 0.02
"""Seconds between questions whether one more message may be begun."""

LONGEST_BATCH = 20.0
"""Seconds after which a batch begins no more: others wait for the worker as well."""

GATHER_SECONDS = 0.001
"""How long marks wait for others, unless the relay is far away.

One durable commit for half of the connections costs little more than one for one; where a relay is
far away, few answers come in that time.
"""

REFUSALS_AT_ONCE = 250
REFUSALS_EVERY = 1.0
"""Refusals are written in groups, since nothing waits for them; a group costs as much as sending a hundred messages."""

PATIENCE_WITH_DATABASE = 20.0
"""Seconds for which marks are tried again: what was sent and is not marked is sent twice."""

_HARMLESS = {Fault.RECIPIENT_PERMANENT, Fault.RECIPIENT_TEMPORARY}

log = logging.getLogger(__name__)


class Run:
    """One batch on its way; `go()` returns when everything has ended, or nothing more can."""

    def __init__(self, batch: Batch, fleet: Fleet, gate: Gate, markers: Iterable[Marker]) -> None:
        self._batch = batch
        self._fleet = fleet
        self._gate = gate
        self._markers = list(markers)
        self._taken: list[tuple[Message, Outcome]] = []
        self._being_marked: dict[Marker, list[tuple[Message, Outcome]]] = {}
        self._watched: set[int] = set()
        self._gathers_since = 0.0
        self._refused: list[Outcome] = []
        self._wrote_refusals = 0.0
        self._ends_at = time.monotonic() + LONGEST_BATCH
        self._stops_at = float("inf")
        self._held: list[Message] = []
        self._being_announced: dict[Marker, list[Message]] = {}
        fleet.may_send, fleet.holds = batch.may_send, self._holds

    def go(self) -> None:
        """Turn until the end; what was taken over is marked whatever happens."""
        self._watched = {one.descriptor for one in (*self._markers, self._batch.claimer) if one is not None}
        for descriptor in self._watched:
            self._fleet.watch(descriptor)
        try:
            while self._goes_on():
                self._batch.look_after()
                self._take(self._fill())
                self._take(self._fleet.flush())
                self._take(self._fleet.turn(self._patience()))
                self._batch.put_back(self._fleet.returned())
                self._mark()
                self._announce()
        finally:
            for descriptor in list(self._watched):
                self._unwatch(descriptor)
            self._finish()

    def _unwatch(self, descriptor: int) -> None:
        self._fleet.unwatch(descriptor)
        self._watched.discard(descriptor)

    def _finish(self) -> None:
        self._take(self._fleet.hang_up())
        self._batch.put_back(self._fleet.returned())
        taken = [pair for group in (*self._being_marked.values(), self._taken) for pair in group]
        left = [outcome for _message, outcome in taken] + self._refused
        if left:
            self._settle(left)
        self._fleet.release([message for message, _outcome in taken])

    def _goes_on(self) -> bool:
        moment = time.monotonic()
        if is_stopping() and self._stops_at == float("inf"):
            self._stops_at = moment + SECONDS_TO_FINISH
        if self._fleet.under_way:
            return moment < self._stops_at and not self._batch.lease.has_run_out
        if self._taken or self._being_marked:
            return True
        if self._fleet.is_opening:
            return self._batch.may_go_on and moment < self._ends_at
        is_over = self._batch.is_done or not self._batch.may_go_on or moment > self._ends_at or self._gate.is_shut()
        return not is_over and not self._is_down()

    def _fill(self) -> list[Ended]:
        if time.monotonic() > self._ends_at:
            return []
        try:
            self._batch.fetch()
        except LinkLost as lost:
            self._give_up_claimer(lost)
        waiting = self._batch.expected + self._fleet.under_way
        return self._fleet.fill(self._batch.next_message, waiting=waiting, at_most=self._gate.most_at_once())

    def _patience(self) -> float:
        if self._taken and self._free_marker() is not None:
            return GATHER_SECONDS
        waits_for_relay = self._fleet.under_way or self._fleet.is_opening
        return WAIT_FOR_LEAVE if self._batch.waiting and not waits_for_relay else LONGEST_TURN

    def _is_down(self) -> bool:
        """Say whether the relay cannot be reached; the message that tried was told so, the others just wait."""
        trouble = self._fleet.trouble
        if trouble is None or not self._fleet.is_without_hope:
            return False
        log.warning("mail waits: %s", trouble.sentence)
        return True

    # Marks

    def _take(self, ended: Sequence[Ended]) -> None:
        for one in ended:
            outcome = self._batch.outcome(one.message, one.answer, one.failure)
            if one.failure is None:
                if not self._taken:
                    self._gathers_since = time.monotonic()
                self._taken.append((one.message, outcome))
            else:
                self._refused.append(outcome)

    def _mark(self) -> None:
        """Write down what has ended; where it is durable, let the next content go."""
        for busy in list(self._being_marked):
            self._hear_marker(busy)
        if not self._markers or self._gate.is_watching():
            self._mark_in_turn()
        elif self._taken and (free := self._free_marker()) is not None and self._are_gathered():
            self._begin_marks(free)
        if self._refused and self._refusals_are_due():
            refused, self._refused = self._refused, []
            self._wrote_refusals = time.monotonic()
            self._settle(refused)

    def _free_marker(self) -> Marker | None:
        """Return who may write the next group: one at a time for a relay nearby, where fewer commits are worth more."""
        if self._being_marked and not self._fleet.is_far:
            return None
        return self._idle_marker()

    def _idle_marker(self) -> Marker | None:
        busy = self._being_marked.keys() | self._being_announced.keys()
        return next((one for one in self._markers if one not in busy), None)

    def _are_gathered(self) -> bool:
        if 2 * len(self._taken) >= len(self._fleet.connections) or self._fleet.is_far:
            return True
        return time.monotonic() - self._gathers_since >= GATHER_SECONDS

    def _begin_marks(self, marker: Marker) -> None:
        self._being_marked[marker], self._taken = self._taken, []
        try:
            marker.begin([outcome for _message, outcome in self._being_marked[marker]])
        except LinkLost as lost:
            self._give_up_marker(marker, lost)

    def _hear_marker(self, marker: Marker) -> None:
        try:
            if not marker.is_done():
                return
        except LinkLost as lost:
            self._give_up_marker(marker, lost)
            return
        marked = self._being_marked.pop(marker)
        self._fleet.release([message for message, _outcome in marked])

    def _give_up_claimer(self, lost: LinkLost) -> None:
        log.warning("a claim is asked for anew: %s", lost)
        if self._batch.claimer is not None:
            self._unwatch(self._batch.claimer.descriptor)
        self._batch.claim_in_turn()

    def _give_up_marker(self, marker: Marker, lost: LinkLost) -> None:
        """Go on without it: the same marks are written once more, which changes nothing where they are there."""
        log.warning("marks are written anew: %s", lost)
        self._unwatch(marker.descriptor)
        marker.close()
        self._markers.remove(marker)
        self._taken = self._being_marked.pop(marker, []) + self._taken
        self._held = self._being_announced.pop(marker, []) + self._held

    def _mark_in_turn(self) -> None:
        taken, self._taken = self._taken, []
        if taken:
            self._settle([outcome for _message, outcome in taken])
            self._fleet.release([message for message, _outcome in taken])

    # What may have arrived before

    def _holds(self, message: Message) -> bool:
        """Keep the last dot of a message back until it is written down that it goes, where that matters."""
        if not message.unanswered:
            return False
        self._held.append(message)
        return True

    def _announce(self) -> None:
        """Write down which last dots go; where it is durable, let them go."""
        for busy in list(self._being_announced):
            self._hear_announcer(busy)
        if not self._held:
            return
        lease, free = self._batch.lease.key, self._idle_marker()
        if not self._markers:
            held, self._held = self._held, []
            announce(lease, held)
            self._fleet.finish(held)
        elif free is not None:
            self._being_announced[free], self._held = self._held, []
            try:
                free.announce(lease, self._being_announced[free])
            except LinkLost as lost:
                self._give_up_marker(free, lost)

    def _hear_announcer(self, marker: Marker) -> None:
        try:
            if not marker.is_done():
                return
        except LinkLost as lost:
            self._give_up_marker(marker, lost)
            return
        self._fleet.finish(self._being_announced.pop(marker))

    def _refusals_are_due(self) -> bool:
        if len(self._refused) >= REFUSALS_AT_ONCE or not self._fleet.under_way:
            return True
        if any(one.failure is not None and one.failure.fault not in _HARMLESS for one in self._refused):
            return True
        return time.monotonic() - self._wrote_refusals > REFUSALS_EVERY

    def _settle(self, outcomes: list[Outcome]) -> None:
        """Settle, and where the database is gone for a moment do not let go of what was sent."""
        until = time.monotonic() + PATIENCE_WITH_DATABASE
        while True:
            try:
                leases.settle(self._batch.lease, outcomes)
            except DatabaseError as error:
                if connection.in_atomic_block or time.monotonic() > until:
                    raise
                log.warning("marks wait for the database: %s", error)
                connection.close()
                time.sleep(0.2)
            else:
                return
