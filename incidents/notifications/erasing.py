"""Erasing somebody: their address leaves the deliveries and the kept mails; how many were told stays known."""

from pathlib import Path
from typing import Any

from django.conf import settings

from incidents.notifications.channels.kept import kept_file
from incidents.notifications.choices import UNFINISHED
from incidents.notifications.models import Delivery, DeliveryState
from incidents.subscriptions.models import Subscriber


def forget_address(*, subscriber: Subscriber, **_signal: Any) -> None:
    """Take a subscriber's address out of every delivery; what was not sent yet is not sent any more."""
    deliveries = Delivery.objects.filter(subscriber=subscriber)
    for key in deliveries.values_list("pk", flat=True):
        Path(kept_file(settings.KEPT_MAIL_DIR, str(key))).unlink(missing_ok=True)
    deliveries.filter(event=None).delete()
    deliveries.filter(state__in=UNFINISHED).update(state=DeliveryState.SUPPRESSED, lease="", lease_until=None)
    deliveries.update(subscriber=None, address="", last_answer="")
