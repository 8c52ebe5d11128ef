"""The circuit breaker: whether a channel may be used now, and how hard.

Three states in one row for all workers (ChannelState). Open: as fast as the bucket allows.
Careful: after a refusal of us, and before the first message taken within a minute, one message
at a time over all workers, so that a channel that refuses everything has had twenty tries and
no more when it is paused. Paused: nothing, but one probe after a while, whose success opens the
channel again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from incidents.notifications import alarms
from incidents.notifications.channel_row import read
from incidents.notifications.channels.contract import Fault
from incidents.notifications.gate import Gate
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.noting import apply, concerns_channel
from incidents.notifications.outcomes import Outcome

_gates: dict[str, Gate] = {}
_registry = threading.Lock()


def gate(channel: str) -> Gate:
    """Return the way into `channel`, as its row says now; one for each process and channel."""
    with _registry:
        found = _gates.setdefault(channel, Gate(channel))
    found.refresh()
    return found


def held_events(channel: str) -> frozenset[int]:
    """Return the events whose updates are held back, as known since the last batch. Asks nothing."""
    found = _gates.get(channel)
    return found.held() if found else frozenset()


def frozen_pages(channel: str) -> frozenset[int]:
    """Return the pages whose mail staff froze, as known since the last batch. Asks nothing."""
    found = _gates.get(channel)
    return found.frozen() if found else frozenset()


def note(channel: str, outcomes: Sequence[Outcome]) -> None:
    """Remember what a channel answered. Call it inside the transaction that marks the deliveries.

    Nothing is read or written unless one of the answers says something about the channel, or the
    channel is watched. Staff is told of a pause once the transaction holds.
    """
    with _registry:
        way = _gates.setdefault(channel, Gate(channel))
    if not way.is_watching() and not any(concerns_channel(one.failure) for one in outcomes):
        return
    with transaction.atomic():
        state, at = read(channel, is_locked=True)
        noted = apply(state, outcomes, at=at, observed=way.observed())
        state.save()
        if noted.was_paused:
            alarms.channel_paused(state, at=at)
        if noted.was_resumed:
            hasten(channel)
            alarms.channel_resumed(channel, at=at)
        for mark in noted.held:
            alarms.update_held(mark, at=at)
    way.learn(state, at=at)


def hasten(channel: str) -> int:
    """Let what a channel refused because of us, or could not be reached for, be tried now; return how many."""
    ours = [Fault.SENDER.value, Fault.CONNECTION.value]
    waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.RETRYING, fault__in=ours)
    return waiting.update(next_try_at=Now())
