"""What is due, and what a worker holds, is found without reading the whole table, on both databases."""

import pytest
from django.db import connection
from django.db.models.functions import Now

from incidents.notifications.models import Delivery
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.subscriptions.models import ChannelKind
from tests.build import make_page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def plan(rows: DeliveryQuerySet) -> str:
    """Return how the database would find rows in a table so large that reading it whole is out of the question."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    return rows.explain()


def test_what_is_due_is_read_in_its_order() -> None:
    due = Delivery.objects.due_on(ChannelKind.EMAIL, lanes=[0, 1], without=[1], frozen=[make_page().pk])
    found = plan(due)
    assert "delivery_waiting" in found
    assert "TEMP B-TREE" not in found


def test_what_a_worker_holds_is_read_by_its_lease() -> None:
    assert "delivery_leased" in plan(Delivery.objects.leased_by("0123"))


def test_what_dead_workers_held_is_read_by_its_lease() -> None:
    assert "delivery_leased" in plan(Delivery.objects.abandoned())


def test_what_is_held_for_a_digest_is_read_by_its_time() -> None:
    assert "delivery_held" in plan(Delivery.objects.held().filter(next_try_at__lte=Now()))
