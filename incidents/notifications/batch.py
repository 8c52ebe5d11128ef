"""A batch: what a worker holds of one channel, from the claim to the last mark."""

import logging
import time
from collections import deque
from collections.abc import Iterable, Sequence

from incidents.lib.clock import now
from incidents.notifications import leases
from incidents.notifications.breaker import Gate
from incidents.notifications.channels.contract import Message, SendFailure
from incidents.notifications.due import Due
from incidents.notifications.leases import Lease
from incidents.notifications.outcomes import Outcome
from incidents.notifications.stopping import is_stopping
from incidents.notifications.writing import Writer
from incidents.timeline.refusals import Refused

LOOK_AGAIN_SECONDS = 2.0
"""How often a running batch asks what nobody wants any more: none begins later than 5 s after leaving."""

AT_ONCE = 250
"""Deliveries claimed by one statement: what a killed worker leaves for its lease to run out is no more."""

FIRST = 25
"""What a process claims that has sent nothing lately; each claim after a message that was taken is twice as large."""

log = logging.getLogger(__name__)


HUNGRY_SECONDS = 5.0
"""For how long a process that has sent something claims as much as it did."""


class Appetite:
    """How much is claimed at once: little by a process that may die or find no relay before its first message."""

    def __init__(self) -> None:
        self.is_fed = False
        """Whether a message was taken since the last claim."""
        self.size = 0
        """How much was claimed last."""
        self._fed_at = float("-inf")

    def portion(self) -> int:
        """Return how much to claim now."""
        moment = time.monotonic()
        if self.is_fed:
            self.size, self._fed_at = min(max(self.size, FIRST) * 2, AT_ONCE), moment
        elif moment - self._fed_at > HUNGRY_SECONDS:
            self.size = FIRST
        self.is_fed = False
        return self.size


appetite = Appetite()
"""Of this process: what its threads learn is good for all of them."""


class Batch:
    """Up to `limit` due deliveries, claimed as they are needed and written one by one."""

    def __init__(self, gate: Gate, *, limit: int, lanes: Sequence[int] | None = None) -> None:
        self.lease = Lease(gate.channel)
        self.taken = 0
        """How many deliveries were claimed so far."""
        self.is_lone = False
        """Whether it is one delivery that goes alone, so that others may wait."""
        self._gate = gate
        self._limit = limit
        self._lanes = lanes
        self._is_dry = False
        self._was_skipped = False
        self._rows: deque[Due] = deque()
        self._tried: dict[str, Due] = {}
        self._gone: set[int] = set()
        self._looked = float("-inf")
        self._writer = Writer([], at=now())

    # What the loop does in turn

    def fetch(self) -> None:
        """Claim more where few are left and the limit is not reached."""
        if self._is_dry or len(self._rows) > appetite.size // 4 or not self.may_go_on:
            return
        wanted = min(appetite.portion(), self._limit - self.taken)
        rows = leases.claim_values(self.lease, limit=wanted, lanes=self._lanes) if wanted else []
        self.is_lone = len(rows) == 1 and leases.is_suspect(rows[0].lost)
        self._is_dry = self.is_lone or len(rows) < wanted or self.taken + len(rows) >= self._limit
        self.taken += len(rows)
        if rows:
            self._writer.expect(rows)
            self._rows.extend(rows)

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
            if delivery.pk in self._gone or self._gate.holds(delivery.event_id):
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
        if failure is None:
            appetite.is_fed = True
        # What a mailbox of an endpoint's owner answers says nothing about the endpoint.
        subscriber = row.subscriber_id if row.reader_channel == self.lease.channel else None
        return Outcome(
            row.pk, subscriber, row.attempts, row.created_at, answer, failure, row.event_id, refusals=row.refusals
        )

    def put_back(self, messages: Iterable[Message]) -> None:
        """Take messages back that were begun and not tried; they go first."""
        for message in messages:
            self._rows.appendleft(self._tried.pop(message.reference))

    def close(self) -> None:
        """Give back whatever was not tried."""
        if self._rows or self._tried or self._was_skipped:
            leases.give_back(self.lease)

    # Questions

    @property
    def waiting(self) -> int:
        """How many wait to be begun."""
        return len(self._rows)

    @property
    def may_go_on(self) -> bool:
        """Whether messages may be begun at all."""
        return self.lease.allows_to_begin and not is_stopping()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to begin."""
        return not self._rows and self._is_dry

    def _written(self, delivery: Due) -> Message | None:
        """Return the message; a delivery that cannot be written ends alone, its batch goes on."""
        try:
            return self._writer.write(delivery)
        except Refused as refusal:
            leases.refuse(self.lease, delivery.pk, answer=refusal.sentence)
        except Exception as error:
            log.exception("delivery %s cannot be written", delivery.pk)
            leases.refuse(self.lease, delivery.pk, answer=f"This mail could not be written ({error}).")
        return None
