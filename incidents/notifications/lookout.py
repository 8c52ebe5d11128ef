"""The lookout: a worker that nobody rings for looks by itself; a lost broker costs seconds and nothing else."""

from incidents.notifications.delivering import BATCH, deliver_batch
from incidents.notifications.models import Delivery
from incidents.notifications.posting import post_due
from incidents.notifications.stopping import is_stopping
from incidents.notifications.sweeping import sweep
from incidents.subscriptions.models import ChannelKind


def look() -> None:
    """Fan out, deliver and post what is due in this process, without a ring. Safe to run in parallel."""
    if is_stopping() or not sweep():
        return
    while deliver_batch() >= BATCH and not is_stopping():
        pass
    while _hooks_are_due() and not is_stopping() and post_due():
        pass


def _hooks_are_due() -> bool:
    return Delivery.objects.due().exclude(channel=ChannelKind.EMAIL).exists()
