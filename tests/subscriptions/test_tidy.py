"""Housekeeping: what nobody confirmed is forgotten after a week."""

from datetime import timedelta

import pytest

from incidents.notifications.models import Delivery
from incidents.subscriptions.models import AskTally, MailboxTally, Subscriber
from incidents.subscriptions.tidying import tidy
from tests.build import NOON, ask, make_page, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_address_nobody_confirmed_goes_after_a_week() -> None:
    page = make_page()
    ask(page, email="never@example.com", at=NOON)
    make_subscriber(page, at=NOON)
    make_subscriber(page, email="left@example.com", at=NOON).leave(at=NOON)
    assert tidy(at=NOON + timedelta(days=6)).forgotten == 0
    assert tidy(at=NOON + timedelta(days=7)).forgotten == 1
    assert set(Subscriber.objects.values_list("address", flat=True)) == {"sam@example.com", "left@example.com"}
    assert not Delivery.objects.filter(address="never@example.com").exists()


def test_somebody_who_asked_again_has_another_week() -> None:
    page = make_page()
    ask(page, at=NOON)
    ask(page, at=NOON + timedelta(days=5))
    assert tidy(at=NOON + timedelta(days=8)).forgotten == 0
    assert tidy(at=NOON + timedelta(days=13)).forgotten == 1


def test_tallies_go_after_a_day() -> None:
    ask(make_page(), at=NOON)
    tidy(at=NOON + timedelta(hours=23))
    assert AskTally.objects.exists()
    tidy(at=NOON + timedelta(days=2))
    assert not AskTally.objects.exists()
    assert not MailboxTally.objects.exists()
