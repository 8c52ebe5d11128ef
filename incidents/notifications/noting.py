"""Noting: what an answer does to the row of its channel, and to the update whose content was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from incidents.notifications import bucket
from incidents.notifications.channels.contract import ChannelDown, Fault, SendFailure
from incidents.notifications.models import ChannelState, FanOut
from incidents.notifications.models.channel_state import REASON_LIMIT
from incidents.notifications.outcomes import Outcome

REFUSALS_LIMIT = 20
"""Refusals in a row, over all workers, after which nothing more is tried."""

REFUSALS_LEFT_AFTER_RESUMING = 5
"""How many more a channel may have after somebody said that it is mended."""

PROBE_WAITS = tuple(timedelta(minutes=count) for count in (5, 10, 20, 40, 60))
"""When a paused channel tries one message by itself; the last wait repeats."""

FRESH = timedelta(seconds=60)
"""A channel that took something so recently needs no careful first message."""

HALVE_EVERY = timedelta(seconds=1)
"""While messages are taken as well, the answers of one burst halve the rate once."""

CHANNEL_FAULTS = {Fault.SENDER, Fault.QUOTA, Fault.CONTENT}


@dataclass(slots=True)
class Noted:
    """What noting led to, for those who are to be told."""

    was_paused: bool = False
    was_resumed: bool = False
    held: list[FanOut] = field(default_factory=list)


def concerns_channel(failure: SendFailure | None) -> bool:
    """Say whether a failure says something about the channel or the update, not about one recipient."""
    return failure is not None and (failure.fault in CHANNEL_FAULTS or isinstance(failure, ChannelDown))


def apply(state: ChannelState, outcomes: Sequence[Outcome], *, at: datetime, observed: float) -> Noted:
    """Change `state` (locked, not saved here) by what was answered, in order; return what it led to.

    `observed` is how many messages a second were begun lately.
    """
    noted = Noted()
    for outcome in outcomes:
        state.permit_until = None
        if outcome.failure is None:
            _taken(state, noted, at=at)
        else:
            _refused(state, outcome.failure, noted, at=at, observed=observed)
        _count_content(outcome, noted, at=at)
    return noted


def _taken(state: ChannelState, noted: Noted, *, at: datetime) -> None:
    state.refusals, state.taken_at = 0, at
    state.down_since, state.down_because = None, ""
    if state.is_paused_by_breaker:
        state.resume(refusals=0)
        state.taken_at = at
        noted.was_resumed = True


def _refused(state: ChannelState, failure: SendFailure, noted: Noted, *, at: datetime, observed: float) -> None:
    if not state.is_our_account:
        return
    if failure.fault == Fault.SENDER:
        state.refusals = min(state.refusals + 1, 30_000)
        state.last_refusal = failure.sentence[:REASON_LIMIT]
        if state.refusals >= REFUSALS_LIMIT and not state.is_paused:
            state.pause(because=failure.sentence, by="", at=at, probe_at=at + PROBE_WAITS[0])
            noted.was_paused = True
    elif failure.fault == Fault.QUOTA:
        slow_down(state, at=at, observed=observed)
    if isinstance(failure, ChannelDown):
        state.down_since = state.down_since or at
        state.down_because = failure.sentence[:REASON_LIMIT]


def slow_down(state: ChannelState, *, at: datetime, observed: float) -> None:
    """Halve the rate: once a second while messages are taken too, at every answer while none is."""
    if state.slowed_at is not None and at - state.slowed_at < HALVE_EVERY:
        if state.taken_at is not None and state.taken_at >= state.slowed_at:
            return
        seconds = 0.0
    else:
        seconds = (at - state.slowed_at).total_seconds() if state.slowed_at else 0.0
    state.rate = bucket.halved(bucket.rate_now(state.rate, seconds), observed)
    state.slowed_at, state.tokens, state.tokens_at = at, 0.0, at


def next_probe(probes: int) -> timedelta:
    """Return how long a paused channel waits after its `probes`-th probe."""
    return PROBE_WAITS[min(probes, len(PROBE_WAITS) - 1)]


def _count_content(outcome: Outcome, noted: Noted, *, at: datetime) -> None:
    """Count refusals of an update's content in a row; hold the update back at the limit."""
    if outcome.event_id is None:
        return
    marks = FanOut.objects.filter(event=outcome.event_id)
    if outcome.failure is None:
        marks.filter(refusals__gt=0, held_at=None).update(refusals=0)
    elif outcome.failure.fault == Fault.CONTENT:
        marks.update(refusals=F("refusals") + 1)
        because = outcome.failure.sentence[:REASON_LIMIT]
        full = marks.filter(refusals__gte=REFUSALS_LIMIT, held_at=None)
        if full.update(held_at=at, held_because=because):
            noted.held.extend(marks.select_related("event__page", "event__update__incident"))
