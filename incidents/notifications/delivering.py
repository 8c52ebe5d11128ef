"""Delivering: due mail goes out, each message marked right after its answer."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack

from django.conf import settings
from django.utils.module_loading import import_string

from incidents.notifications import leases
from incidents.notifications.batch import Batch
from incidents.notifications.breaker import gate
from incidents.notifications.channels.contract import Channel, ChannelDown, Message, SendFailure
from incidents.notifications.channels.email import SmtpChannel, relay_from_settings
from incidents.notifications.channels.kept import KeptChannel
from incidents.notifications.claiming import Claimer
from incidents.notifications.doubts import announce
from incidents.notifications.gate import Gate
from incidents.notifications.links import borrowed_link
from incidents.notifications.mailing import Run
from incidents.notifications.marking import Marker
from incidents.notifications.smtp.fleets import borrowed, rests
from incidents.notifications.smtp.session import Relay
from incidents.notifications.turns import seconds_of, turn
from incidents.notifications.warming import warm_up
from incidents.subscriptions.models import ChannelKind

BATCH = 500
"""Deliveries one task takes: a task costs about a millisecond, a prepared mail far less."""

A_WHILE = 3.0
"""Seconds a task may go on beyond that where mail leaves fast: each end and new beginning lets every connection stand
idle for about 0.05 s. What else the worker has to do waits so long at most, as it would for the sweeper."""

MARKERS = 2
"""Groups of marks that may be written at once. Behind one alone a message waits for half a commit more, and a far relay
has fewer others to fill the time with."""

LOOKS_EVERY = 0.25
"""Seconds between looks at the lease while a provider is waited for."""

log = logging.getLogger(__name__)


def deliver_batch(
    *,
    limit: int = BATCH,
    seconds: float = 0.0,
    channel: Channel | None = None,
    lanes: Sequence[int] | None = None,
) -> int:
    """Send up to `limit` due mails, and more until `seconds` have passed; return how many were taken on.

    At least once: a crash after the relay's answer and before the mark sends that one message
    again, under the same Message-ID. At least BATCH means that there may be more. `channel` stands
    in for the one the settings name; `lanes` narrows to some lanes.
    """
    way = gate(ChannelKind.EMAIL)
    chosen = channel or channel_from_settings()
    relay = chosen.relay if isinstance(chosen, SmtpChannel) else None
    if way.is_shut() or (relay and rests(relay, size=settings.SMTP_CONNECTIONS)):
        return 0
    warm_up()
    with turn(lanes) as is_ours:
        if not is_ours:
            return 0
        leases.take_back()
        return _delivered(Batch(way, limit=limit, seconds=seconds_of(seconds), lanes=lanes), way, chosen, relay)


def _delivered(batch: Batch, way: Gate, chosen: Channel, relay: Relay | None) -> int:
    """Send a batch, over connections to `relay` where there is one; return how many were taken on.

    At least BATCH means that there may be more.
    """
    batch.fetch()
    if not batch.taken:
        return 0
    try:
        if relay is None:
            _one_by_one(batch, chosen)
        else:
            _over_fleet(batch, way, relay)
    finally:
        batch.close()
    return BATCH if batch.is_apart else batch.taken


def channel_from_settings() -> Channel:
    """Return the way out that EMAIL_URL names; without one, mail is kept as files."""
    if settings.MAIL_IS_KEPT:
        return KeptChannel(settings.KEPT_MAIL_DIR)
    if settings.MAIL_PROVIDER:
        # By name, because the package behind it is an extra.
        provider: Channel = import_string("incidents.notifications.channels.anymail.AnymailChannel")()
        return provider
    return SmtpChannel(relay_from_settings())


def _over_fleet(batch: Batch, way: Gate, relay: Relay) -> None:
    with ExitStack() as stack:
        fleet = stack.enter_context(borrowed(relay, size=settings.SMTP_CONNECTIONS))
        link, *others = [stack.enter_context(borrowed_link()) for _ in range(1 + MARKERS)]
        batch.claimer = Claimer(link) if link else None
        Run(batch, fleet, way, [Marker(one) for one in others if one]).go()


def _one_by_one(batch: Batch, channel: Channel) -> None:
    with channel as opened:
        while not batch.is_done:
            batch.look_after()
            batch.fetch()
            message = batch.next_message()
            if message is None:
                return
            answer, failure = "", None
            if message.unanswered:
                announce(batch.lease.key, [message])
            try:
                answer = _handed_over(batch, opened, message)
            except SendFailure as caught:
                failure = caught
            leases.settle(batch.lease, [batch.outcome(message, answer, failure)])
            if isinstance(failure, ChannelDown):
                log.warning("mail waits: %s", failure.sentence)
                return


def _handed_over(batch: Batch, channel: Channel, message: Message) -> str:
    """Send and return the other side's words; a provider may take longer than a lease, which is kept meanwhile.

    Raises PermanentFailure, TemporaryFailure, ChannelDown.
    """
    if isinstance(channel, KeptChannel):
        return channel.send(message)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="provider") as hand:
        sending = hand.submit(channel.send, message)
        while not wait([sending], timeout=LOOKS_EVERY).done:
            batch.look_after()
    return sending.result()
