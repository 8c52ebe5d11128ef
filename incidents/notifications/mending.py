"""Mending: what staff does about messages that did not get through. Every verb twice is once."""

import logging
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from incidents.lib.text import clean_line
from incidents.notifications.alarms import channel_resumed, end_alarm
from incidents.notifications.breaker import gate, hasten
from incidents.notifications.channel_row import read
from incidents.notifications.channels.contract import Fault
from incidents.notifications.doorbell import DELIVER, ring
from incidents.notifications.models import ChannelState, Delivery, DeliveryState, FanOut, Lane
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.notifications.noting import REFUSALS_LEFT_AFTER_RESUMING, REFUSALS_LIMIT
from incidents.timeline.models import Update
from incidents.timeline.refusals import Refused

log = logging.getLogger(__name__)


class ReasonMissing(Refused):
    """A pause needs a reason: whoever finds it must know whether it may be ended."""


def retry_failed(update: Update, *, by: User | str) -> int:
    """Send again what failed for good about `update`; return how many wait now.

    Not what bounced: such a mailbox does not exist. Not where a newer update has gone out since.
    """
    failed = Delivery.objects.filter(event__update=update, state=DeliveryState.FAILED)
    return _requeue(failed, by=by)


def retry_failed_on(channel: str, *, since: datetime, by: User | str) -> int:
    """Send again what failed for good on a channel and was queued after `since`; return how many wait now."""
    failed = Delivery.objects.filter(channel=channel, state=DeliveryState.FAILED, created_at__gt=since)
    return _requeue(failed, by=by)


def release(update: Update, *, by: User | str, at: datetime) -> int:
    """Send an update whose text was refused again; return how many of its refused ones wait now.

    For when the relay's rules were changed. What was never tried goes out as well.
    """
    with transaction.atomic():
        marks = FanOut.objects.filter(event__update=update).select_for_update()
        events = list(marks.exclude(held_at=None).values_list("event_id", flat=True))
        if not events:
            return 0
        marks.filter(event__in=events).update(held_at=None, held_because="", refusals=0)
        for event_id in events:
            end_alarm(f"held:{event_id}", at=at)
        refused = Delivery.objects.filter(event__in=events, state=DeliveryState.FAILED, fault=Fault.CONTENT.value)
        return _requeue(refused, by=by)


def pause_channel(channel: str, *, because: str, by: User | str, at: datetime) -> ChannelState:
    """Let nothing begin on a channel until staff resumes it. Raises ReasonMissing."""
    reason = clean_line(because)
    if not reason:
        raise ReasonMissing("Say why, so that the next person knows when to go on.", field="reason")
    with transaction.atomic():
        state, _now = read(channel, is_locked=True)
        state.pause(because=reason, by=str(by), at=at, probe_at=None)
        state.save()
    gate(channel)
    log.warning("%s paused by %s: %s", state, by, reason)
    return state


def resume_channel(channel: str, *, by: User | str, at: datetime) -> ChannelState:
    """Let a channel go on: everything that waits goes out, once. The first message goes alone.

    Where it is refused again, it takes few refusals to pause it anew.
    """
    with transaction.atomic():
        state, _now = read(channel, is_locked=True)
        if state.is_paused:
            was_broken = state.is_paused_by_breaker
            state.resume(refusals=REFUSALS_LIMIT - REFUSALS_LEFT_AFTER_RESUMING if was_broken else 0)
            state.save()
            hasten(channel)
            channel_resumed(channel, at=at)
            transaction.on_commit(partial(ring, DELIVER))
            log.warning("%s resumed by %s", state, by)
    gate(channel)
    return state


def _requeue(failed: DeliveryQuerySet, *, by: User | str) -> int:
    """Put deliveries back into the queue with tries of a new day, less those a newer update has overtaken."""
    with transaction.atomic():
        keys = list(failed.select_for_update().values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=keys).update(
            state=DeliveryState.QUEUED,
            lane=Lane.RETRY,
            attempts=0,
            refusals=0,
            lost=0,
            unanswered=0,
            created_at=Now(),
            next_try_at=Now(),
            fault="",
        )
        overtaken = Delivery.objects.filter(pk__in=keys).overtaken().update(state=DeliveryState.SUPERSEDED)
        transaction.on_commit(partial(ring, DELIVER))
    if keys:
        log.info("%s deliveries put back into the queue by %s", len(keys) - overtaken, by)
    return len(keys) - overtaken
