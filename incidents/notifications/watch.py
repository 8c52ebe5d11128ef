"""The watch: looks every few seconds whether everybody was told, and keeps the tables small."""

from celery import shared_task

from incidents.lib.clock import now
from incidents.notifications import alarms, canaries, completeness, counting, flood, purging
from incidents.notifications.doorbell import DELIVER, PURGE, WATCH, ring


@shared_task(name=WATCH)
def watch_task() -> None:
    """Send digests that are due, tell staff what nobody was told, judge probes of mailboxes."""
    at = now()
    if flood.release():
        ring(DELIVER)
    completeness.check(at=at)
    completeness.check_channels(at=at)
    counting.judge_probes(at=at)
    alarms.post_alarms(at=at)


@shared_task(name=PURGE)
def purge_task() -> None:
    """Remove what is old."""
    purging.purge(at=now())
    canaries.forget()
