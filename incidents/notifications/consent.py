"""The mails of a subscription request: kept as deliveries in the request's own transaction."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from incidents.notifications.doorbell import DELIVER, POST_HOOKS, ring
from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Delivery, Lane, MailKind
from incidents.subscriptions.models import ChannelKind, RequestKind, SubscriptionRequest


def queue_link(*, request: SubscriptionRequest, delay: timedelta, **_signal: Any) -> None:
    """Keep the message with the request's link, due after `delay`; the bell rings once the transaction holds."""
    subscriber = request.subscriber
    is_first = request.kind != RequestKind.MANAGE
    channel, address = request.destination
    Delivery.objects.create(
        page=subscriber.page,
        subscription_request=request,
        subscriber=subscriber,
        kind=MailKind.CONFIRM if is_first else MailKind.MANAGE_LINK,
        channel=channel,
        address=address,
        message_id=f"r{request.pk}.{request.code}@{mail_domain()}",
        lane=Lane.CONSENT,
        next_try_at=Now() + delay,
    )
    transaction.on_commit(partial(ring, DELIVER if channel == ChannelKind.EMAIL else POST_HOOKS))
