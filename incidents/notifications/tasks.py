"""Wake-ups: each task says that there may be work; the rows say which."""

import logging

from celery import shared_task

from incidents.notifications.bounces.mailbox import MailboxUnreachable
from incidents.notifications.bounces.reading import read_bounces
from incidents.notifications.delivering import A_WHILE, BATCH, deliver_batch
from incidents.notifications.doorbell import DELIVER, FAN_OUT, READ_BOUNCES, RETRY, SWEEP, ring
from incidents.notifications.fanout import fan_out
from incidents.notifications.hook_tasks import ring_for_hooks
from incidents.notifications.models import Lane
from incidents.notifications.sweeping import mail_due, sweep

FIRST_TRIES = [Lane.CONSENT, Lane.NEWS]

MOST_BELLS = 8
"""Workers woken for one large fan-out; whoever finds nothing goes back to sleep."""

log = logging.getLogger(__name__)


@shared_task(name=FAN_OUT)
def fan_out_task(event_id: int) -> None:
    """Freeze the recipients of an event and wake workers for them."""
    recipients = fan_out(event_id=event_id)
    for _ in range(min(-(-recipients // BATCH), MOST_BELLS)):
        ring(DELIVER)
    ring_for_hooks()


@shared_task(name=DELIVER)
def deliver_task() -> None:
    """Send a batch of mails for the first time; a full one means that there may be more."""
    if deliver_batch(seconds=A_WHILE, lanes=FIRST_TRIES) >= BATCH:
        ring(DELIVER)


@shared_task(name=RETRY)
def retry_task() -> None:
    """Send a batch of mails again; it has a queue of its own, so that what fails keeps no news waiting."""
    if deliver_batch(lanes=[Lane.RETRY]) >= BATCH:
        ring(RETRY)


@shared_task(name=SWEEP)
def sweep_task() -> None:
    """Find what was left behind, and wake as many workers as that needs."""
    sweep()
    due = mail_due(at_most=MOST_BELLS * BATCH)
    for task, count in ((DELIVER, due.news), (RETRY, due.retries)):
        for _ in range(-(-count // BATCH)):
            ring(task)
    ring_for_hooks()


@shared_task(name=READ_BOUNCES)
def read_bounces_task() -> None:
    """Take in what lies in the mailbox of bounces; it is read again in a minute whatever happens."""
    try:
        read_bounces()
    except MailboxUnreachable as error:
        log.warning("%s", error.sentence)
