"""A batch: what a worker holds of one channel, from the claim to the last mark."""

import logging
import time
from collections import deque
from collections.abc import Iterable, Sequence

from incidents.lib.clock import now
from incidents.notifications import leases
from incidents.notifications.appetite import AT_ONCE, appetite
from incidents.notifications.channels.contract import Message, SendFailure
from incidents.notifications.claiming import Claimer
from incidents.notifications.due import Due
from incidents.notifications.gate import Gate
from incidents.notifications.leases import Lease
from incidents.notifications.links import LinkLost
from incidents.notifications.outcomes import Outcome
from incidents.notifications.stopping import is_stopping
from incidents.notifications.writing import Writer
from incidents.timeline.refusals import Refused

LOOK_AGAIN_SECONDS = 2.0
"""How often a running batch asks what nobody wants any more: none begins later than 5 s after leaving."""

log = logging.getLogger(__name__)


class Batch:
    """Up to `limit` due deliveries, more while `seconds` have not passed; claimed as needed, written one by one."""

    def __init__(self, gate: Gate, *, limit: int, seconds: float = 0.0, lanes: Sequence[int] | None = None) -> None:
        self.lease = Lease(gate.channel)
        self.taken = 0
        """How many deliveries were claimed so far."""
        self.is_apart = False
        """Whether it is of deliveries that go apart from others, so that others may wait."""
        self.claimer: Claimer | None = None
        """Claims while messages are sent; without it, each claim is waited for."""
        self._gate = gate
        self._limit = limit
        self._grows_until = time.monotonic() + seconds
        self._lanes = lanes
        self._is_dry = False
        self._asked_for = 0
        self._was_skipped = False
        self._rows: deque[Due] = deque()
        self._tried: dict[str, Due] = {}
        self._gone: set[int] = set()
        # What is claimed was looked at.
        self._looked = time.monotonic()
        self._writer = Writer([], at=now())

    # What the loop does in turn

    def fetch(self) -> None:
        """Claim more where few are left and the limit is not reached. Raises LinkLost where the claimer has failed."""
        if self._asked_for:
            self._hear_claimer()
            return
        if self._is_dry or len(self._rows) > appetite.size // 2 or not self.may_go_on:
            return
        room = self._room
        if not room:
            self._is_dry = True
            return
        wanted = min(appetite.portion(), room)
        if self.claimer is None:
            self._take_in(leases.claim_values(self.lease, limit=wanted, lanes=self._lanes), wanted)
        else:
            self._asked_for = wanted
            self.claimer.begin(leases.claim_of(self.lease, limit=wanted, lanes=self._lanes))

    def claim_in_turn(self) -> None:
        """Go on without the claimer; what it may have leased unheard is given back at the end."""
        self.claimer = None
        self._asked_for = 0
        self._was_skipped = True

    def look_after(self) -> None:
        """Renew the lease and learn who has left, as often as needed."""
        if self.lease.age > leases.RENEW_EVERY:
            leases.renew(self.lease)
            self._gate.keep_permit()
        if time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self._looked = time.monotonic()
            self._gone |= leases.withdraw(self.lease)

    def next_message(self) -> Message | None:
        """Return the next message to begin now, None where there is none or none may be begun."""
        while self._rows and self.may_go_on:
            delivery = self._rows[0]
            if delivery.pk in self._gone or self._is_stopped(delivery):
                self._was_skipped = True
                self._rows.popleft()
                continue
            if not self._gate.may_begin(delivery.event_id):
                return None
            self._rows.popleft()
            message = self._written(delivery)
            if message is not None:
                self._tried[message.reference] = delivery
                return message
        return None

    def may_send(self, message: Message) -> bool:
        """Say whether a message that was begun may still go."""
        return self.may_go_on and int(message.reference) not in self._gone

    def outcome(self, message: Message, answer: str, failure: SendFailure | None) -> Outcome:
        """Return what came of a message of this batch."""
        row = self._tried.pop(message.reference)
        appetite.tried(is_taken=failure is None)
        # What a mailbox of an endpoint's owner answers says nothing about the endpoint.
        subscriber = row.subscriber_id if row.reader_channel == self.lease.channel else None
        told = Outcome(row.pk, subscriber, row.attempts, row.created_at, answer, failure, row.event_id)
        told.refusals, told.unanswered = row.refusals, row.unanswered
        return told

    def put_back(self, messages: Iterable[Message]) -> None:
        """Take messages back that were begun and not tried; they go first."""
        for message in messages:
            self._rows.appendleft(self._tried.pop(message.reference))

    def close(self) -> None:
        """Give back whatever was not tried."""
        if self._asked_for and self.claimer is not None:
            self._was_skipped = True
            try:
                self.claimer.finish()
            except LinkLost as lost:
                log.warning("a claim is given back unheard: %s", lost)
        if self._rows or self._tried or self._was_skipped:
            leases.give_back(self.lease)

    # Questions

    @property
    def waiting(self) -> int:
        """How many wait to be begun."""
        return len(self._rows)

    @property
    def expected(self) -> int:
        """How many may still be begun, as far as can be foreseen."""
        return len(self._rows) + (0 if self._is_dry else self._room)

    @property
    def may_go_on(self) -> bool:
        """Whether messages may be begun at all."""
        return self.lease.allows_to_begin and not is_stopping()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to begin."""
        return not self._rows and self._is_dry

    @property
    def _room(self) -> int:
        """How many more may be claimed."""
        left = max(self._limit - self.taken, 0)
        return max(left, AT_ONCE) if time.monotonic() < self._grows_until else left

    def _is_stopped(self, delivery: Due) -> bool:
        return self._gate.holds(delivery.event_id) or self._gate.freezes(delivery.page_id, delivery.event_id)

    def _hear_claimer(self) -> None:
        rows = None if self.claimer is None else self.claimer.rows()
        if rows is not None:
            wanted, self._asked_for = self._asked_for, 0
            self._take_in(rows, wanted)

    def _take_in(self, rows: list[Due], wanted: int) -> None:
        self.is_apart = bool(rows) and leases.is_suspect(rows[0].lost)
        self.taken += len(rows)
        self._is_dry = self.is_apart or len(rows) < wanted or not self._room
        unwanted = {row.pk for row in rows if row.is_unwanted}
        if unwanted:
            self._gone |= unwanted
            self._looked = float("-inf")
        if rows:
            self._writer.expect(rows)
            self._rows.extend(rows)

    def _written(self, delivery: Due) -> Message | None:
        """Return the message; a delivery that cannot be written ends alone, its batch goes on."""
        try:
            message = self._writer.write(delivery)
        except Refused as refusal:
            leases.refuse(self.lease, delivery.pk, answer=refusal.sentence)
        except Exception as error:
            log.exception("delivery %s cannot be written", delivery.pk)
            leases.refuse(self.lease, delivery.pk, answer=f"This mail could not be written ({error}).")
        else:
            message.unanswered = delivery.unanswered
            return message
        return None
