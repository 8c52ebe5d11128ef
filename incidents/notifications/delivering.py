"""Delivering: a leased batch goes out over one channel, each message marked right after its answer."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from incidents.lib.clock import now
from incidents.notifications import leases
from incidents.notifications.channels.contract import (
    Channel,
    ChannelDown,
    Fault,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from incidents.notifications.channels.email import SmtpChannel, relay_from_settings
from incidents.notifications.channels.kept import KeptChannel
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.writing import Writer
from incidents.timeline.refusals import Refused

BATCH = 500
"""Deliveries one task takes: a task costs about a millisecond, a prepared mail far less."""

LOOK_AGAIN_SECONDS = 2.0
"""How often a running batch asks who has left: nobody is begun later than 5 s after leaving."""

RETRY_AFTER = [timedelta(minutes=count) for count in (1, 5, 15, 60, 180)]
"""Waits between tries for a mailbox that does not take mail right now; then it is given up."""

SENDER_RETRY_AFTER = [timedelta(seconds=count) for count in (10, 30, 60, 120, 300, 900)]
"""Waits where the fault is ours or the relay's: the recipient is never given up for it within a day."""

GIVE_UP_AFTER = timedelta(hours=24)

log = logging.getLogger(__name__)


def deliver_batch(*, limit: int = BATCH, channel: Channel | None = None) -> int:
    """Send up to `limit` due deliveries and return how many were taken on.

    At least once: a crash after the relay's answer and before the mark sends that one message
    again, under the same Message-ID. `channel` stands in for the one the settings name.
    """
    lease, deliveries = leases.claim(limit=limit)
    if not deliveries:
        return 0
    try:
        with channel or channel_from_settings() as opened:
            _send_all(deliveries, lease, opened)
    finally:
        leases.give_back(lease)
    return len(deliveries)


def channel_from_settings() -> Channel:
    """Return the way out that EMAIL_URL names; without one, mail is kept as files."""
    if settings.MAIL_IS_KEPT:
        return KeptChannel(settings.KEPT_MAIL_DIR)
    return SmtpChannel(relay_from_settings())


def _send_all(deliveries: Sequence[Delivery], lease: str, channel: Channel) -> None:
    writer = Writer(deliveries, at=now())
    # The lease ends by the database's clock; this process only measures how long it has run itself.
    ends = time.monotonic() + leases.LEASE.total_seconds() * leases.SHARE_OF_LEASE
    looked, gone = float("-inf"), set[int]()
    for delivery in deliveries:
        moment = time.monotonic()
        if moment >= ends:
            return
        if moment - looked > LOOK_AGAIN_SECONDS:
            looked, gone = moment, gone | leases.withdraw(lease)
        if delivery.pk in gone:
            continue
        message = _written(writer, delivery)
        if message is None:
            continue
        try:
            _send(channel, delivery, message)
        except ChannelDown as failure:
            log.warning("deliveries wait: %s", failure.sentence)
            wait = _step(SENDER_RETRY_AFTER, delivery.attempts)
            leases.postpone(lease, wait=wait, answer=failure.sentence)
            return


def _written(writer: Writer, delivery: Delivery) -> Message | None:
    """Return the message; a delivery that cannot be written ends alone, its batch goes on."""
    try:
        return writer.write(delivery)
    except Refused as refusal:
        leases.mark_ended(delivery, state=DeliveryState.FAILED, answer=refusal.sentence)
    except Exception as error:
        log.exception("delivery %s cannot be written", delivery.pk)
        leases.mark_ended(delivery, state=DeliveryState.FAILED, answer=f"This mail could not be written ({error}).")
    return None


def _send(channel: Channel, delivery: Delivery, message: Message) -> None:
    """Send one message and mark what came of it. Raises ChannelDown."""
    try:
        leases.mark_sent(delivery, answer=channel.send(message))
    except ChannelDown:
        raise
    except PermanentFailure as failure:
        bounced = failure.fault == Fault.RECIPIENT_PERMANENT
        state = DeliveryState.BOUNCED if bounced else DeliveryState.FAILED
        leases.mark_ended(delivery, state=state, answer=failure.sentence)
    except TemporaryFailure as failure:
        _retry(delivery, failure)


def _retry(delivery: Delivery, failure: TemporaryFailure) -> None:
    """Plan the next try, or give up: the mailbox after its five waits, anything after a day."""
    steps = RETRY_AFTER if failure.fault == Fault.RECIPIENT_TEMPORARY else SENDER_RETRY_AFTER
    tired = steps is RETRY_AFTER and delivery.attempts > len(RETRY_AFTER)
    if tired or now() - delivery.created_at > GIVE_UP_AFTER:
        answer = f"Given up after {delivery.attempts} tries. {failure.sentence}"
        leases.mark_ended(delivery, state=DeliveryState.FAILED, answer=answer)
        return
    leases.mark_retry(delivery, wait=_step(steps, delivery.attempts), answer=failure.sentence)


def _step(waits: Sequence[timedelta], attempts: int) -> timedelta:
    return waits[min(max(attempts, 1), len(waits)) - 1]
