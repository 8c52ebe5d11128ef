"""The sweeper: whatever rings were lost, rows that wait are found within seconds."""

import logging

from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.leases import take_back
from incidents.notifications.models import Delivery

log = logging.getLogger(__name__)


def sweep() -> bool:
    """Freeze the recipients of events nobody was told of, take back what dead workers held.

    Returns whether anything is due now. Safe to run in parallel.
    """
    for event_id in list(missing().values_list("pk", flat=True)):
        log.info("event %s had not been fanned out: %s recipients", event_id, fan_out(event_id=event_id))
    take_back()
    return Delivery.objects.due().exists()
