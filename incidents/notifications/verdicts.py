"""Verdicts: what is done with a delivery after a try, and whether it counts against its recipient.

The waits are those of the classes: a mailbox that is full or greylists is tried again after 1, 5
and 15 minutes, 1 and 3 hours, then given up; where the fault is ours or the relay's, the waits
are chosen by chance between 1 s and a bound that doubles up to 15 minutes ("full jitter"), for a
day. What may have arrived each time is sent three times at most. An endpoint of a subscriber is
tried again after 5 s, 5 and 30 minutes, 2, 5 and 10 hours (Standard Webhooks, cut short: news of
yesterday is none), at the end of the day once more, and then switched off. A time the other side
asked for is kept to.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from incidents.notifications.channels.contract import ChannelDown, Fault, PermanentFailure, SendFailure
from incidents.notifications.doubts import MOST_COPIES, SAID, wait_after
from incidents.notifications.models import DeliveryState, Lane
from incidents.notifications.models.channel_state import OUR_ACCOUNT
from incidents.notifications.outcomes import Outcome
from incidents.subscriptions.models import ChannelKind

RECIPIENT_WAITS = tuple(timedelta(minutes=count) for count in (1, 5, 15, 60, 180))
"""Waits between tries for a mailbox that does not take mail right now; then it is given up."""

ENDPOINT_WAITS = tuple(timedelta(seconds=count) for count in (5, 300, 1_800, 7_200, 18_000, 36_000))
"""Waits between tries for an endpoint of a subscriber; the last try is a day after the first."""

SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)
"""Bounds of the waits where the fault is ours or the relay's."""

TRIES_IN_ITS_LANE = 3
"""Tries after which a mail whose connections broke off goes where second tries go."""

GIVE_UP_AFTER = timedelta(hours=24)
"""News of yesterday is none: after this the message is given up, whosever the fault."""


class Counts(Enum):
    """What a try counts against the subscriber. Nothing, unless the fault is the recipient's."""

    NOTHING = "nothing"
    SOFT = "soft"
    HARD = "hard"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery. `wait` is from now, with chance already in it; None for an end.

    `lane` is where it goes on, None where it stays in its own.
    """

    state: DeliveryState
    wait: timedelta | None
    lane: Lane | None
    counts: Counts
    answer: str
    fault: str
    """Value of the Fault, "" where the message was taken."""


def verdict(outcome: Outcome, *, at: datetime) -> Verdict:
    """Return what becomes of the delivery of `outcome` at the moment `at`."""
    failure = outcome.failure
    if failure is None:
        return Verdict(DeliveryState.SENT, None, Lane.NEWS, Counts.NOTHING, outcome.answer, "")
    counts = counted(failure)
    if isinstance(failure, PermanentFailure):
        bounced = failure.fault == Fault.RECIPIENT_PERMANENT
        state = DeliveryState.BOUNCED if bounced else DeliveryState.FAILED
        return _ended(state, failure, counts, failure.sentence)
    if failure.is_silent and outcome.unanswered + 1 >= MOST_COPIES:
        return _ended(DeliveryState.FAILED, failure, counts, f"{SAID} {failure.sentence}")
    wait = wait_before_retry(outcome, failure, at=at)
    if wait is None or at + wait - outcome.created_at > GIVE_UP_AFTER:
        tries = f"{outcome.attempts} {'try' if outcome.attempts == 1 else 'tries'}"
        if _is_of_endpoint(outcome, failure):
            counts = Counts.UNKNOWN
        return _ended(DeliveryState.FAILED, failure, counts, f"Given up after {tries}. {failure.sentence}")
    lane = None if _is_bad_luck(outcome, failure) else Lane.RETRY
    return Verdict(DeliveryState.RETRYING, wait, lane, counts, failure.sentence, failure.fault.value)


def _is_bad_luck(outcome: Outcome, failure: SendFailure) -> bool:
    """Say whether a connection broke off in the middle of a message, as it happens with a relay that is up.

    Behind thousands of mailboxes that take nothing for now, it would be late for nothing.
    """
    is_broken = failure.fault == Fault.CONNECTION and not isinstance(failure, ChannelDown) and not failure.is_silent
    return is_broken and outcome.channel == ChannelKind.EMAIL and outcome.attempts <= TRIES_IN_ITS_LANE


def counted(failure: SendFailure) -> Counts:
    """Return what a failure counts against the subscriber."""
    if failure.fault == Fault.RECIPIENT_PERMANENT:
        return Counts.UNKNOWN if failure.is_unknown else Counts.HARD
    return Counts.SOFT if failure.fault == Fault.RECIPIENT_TEMPORARY else Counts.NOTHING


def wait_before_retry(outcome: Outcome, failure: SendFailure, *, at: datetime) -> timedelta | None:
    """Return how long to wait, None where it is not tried again."""
    planned = _planned(outcome, failure, at=at)
    if planned is None or failure.retry_after is None:
        return planned
    # Never earlier than asked for; the chance keeps those who were told the same from coming back together.
    return max(planned, failure.retry_after * random.uniform(1.0, 1.1))  # noqa: S311 - spreading load needs no secret


def _planned(outcome: Outcome, failure: SendFailure, *, at: datetime) -> timedelta | None:
    if outcome.waits is not None:
        return _step(outcome.waits, outcome.attempts)
    if _is_of_endpoint(outcome, failure):
        left = outcome.created_at + GIVE_UP_AFTER - at
        step = _step(ENDPOINT_WAITS, outcome.attempts)
        return step if step is not None and step < left else (left if left > timedelta() else None)
    if failure.fault == Fault.RECIPIENT_TEMPORARY:
        # Tries that failed for our sake or the relay's do not use up the patience a mailbox is owed.
        return _step(RECIPIENT_WAITS, outcome.refusals + 1)
    wait = full_jitter(outcome.attempts)
    if not failure.is_doubtful:
        return wait
    # A reset now and then is no reason to be late with news; who said nothing is likely to do so again.
    return max(wait, wait_after(outcome.unanswered + failure.is_silent))


def _is_of_endpoint(outcome: Outcome, failure: SendFailure) -> bool:
    """Say whether a failure for the time being is that of a subscriber's own endpoint."""
    theirs = failure.fault in {Fault.RECIPIENT_TEMPORARY, Fault.CONNECTION}
    return theirs and outcome.channel not in OUR_ACCOUNT


def full_jitter(attempts: int) -> timedelta:
    """Return a wait chosen by chance below a bound that doubles with every try."""
    bound = min(SHORTEST_WAIT * int(2 ** min(max(attempts, 1), 12)), LONGEST_WAIT)
    return SHORTEST_WAIT + (bound - SHORTEST_WAIT) * random.random()  # noqa: S311 - spreading load needs no secret


def _step(waits: Sequence[timedelta], attempts: int) -> timedelta | None:
    """Return the wait after the `attempts`-th try, shortened by up to a tenth to spread the load."""
    if attempts > len(waits):
        return None
    return waits[max(attempts, 1) - 1] * random.uniform(0.9, 1.0)  # noqa: S311 - spreading load needs no secret


def _ended(state: DeliveryState, failure: SendFailure, counts: Counts, answer: str) -> Verdict:
    return Verdict(state, None, Lane.RETRY, counts, answer, failure.fault.value)
