"""Builders of what is told over HTTP: endpoints that agreed, and news for them."""

import time
from datetime import datetime, timedelta
from typing import Any

from incidents.lib.clock import now
from incidents.lib.signing import new_secret
from incidents.notifications.fanout import fan_out
from incidents.notifications.leases import take_back
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.posting import post_due
from incidents.subscriptions.addresses import address_key
from incidents.subscriptions.models import ChannelKind, Scope, Subscriber
from incidents.timeline.models import Event, Incident, Page
from tests.build import make_incident

SEVERAL = 1_000
SECONDS_TO_POST = 120


def make_endpoint(page: Page, address: str, *, channel: str = "webhook", **fields: Any) -> Subscriber:
    """Return somebody with an endpoint who agreed and follows the whole page."""
    fields.setdefault("signing_secret", new_secret() if channel == ChannelKind.WEBHOOK else "")
    fields.setdefault("contact_email", "owner@example.com" if channel == ChannelKind.WEBHOOK else "")
    at = now() - timedelta(days=1)
    subscriber = Subscriber.objects.create(
        page=page,
        channel=channel,
        address=address,
        address_key=address_key(address, is_mail=False),
        state="active",
        consents=1,
        created_at=at,
        confirmed_at=at,
        **fields,
    )
    Scope.objects.create(subscriber=subscriber, created_at=at)
    return subscriber


def make_news(page: Page, *, at: datetime | None = None, **fields: Any) -> Incident:
    """Return an incident whose recipients are frozen and wait."""
    incident = make_incident(page, at=at or now(), **fields)
    freeze(page)
    return incident


def post_all() -> None:
    """Post what is due, in as many runs as it takes: what a run held for too long, on a busy machine, is taken back."""
    post_due()
    deadline = time.monotonic() + SECONDS_TO_POST
    while Delivery.objects.filter(state=DeliveryState.LEASED).exists():
        assert time.monotonic() < deadline, "what was leased is never given back"
        time.sleep(0.2)
        take_back()
        post_due()


def freeze(page: Page) -> None:
    """Freeze the recipients of every event of the page that has none yet."""
    for event in Event.objects.filter(page=page, fan_out=None).order_by("seq"):
        fan_out(event_id=event.pk)


def states(page: Page) -> list[str]:
    """Return the states of all deliveries of a page, oldest first."""
    return list(Delivery.objects.on(page).order_by("pk").values_list("state", flat=True))
