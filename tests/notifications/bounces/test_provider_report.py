"""POST /bounces/provider: what providers report later, in Postmark's and Mailgun's languages."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from incidents import wiring
from incidents.notifications.mail.return_path import delivery_mark
from incidents.notifications.models import Delivery, DeliveryState, ReturnTally
from incidents.subscriptions.models import Subscriber
from tests.build import NOON

pytestmark = pytest.mark.django_db
ADDRESS = "/bounces/provider"
LOGIN = "provider:open sesame"


@pytest.fixture
def postmark(settings: Any) -> None:
    use(settings, "postmark", "Postmark")


@pytest.fixture
def mailgun(settings: Any) -> None:
    use(settings, "mailgun", "Mailgun", MAILGUN_WEBHOOK_SIGNING_KEY="signing")


def use(settings: Any, name: str, view: str, **more: str) -> None:
    settings.MAIL_PROVIDER = name
    settings.MAIL_PROVIDER_WEBHOOK = f"anymail.webhooks.{name}.{view}TrackingWebhookView"
    settings.PROVIDER_WEBHOOK_SECRET = LOGIN
    settings.ANYMAIL = {"WEBHOOK_SECRET": LOGIN, **more}
    wiring.connect()


def post(client: Client, report: Any, *, login: str = LOGIN) -> Any:
    headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"} if login else {}
    raw = report if isinstance(report, bytes) else json.dumps(report).encode()
    return client.post(ADDRESS, raw, content_type="application/json", headers=headers)


def postmark_bounce(delivery: Delivery, **changes: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 4711,
        "Type": "HardBounce",
        "Email": "sam@example.com",
        "BouncedAt": f"{NOON:%Y-%m-%dT%H:%M:%SZ}",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Metadata": {"delivery": delivery_mark(delivery.pk)},
        "MessageID": "0a12",
        **changes,
    }


def mailgun_event(delivery: Delivery, *, key: str = "signing", age: int = 0, **changes: Any) -> dict[str, Any]:
    stamp, token = str(int(time.time()) - age), "0123"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": "failed",
        "severity": "permanent",
        "id": "x",
        "timestamp": 1795262400.0,
        "recipient": "sam@example.com",
        "delivery-status": {"code": 550, "message": "5.1.1 No such user"},
        "user-variables": {"delivery": delivery_mark(delivery.pk)},
        "message": {"headers": {"message-id": "0a12@mg.example.com"}},
        **changes,
    }
    return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": event}


def test_postmark_s_hard_bounce_ends_the_subscription(client: Client, delivery: Delivery, postmark: None) -> None:
    assert post(client, postmark_bounce(delivery)).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED
    assert "does not exist" in delivery.last_answer
    assert Subscriber.objects.get().state == "disabled"


def test_mailgun_s_permanent_failure_ends_the_subscription(client: Client, delivery: Delivery, mailgun: None) -> None:
    assert post(client, mailgun_event(delivery)).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED
    assert Subscriber.objects.get().state == "disabled"


@pytest.mark.parametrize(
    ("changes", "state", "soft"),
    [
        ({"Type": "SoftBounce", "Details": "smtp;452 4.2.2 The mailbox is full"}, "bounced", 1),
        ({"Details": "unable to deliver"}, "bounced", 1),
        ({"Email": "somebody.else@example.net"}, "bounced", 1),
        ({"Details": "smtp;550 5.7.26 Unauthenticated email is not accepted"}, "failed", 0),
        ({"Type": "Blocked", "Details": ""}, "failed", 0),
        ({"Type": "DMARCPolicy", "Details": ""}, "failed", 0),
        ({"Type": "Transient", "Details": "smtp;450 4.2.1"}, "sent", 0),
        ({"RecordType": "Delivery"}, "sent", 0),
        ({"RecordType": "Open"}, "sent", 0),
    ],
)
def test_nobody_is_suppressed_by_guess(
    client: Client, delivery: Delivery, postmark: None, changes: dict[str, Any], state: str, soft: int
) -> None:
    assert post(client, postmark_bounce(delivery, **changes)).status_code == 200
    delivery.refresh_from_db()
    sam = Subscriber.objects.get()
    assert delivery.state == state
    assert (sam.state, sam.hard_failures, sam.soft_failures) == ("active", 0, soft)


def test_a_complaint_is_heeded_at_once(client: Client, delivery: Delivery, postmark: None) -> None:
    report = postmark_bounce(delivery, RecordType="SpamComplaint", Type="SpamComplaint")
    assert post(client, report).status_code == 200
    assert Subscriber.objects.get().state == "left"
    assert ReturnTally.objects.get().kind == "complaint"


def test_mailgun_s_complaint_is_heeded_at_once(client: Client, delivery: Delivery, mailgun: None) -> None:
    assert post(client, mailgun_event(delivery, event="complained")).status_code == 200
    assert Subscriber.objects.get().state == "left"


def test_who_leaves_at_the_provider_has_left(client: Client, delivery: Delivery, mailgun: None) -> None:
    assert post(client, mailgun_event(delivery, event="unsubscribed")).status_code == 200
    assert Subscriber.objects.get().state == "left"


def test_the_same_report_fifty_times_is_one(client: Client, delivery: Delivery, postmark: None) -> None:
    for _ in range(50):
        assert post(client, postmark_bounce(delivery, Details="")).status_code == 200
    assert Subscriber.objects.get().soft_failures == 1


@pytest.mark.parametrize("metadata", [{}, {"delivery": "b1-aaaaaaaaaaaaaaaa"}, {"delivery": ["x"]}, {"delivery": ""}])
def test_a_report_without_our_signature_is_ignored_and_counted(
    client: Client, delivery: Delivery, postmark: None, metadata: Any
) -> None:
    assert post(client, postmark_bounce(delivery, Metadata=metadata)).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert ReturnTally.objects.get().kind == "forged"


@pytest.mark.parametrize("login", ["", "provider:wrong", "other:open sesame"])
def test_an_outsider_is_refused(client: Client, delivery: Delivery, postmark: None, login: str) -> None:
    assert post(client, postmark_bounce(delivery), login=login).status_code == 401
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_a_wrong_signature_is_refused_even_with_the_secret(client: Client, delivery: Delivery, mailgun: None) -> None:
    assert post(client, mailgun_event(delivery, key="guessed")).status_code == 401
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


@pytest.mark.parametrize("age", [13 * 3600, -3600])
def test_a_signature_that_is_old_or_from_the_future_is_refused(
    client: Client, delivery: Delivery, mailgun: None, age: int
) -> None:
    assert post(client, mailgun_event(delivery, age=age)).status_code == 401
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_what_mailgun_repeats_for_hours_is_taken_in(client: Client, delivery: Delivery, mailgun: None) -> None:
    assert post(client, mailgun_event(delivery, age=8 * 3600)).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED


def test_without_a_secret_the_address_is_not_there(
    client: Client, delivery: Delivery, postmark: None, settings: Any
) -> None:
    settings.PROVIDER_WEBHOOK_SECRET = ""
    settings.ANYMAIL = {}
    for login in ("", LOGIN, ":"):
        assert post(client, postmark_bounce(delivery), login=login).status_code == 404


def test_without_a_provider_the_address_is_not_there(client: Client, delivery: Delivery, settings: Any) -> None:
    settings.PROVIDER_WEBHOOK_SECRET = LOGIN
    assert post(client, postmark_bounce(delivery)).status_code == 404


@pytest.mark.parametrize("report", [b"", b"{", b"\xff", b"[]", b"null", b'"x"', b'{"RecordType": {}}'])
def test_what_is_no_report_is_refused_in_words(
    client: Client, delivery: Delivery, postmark: None, report: bytes
) -> None:
    answer = post(client, report)
    assert answer.status_code == 422
    assert answer.content == b"This is no report of postmark.\n"
    assert not ReturnTally.objects.exists()


def test_a_get_is_not_answered(client: Client, postmark: None) -> None:
    assert client.get(ADDRESS).status_code == 405
