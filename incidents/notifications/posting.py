"""Posting: what is due over HTTP goes out, many endpoints at once, each marked right after its answer.

One thread looks after the rows; the others only ask. A place is free again when what came of its
request is durable, so that a killed process repeats at most one message for each request that was
under way, under the same `webhook-id`.
"""

import logging
import queue
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.db import transaction

from incidents.lib.clock import now
from incidents.lib.http import Answer
from incidents.notifications import leases, owners
from incidents.notifications.answering import take_consent
from incidents.notifications.asking import Asked, ask, outcome_of
from incidents.notifications.channels.catalogue import HOOKS
from incidents.notifications.models import Delivery
from incidents.notifications.outcomes import Outcome
from incidents.notifications.pacing import HUNG_SECONDS, Places
from incidents.notifications.packing import Packed
from incidents.notifications.stopping import SECONDS_TO_FINISH, is_stopping
from incidents.notifications.ways import Way
from incidents.timeline.refusals import Refused

RUN_SECONDS = 30.0
"""After this a run begins nothing more, so that its task ends and another may be asked for."""

LOOK_AGAIN_EVERY = 2.0
"""Seconds between looking for who has left."""

TICK_SECONDS = 0.02

log = logging.getLogger(__name__)

_slow_endpoints: dict[int, float] = {}
"""Endpoints of this process that hung lately, and until when (time.monotonic) that is remembered."""


def post_due(*, seconds: float = RUN_SECONDS) -> bool:
    """Post what is due, beginning requests for up to `seconds`; return whether more may be due.

    At least once: a crash after an answer and before its mark asks that endpoint again.
    """
    return Run(seconds=seconds).go()


class Run:
    """One task's work."""

    def __init__(self, *, seconds: float) -> None:
        self._places = Places(settings.HOOK_REQUESTS)
        self._ways = {channel: Way(channel, self._places, _slow_endpoints) for channel in HOOKS}
        self._answers: queue.SimpleQueue[Asked] = queue.SimpleQueue()
        self._looked = float("-inf")
        self._ends = time.monotonic() + seconds

    def go(self) -> bool:
        """Work until nothing is due or the time is over; return whether more may be due."""
        threads = ThreadPoolExecutor(max_workers=self._places.count, thread_name_prefix="hook")
        try:
            while self._goes_on():
                self._keep_leases()
                for delivery, packed in self._begun():
                    threads.submit(self._ask, delivery, packed)
                self._settle(self._answered())
        finally:
            for way in self._ways.values():
                way.close()
            threads.shutdown(wait=not is_stopping(), cancel_futures=True)
        return time.monotonic() >= self._ends

    def _goes_on(self) -> bool:
        """Take what is due while there is time and room; say whether anything is left to do."""
        if is_stopping():
            # What is under way may still be answered; what is not goes back by its lease.
            self._ends = min(self._ends, time.monotonic())
            return len(self._places) > 0 and time.monotonic() < self._ends + SECONDS_TO_FINISH
        if time.monotonic() >= self._ends:
            return len(self._places) > 0
        for way in self._ways.values():
            way.refill()
        if len(self._places) or any(len(way.pace) and not way.gate.is_shut() for way in self._ways.values()):
            return True
        # Nothing in hand: look everywhere once more before saying that nothing is due.
        return any(way.claim() for way in self._ways.values())

    def _keep_leases(self) -> None:
        looks = time.monotonic() - self._looked > LOOK_AGAIN_EVERY
        for way in self._ways.values():
            way.keep_lease()
            if looks:
                way.forget_those_who_left()
        if looks:
            self._looked = time.monotonic()

    def _begun(self) -> Iterator[tuple[Delivery, Packed]]:
        """Begin what may be begun now; the caller asks."""
        for way in self._ways.values():
            while time.monotonic() < self._ends and (delivery := way.begin()):
                packed = _packed(way, delivery)
                if packed is None:
                    way.end(delivery, hung=False)
                else:
                    yield delivery, packed

    def _ask(self, delivery: Delivery, packed: Packed) -> None:
        """Post one request; runs in a thread of its own and touches no database."""
        began = time.monotonic()
        result = ask(packed.request)
        self._answers.put(Asked(delivery, packed, result, time.monotonic() - began))

    def _answered(self) -> list[Asked]:
        """Wait a moment for answers and return all there are."""
        try:
            answered = [self._answers.get(timeout=TICK_SECONDS)]
        except queue.Empty:
            return []
        while not self._answers.empty():
            answered.append(self._answers.get())
        return answered

    def _settle(self, answered: Sequence[Asked]) -> None:
        for channel in dict.fromkeys(asked.delivery.channel for asked in answered):
            way, at = self._ways[channel], now()
            group = [asked for asked in answered if asked.delivery.channel == channel]
            outcomes = [outcome_of(asked, at=at) for asked in group]
            _keep(way, group, outcomes, at=at)
            for asked in group:
                way.end(asked.delivery, hung=asked.seconds > HUNG_SECONDS)


def _packed(way: Way, delivery: Delivery) -> Packed | None:
    """Return the request; a delivery that cannot be packed ends alone, its batch goes on."""
    try:
        return way.packer.pack(delivery)
    except Refused as refusal:
        leases.refuse(way.lease, delivery.pk, answer=refusal.sentence)
    except Exception as error:
        log.exception("delivery %s cannot be written", delivery.pk)
        leases.refuse(way.lease, delivery.pk, answer=f"This message could not be written ({error}).")
    return None


def _keep(way: Way, group: Sequence[Asked], outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Keep what came of requests, and what follows from it: a consent, a word to an owner."""
    with transaction.atomic():
        owners.tell(outcomes, at=at)
        leases.settle(way.lease, outcomes)
    for asked, outcome in zip(group, outcomes, strict=True):
        if asked.packed.asks_for and outcome.was_taken and isinstance(asked.result, Answer):
            take_consent(asked.packed.asks_for, asked.result.body, at=at)
