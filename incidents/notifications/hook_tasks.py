"""The wake-up of posting: what goes out over HTTP has a queue of its own, so that slow endpoints hold up no mail."""

from celery import shared_task

from incidents.notifications.doorbell import POST_HOOKS, ring
from incidents.notifications.models import Delivery
from incidents.notifications.posting import post_due
from incidents.subscriptions.models import ChannelKind


def ring_for_hooks() -> bool:
    """Wake a worker if anything is due over HTTP; return whether it is."""
    is_due = Delivery.objects.due().filter(channel__in=[kind for kind in ChannelKind if kind != ChannelKind.EMAIL])
    if found := is_due.exists():
        ring(POST_HOOKS)
    return found


@shared_task(name=POST_HOOKS)
def post_hooks_task() -> None:
    """Post for a while; what is still due then has a worker woken again."""
    if post_due():
        ring(POST_HOOKS)
