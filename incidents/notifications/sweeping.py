"""The sweeper: whatever rings were lost, rows that wait are found within seconds."""

import logging
from typing import NamedTuple

from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.leases import take_back
from incidents.notifications.links import close_idle_links
from incidents.notifications.models import Delivery, Lane
from incidents.notifications.smtp.fleets import IDLE_SECONDS, close_idle
from incidents.subscriptions.models import ChannelKind

log = logging.getLogger(__name__)


def sweep() -> bool:
    """Freeze the recipients of events nobody was told of, take back what dead workers held, hang up where it is quiet.

    Returns whether anything is due now. Safe to run in parallel.
    """
    for event_id in list(missing().values_list("pk", flat=True)):
        log.info("event %s had not been fanned out: %s recipients", event_id, fan_out(event_id=event_id))
    take_back()
    close_idle(after=IDLE_SECONDS)
    close_idle_links(after=IDLE_SECONDS)
    return Delivery.objects.due().exists()


class MailDue(NamedTuple):
    """How many mails wait now, by the queue that takes them."""

    news: int
    retries: int


def mail_due(*, at_most: int) -> MailDue:
    """Count the mails due now, each kind no further than `at_most`."""
    due = Delivery.objects.due().filter(channel=ChannelKind.EMAIL)
    retries = due.filter(lane=Lane.RETRY)[:at_most].count()
    return MailDue(due.filter(lane__lt=Lane.RETRY)[:at_most].count(), retries)
