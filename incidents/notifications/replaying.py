"""Replaying: one message to an endpoint once more, because its owner lost it or mended what refused it."""

import logging
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction

from incidents.notifications.choices import FINISHED
from incidents.notifications.doorbell import POST_HOOKS, ring
from incidents.notifications.models import Delivery, DeliveryState, Lane
from incidents.subscriptions.models import ChannelKind
from incidents.timeline.refusals import Refused

log = logging.getLogger(__name__)


class CannotReplay(Refused):
    """The message is on its way, is a mail, was overtaken, or nobody is there to take it."""


def can_replay(delivery: Delivery) -> bool:
    """Say whether staff may be offered to send it again."""
    is_news = delivery.event_id is not None and delivery.channel != ChannelKind.EMAIL
    return is_news and delivery.state in FINISHED and delivery.state != DeliveryState.SUPERSEDED


def replay(delivery: Delivery, *, by: User | str, at: datetime) -> Delivery:
    """Post a message that has ended once more, with tries of a new day, under the same identity.

    Twice is once while it waits. Raises CannotReplay: an older update never follows a newer one.
    """
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("subscriber").get(pk=delivery.pk)
        if not can_replay(delivery):
            raise CannotReplay("Only a message to an endpoint that has ended can be sent again.")
        if delivery.subscriber is None or not delivery.subscriber.is_active:
            raise CannotReplay("This endpoint is switched off or has unsubscribed; put it back first.")
        delivery.state, delivery.lane = DeliveryState.QUEUED, Lane.RETRY
        delivery.attempts = delivery.refusals = delivery.lost = delivery.unanswered = 0
        delivery.fault, delivery.sent_at = "", None
        delivery.created_at = delivery.next_try_at = at
        delivery.save(
            update_fields=[
                *("state", "lane", "attempts", "refusals", "lost", "fault", "sent_at", "created_at", "next_try_at")
            ],
        )
        if Delivery.objects.filter(pk=delivery.pk).overtaken().exists():
            raise CannotReplay("A newer update has followed; send that one again.")
        transaction.on_commit(partial(ring, POST_HOOKS))
    log.info("%s is sent again by %s", delivery, by)
    return delivery
