"""Purging: finished deliveries go after a while, a bounded batch at a time.

The mark of the fan-out (FanOut) stays, so that nothing is ever told again because its rows are gone.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from incidents.notifications.choices import FINISHED
from incidents.notifications.models import Alarm, Delivery

log = logging.getLogger(__name__)

BATCH = 5_000
"""Rows of one transaction: short enough that nobody waits for its locks."""

BATCHES_AT_ONCE = 40
"""Batches of one run; the rest waits for the next hour."""


def purge(*, at: datetime) -> int:
    """Remove finished deliveries and alarms that are over from before DELIVERY_DAYS; return how many rows went."""
    before = at - timedelta(days=settings.DELIVERY_DAYS)
    removed = 0
    for _ in range(BATCHES_AT_ONCE):
        went = _purge_batch(before)
        removed += went
        if went < BATCH:
            break
    Alarm.objects.filter(over_at__lt=before).delete()
    _forget_kept_mails(before)
    return removed


def _purge_batch(before: datetime) -> int:
    with transaction.atomic():
        old = Delivery.objects.filter(state__in=FINISHED, created_at__lt=before).order_by("pk")
        keys = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)


def _forget_kept_mails(before: datetime) -> None:
    """Remove the files of mails that were kept for want of a relay; they name people whose rows are gone."""
    for file in settings.KEPT_MAIL_DIR.glob("*"):
        try:
            if file.stat().st_mtime < before.timestamp():
                file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("a kept mail cannot be removed (%s)", error)
