"""Complaints, and readers who leave by mail: only what we signed counts, and it counts at once."""

import pytest

from incidents.notifications.bounces.taking import take_mail
from incidents.notifications.mail.return_path import leaving_address, return_address
from incidents.notifications.models import Delivery, Taken
from incidents.subscriptions.models import Subscriber
from tests.build import NOON
from tests.notifications.bounces.messages import arf

pytestmark = pytest.mark.django_db
DESK = "abuse-reports@status.example.com"


@pytest.mark.parametrize(
    "quoted", ["Return-Path: <{path}>\nSubject: x\n", "Subject: x\nList-Unsubscribe: <https://x/y>, <mailto:{leave}>\n"]
)
def test_a_complaint_about_a_mail_of_ours_ends_it_for_good(delivery: Delivery, quoted: str) -> None:
    sam = Subscriber.objects.get()
    signed = quoted.format(path=return_address(delivery.pk), leave=leaving_address(sam.code, sam.consents))
    assert take_mail(arf(DESK, signed), at=NOON) == Taken.COMPLAINT
    sam.refresh_from_db()
    assert not sam.is_active
    assert sam.left_at == NOON


def test_a_complaint_may_name_the_return_path_in_its_fields(delivery: Delivery) -> None:
    fields = f"Original-Mail-From: <{return_address(delivery.pk)}>\n"
    assert take_mail(arf(DESK, "Subject: x\n", fields=fields), at=NOON) == Taken.COMPLAINT
    assert not Subscriber.objects.get().is_active


@pytest.mark.parametrize(
    "quoted",
    [
        "Return-Path: <bounces@status.example.com>\nTo: sam@example.com\n",
        "Return-Path: <bounces+b1-aaaaaaaaaaaaaaaa@status.example.com>\n",
    ],
)
def test_a_complaint_we_did_not_sign_is_ignored(delivery: Delivery, quoted: str) -> None:
    fields = "Original-Rcpt-To: sam@example.com\nOriginal-Mail-From: <bounces@status.example.com>\n"
    assert take_mail(arf(DESK, quoted, fields=fields), at=NOON) == Taken.FORGED_COMPLAINT
    assert Subscriber.objects.get().is_active


def test_not_spam_is_no_complaint(delivery: Delivery) -> None:
    raw = arf(DESK, f"Return-Path: <{return_address(delivery.pk)}>\n", feedback="not-spam")
    assert take_mail(raw, at=NOON) == Taken.AUTOMATIC
    assert Subscriber.objects.get().is_active


def leaving(to: str, sender: str = "sam@example.com") -> bytes:
    return f"From: {sender}\r\nTo: <{to}>\r\nSubject: unsubscribe\r\n\r\n".encode()


def test_any_mail_to_the_leaving_address_ends_the_subscription(delivery: Delivery) -> None:
    sam = Subscriber.objects.get()
    assert take_mail(leaving(leaving_address(sam.code, sam.consents)), at=NOON) == Taken.LEFT
    assert Subscriber.objects.get().state == "left"


def test_only_the_address_it_is_sent_to_counts_not_the_sender(delivery: Delivery) -> None:
    sam = Subscriber.objects.get()
    assert take_mail(leaving("bounces@status.example.com"), at=NOON) == Taken.PARKED
    assert Subscriber.objects.get().is_active
    address = leaving_address(sam.code, sam.consents)
    assert take_mail(leaving(address, sender="eve@example.com"), at=NOON) == Taken.LEFT


def test_the_leaving_address_of_an_earlier_subscription_is_dead(delivery: Delivery) -> None:
    sam = Subscriber.objects.get()
    address = leaving_address(sam.code, sam.consents)
    Subscriber.objects.update(consents=2)
    assert take_mail(leaving(address), at=NOON) == Taken.AUTOMATIC
    assert Subscriber.objects.get().is_active


def test_an_answer_to_the_return_path_ends_nothing(delivery: Delivery) -> None:
    assert take_mail(leaving(return_address(delivery.pk)), at=NOON) == Taken.AUTOMATIC
    assert Subscriber.objects.get().is_active


@pytest.mark.parametrize("rule", ["typed", "locked"])
def test_an_address_that_several_read_is_not_left_by_a_mail(delivery: Delivery, rule: str) -> None:
    sam = Subscriber.objects.get()
    Subscriber.objects.update(leaving=rule)
    assert take_mail(leaving(leaving_address(sam.code, sam.consents)), at=NOON) == Taken.AUTOMATIC
    assert Subscriber.objects.get().is_active
