"""Bounces: what each class of report does to the delivery and the subscriber, and what does nothing at all."""

import re

import pytest

from incidents.notifications.bounces.taking import take_mail
from incidents.notifications.mail.return_path import return_address
from incidents.notifications.models import Delivery, DeliveryState, ReturnTally, Taken
from incidents.subscriptions.models import Subscriber
from tests.build import NOON
from tests.notifications.bounces.messages import SAID_NO, dsn

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OTHER = "Final-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.1.1\n"
OURS = "Final-Recipient: rfc822; sam@example.com\nAction: failed\nStatus: 4.2.2\n"


def taken(delivery: Delivery, **fields: str) -> tuple[Taken, Delivery, Subscriber]:
    result = take_mail(dsn(return_address(delivery.pk), **fields), at=NOON)
    delivery.refresh_from_db()
    return result, delivery, Subscriber.objects.get()


def test_a_mailbox_that_does_not_exist_is_never_written_to_again(delivery: Delivery) -> None:
    result, bounced, sam = taken(delivery)
    assert result == Taken.BOUNCED
    assert bounced.state == DeliveryState.BOUNCED
    assert "550 5.1.1 <sam@example.com>: no such user here" in bounced.last_answer
    assert sam.state == "disabled"
    assert sam.hard_failures == 1


def test_a_full_mailbox_is_counted_as_a_passing_failure(delivery: Delivery) -> None:
    result, bounced, sam = taken(delivery, status="4.2.2", diagnostic="smtp; 452 4.2.2 mailbox full")
    assert result == Taken.BOUNCED
    assert bounced.state == DeliveryState.BOUNCED
    assert (sam.state, sam.hard_failures, sam.soft_failures) == ("active", 0, 1)


@pytest.mark.parametrize(
    "diagnostic",
    ["smtp; 550 5.7.1 rejected by SPF policy", "smtp; 550-5.7.26 Unauthenticated email is not accepted", ""],
)
def test_a_refusal_of_us_never_counts_against_the_reader(delivery: Delivery, diagnostic: str) -> None:
    status = "5.7.26" if "26" in diagnostic else "5.7.1"
    result, failed, sam = taken(delivery, status=status, diagnostic=diagnostic)
    assert (sam.state, sam.hard_failures, sam.soft_failures) == ("active", 0, 0)
    assert result == Taken.NOT_OURS
    assert failed.state == DeliveryState.FAILED


def test_a_second_report_of_the_same_mail_changes_nothing(delivery: Delivery) -> None:
    taken(delivery, status="4.2.2", diagnostic="")
    result, _, sam = taken(delivery, status="4.2.2", diagnostic="")
    assert result == Taken.REPEATED
    assert sam.soft_failures == 1


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_has_not_failed_counts_nothing(delivery: Delivery, action: str) -> None:
    result, unchanged, sam = taken(delivery, action=action, status="4.4.1")
    assert result == Taken.PENDING
    assert unchanged.state == DeliveryState.SENT
    assert sam.soft_failures == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "", "diagnostic": "smtp; 550 user unknown"},
        {"status": "5.0.0", "diagnostic": ""},
        {"status": "nonsense", "diagnostic": "x-unix; exit status 67"},
        {"action": ""},
        {"recipient": "somebody.else@example.net"},
        {"recipient": ""},
        {"blocks": OTHER},
        {"blocks": f"{OTHER}\n{OURS}"},
        {"blocks": f"{OURS.replace('4.2.2', '5.1.1')}\n{OURS}"},
    ],
)
def test_nobody_is_suppressed_by_guess(delivery: Delivery, fields: dict[str, str]) -> None:
    result, _, sam = taken(delivery, **fields)
    assert result == Taken.BOUNCED
    assert (sam.state, sam.hard_failures, sam.soft_failures) == ("active", 0, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": "SAM@Example.COM"},
        {"recipient": "<sam@example.com>"},
        {"recipient": "sam@example.com (Sam)"},
        {"recipient": "sam+40example.com", "original": ""},
        {"recipient": "forwarded@example.net", "original": "sam@example.com"},
        {"status": "5.0.0", "diagnostic": SAID_NO},
        {"status": "5.1.1 (user unknown)"},
    ],
)
def test_one_clear_report_is_read_in_every_spelling(delivery: Delivery, fields: dict[str, str]) -> None:
    assert taken(delivery, **fields)[2].state == "disabled"


def test_a_plus_in_an_address_may_come_as_xtext(delivery: Delivery) -> None:
    Delivery.objects.update(address="sam+alerts@example.com")
    assert taken(delivery, recipient="sam+2Balerts@example.com")[2].state == "disabled"


def test_an_address_outside_ascii_is_recognised(delivery: Delivery) -> None:
    Delivery.objects.update(address="jörg@example.com")
    assert taken(delivery, recipient="j\\x{F6}rg@example.com")[2].state == "disabled"


@pytest.mark.parametrize(
    "to",
    [
        "bounces@status.example.com",
        "bounces+b1-aaaaaaaaaaaaaaaa@status.example.com",
        "bounces+@status.example.com",
        "sam@example.com",
        "",
    ],
)
def test_a_forged_bounce_is_ignored_and_counted(delivery: Delivery, to: str) -> None:
    assert take_mail(dsn(to), at=NOON) == Taken.FORGED
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert Subscriber.objects.get().is_active
    assert ReturnTally.since(NOON) == {"forged": 1}


def test_the_signature_of_another_delivery_is_no_good(delivery: Delivery) -> None:
    signed = return_address(delivery.pk + 1)
    stolen = re.sub(r"\+b[0-9a-z]+-", "+b" + return_address(delivery.pk).split("+b")[1].split("-")[0] + "-", signed)
    assert take_mail(dsn(stolen), at=NOON) == Taken.FORGED


def test_a_report_inside_a_forwarded_mail_is_none(delivery: Delivery) -> None:
    inner = dsn(return_address(delivery.pk)).decode()
    outer = f"To: {return_address(delivery.pk)}\r\nContent-Type: message/rfc822\r\n\r\n{inner}"
    assert take_mail(outer.encode(), at=NOON) == Taken.AUTOMATIC
    assert Subscriber.objects.get().is_active


def test_an_automatic_answer_changes_nothing(delivery: Delivery) -> None:
    raw = f"To: {return_address(delivery.pk)}\r\nSubject: Out of office\r\n\r\nBack on Monday. 550 5.1.1".encode()
    assert take_mail(raw, at=NOON) == Taken.AUTOMATIC
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_a_report_that_comes_before_the_mark_is_read_again(delivery: Delivery) -> None:
    Delivery.objects.update(state=DeliveryState.LEASED, lease_until=NOON)
    assert taken(delivery)[0] == Taken.LATER
    Delivery.objects.update(state=DeliveryState.SENT)
    assert taken(delivery)[0] == Taken.BOUNCED


def test_a_bounce_of_a_deleted_delivery_is_ignored(delivery: Delivery) -> None:
    raw = dsn(return_address(delivery.pk))
    delivery.delete()
    assert take_mail(raw, at=NOON) == Taken.FORGED


def test_a_bounce_of_a_mail_to_its_owner_says_nothing_of_an_endpoint(delivery: Delivery) -> None:
    Subscriber.objects.update(channel="webhook", address="https://hooks.example.com/x")
    result, bounced, endpoint = taken(delivery)
    assert (result, bounced.state) == (Taken.BOUNCED, DeliveryState.BOUNCED)
    assert (endpoint.state, endpoint.hard_failures) == ("active", 0)
