"""Fixtures of returned mail: a bounce address, and a delivery that was handed over."""

from typing import Any

import pytest

from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.models import Delivery
from tests.build import NOON, make_incident, make_page, make_subscriber


@pytest.fixture
def bounce_address(settings: Any) -> str:
    """The setting BOUNCE_ADDRESS, with the endpoint open."""
    settings.BOUNCE_ADDRESS = "bounces@status.example.com"
    settings.BOUNCE_SECRET = "open sesame"
    return "bounces@status.example.com"


@pytest.fixture
def delivery(db: None, bounce_address: str) -> Delivery:
    """The mail about an incident to Sam, taken by the relay."""
    page = make_page()
    make_subscriber(page)
    Delivery.objects.all().delete()
    make_incident(page)
    for event in list(missing()):
        fan_out(event_id=event.pk)
    Delivery.objects.update(state="sent", sent_at=NOON)
    return Delivery.objects.get()
