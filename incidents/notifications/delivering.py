"""Delivering: a leased batch goes out over one channel, each message marked right after its answer."""

import logging
import time
from collections.abc import Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from incidents.lib.clock import now
from incidents.notifications import leases
from incidents.notifications.channels.contract import Channel, ChannelDown, Message, SendFailure
from incidents.notifications.channels.email import SmtpChannel, relay_from_settings
from incidents.notifications.channels.kept import KeptChannel
from incidents.notifications.leases import Lease
from incidents.notifications.models import Delivery
from incidents.notifications.outcomes import Outcome
from incidents.notifications.writing import Writer
from incidents.subscriptions.models import ChannelKind
from incidents.timeline.refusals import Refused

BATCH = 500
"""Deliveries one task takes: a task costs about a millisecond, a prepared mail far less."""

LOOK_AGAIN_SECONDS = 2.0
"""How often a running batch asks who has left: nobody is begun later than 5 s after leaving."""

log = logging.getLogger(__name__)


def deliver_batch(*, limit: int = BATCH, channel: Channel | None = None) -> int:
    """Send up to `limit` due deliveries and return how many were taken on.

    At least once: a crash after the relay's answer and before the mark sends that one message
    again, under the same Message-ID. `channel` stands in for the one the settings name.
    """
    lease, deliveries = leases.claim(channel=ChannelKind.EMAIL, limit=limit)
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
    if settings.MAIL_PROVIDER:
        # By name, because the package behind it is an extra.
        provider: Channel = import_string("incidents.notifications.channels.anymail.AnymailChannel")()
        return provider
    return SmtpChannel(relay_from_settings())


def _send_all(deliveries: Sequence[Delivery], lease: Lease, channel: Channel) -> None:
    writer = Writer(deliveries, at=now())
    looked, gone = float("-inf"), set[int]()
    for delivery in deliveries:
        if lease.age > leases.RENEW_EVERY:
            leases.renew(lease)
        moment = time.monotonic()
        if not lease.allows_to_begin:
            return
        if moment - looked > LOOK_AGAIN_SECONDS:
            looked, gone = moment, gone | leases.withdraw(lease)
        if delivery.pk in gone:
            continue
        message = _written(writer, delivery, lease)
        if message is None:
            continue
        outcome = _tried(channel, delivery, message)
        leases.settle(lease, [outcome])
        if isinstance(outcome.failure, ChannelDown):
            log.warning("deliveries wait: %s", outcome.failure.sentence)
            return


def _written(writer: Writer, delivery: Delivery, lease: Lease) -> Message | None:
    """Return the message; a delivery that cannot be written ends alone, its batch goes on."""
    try:
        return writer.write(delivery)
    except Refused as refusal:
        leases.refuse(lease, delivery.pk, answer=refusal.sentence)
    except Exception as error:
        log.exception("delivery %s cannot be written", delivery.pk)
        leases.refuse(lease, delivery.pk, answer=f"This mail could not be written ({error}).")
    return None


def _tried(channel: Channel, delivery: Delivery, message: Message) -> Outcome:
    answer, failure = "", None
    try:
        answer = channel.send(message)
    except SendFailure as caught:
        failure = caught
    return Outcome(delivery.pk, delivery.subscriber_id, delivery.attempts, delivery.created_at, answer, failure)
