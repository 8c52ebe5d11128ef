"""The sweeper: what no bell was rung for is found all the same."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from incidents.notifications import leases
from incidents.notifications.models import Delivery, DeliveryState, FanOut
from incidents.notifications.sweeping import sweep
from tests.build import NOON, make_incident, make_page, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_event_nobody_was_told_of_is_fanned_out() -> None:
    page = make_page()
    make_subscriber(page)
    make_incident(page)
    assert sweep()
    assert FanOut.objects.get().recipients == 1
    assert Delivery.objects.exclude(event=None).get().state == DeliveryState.QUEUED


def test_with_nothing_left_behind_it_says_so() -> None:
    make_incident(make_page())
    sweep()
    assert not sweep()


def test_what_a_dead_worker_held_is_due_again() -> None:
    page = make_page()
    make_subscriber(page)
    leases.claim(channel="email", limit=5)
    assert not sweep()
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert sweep()
    assert Delivery.objects.get().state == DeliveryState.RETRYING


def test_a_retry_that_is_not_due_waits() -> None:
    make_subscriber(make_page())
    Delivery.objects.update(state=DeliveryState.RETRYING, next_try_at=Now() + timedelta(minutes=1))
    assert not sweep()
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=NOON)
    assert not sweep()
