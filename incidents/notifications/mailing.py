"""Mailing: a batch goes out over a fleet of SMTP connections.

One loop in one thread: begin what may be begun, hear the relay, mark what it took over, let the
next content go. While one group of marks is being written, other connections go on.
"""

import logging
import time
from collections.abc import Callable

from incidents.notifications import leases
from incidents.notifications.batch import Batch
from incidents.notifications.smtp.dialogue import Ended
from incidents.notifications.smtp.fleet import Fleet
from incidents.notifications.stopping import SECONDS_TO_FINISH, is_stopping

LONGEST_TURN = 0.25
"""Seconds the loop waits for the relay before it looks after its lease."""

WAIT_FOR_LEAVE = 0.02
"""Seconds between questions whether one more message may be begun."""

LONGEST_BATCH = 20.0
"""Seconds after which a batch begins no more: others wait for the worker as well."""

log = logging.getLogger(__name__)


def mail_out(batch: Batch, fleet: Fleet, *, at_most: Callable[[], int]) -> None:
    """Send the messages of a batch; `at_most` says how many may be under way."""
    Run(batch, fleet, at_most).go()


class Run:
    """One batch on its way."""

    def __init__(self, batch: Batch, fleet: Fleet, at_most: Callable[[], int]) -> None:
        self._batch = batch
        self._fleet = fleet
        self._at_most = at_most
        self._ended: list[Ended] = []
        self._ends_at = time.monotonic() + LONGEST_BATCH
        self._stops_at = float("inf")
        fleet.may_send = batch.may_send

    def go(self) -> None:
        """Turn until everything has ended, or nothing more can."""
        while self._goes_on():
            self._batch.look_after()
            self._ended += self._fill()
            self._ended += self._fleet.flush()
            self._ended += self._fleet.turn(self._patience())
            self._batch.put_back(self._fleet.returned())
            self._mark()
        self._ended += self._fleet.hang_up()
        self._batch.put_back(self._fleet.returned())
        self._mark()

    def _goes_on(self) -> bool:
        if is_stopping() and self._stops_at == float("inf"):
            self._stops_at = time.monotonic() + SECONDS_TO_FINISH
        moment = time.monotonic()
        if self._fleet.under_way:
            return moment < self._stops_at and not self._batch.lease.has_run_out
        is_over = self._batch.is_done or not self._batch.may_go_on or moment > self._ends_at
        return not is_over and not self._is_down()

    def _fill(self) -> list[Ended]:
        if time.monotonic() > self._ends_at:
            return []
        self._batch.fetch()
        waiting = self._batch.waiting + self._fleet.under_way
        return self._fleet.fill(self._batch.next_message, waiting=waiting, at_most=self._at_most())

    def _patience(self) -> float:
        return WAIT_FOR_LEAVE if self._batch.waiting and not self._fleet.under_way else LONGEST_TURN

    def _is_down(self) -> bool:
        """Say whether the relay cannot be reached; one message is then told so, the others just wait."""
        trouble = self._fleet.trouble
        if trouble is None or not self._fleet.is_without_hope:
            return False
        log.warning("mail waits: %s", trouble.sentence)
        message = self._batch.next_message()
        if message is not None:
            leases.settle(self._batch.lease, [self._batch.outcome(message, "", trouble)])
        return True

    def _mark(self) -> None:
        """Write down what has ended, then let the next content go."""
        if not self._ended:
            return
        ended, self._ended = self._ended, []
        outcomes = [self._batch.outcome(one.message, one.answer, one.failure) for one in ended]
        leases.settle(self._batch.lease, outcomes)
        self._fleet.release([one.message for one in ended if one.failure is None])
