"""POST /bounces/message: a mail system hands a returned message over."""

from typing import Any

import pytest
from django.test import Client

from incidents.notifications.mail.return_path import return_address
from incidents.notifications.models import Delivery, DeliveryState, ReturnTally
from tests.notifications.bounces.messages import dsn

pytestmark = pytest.mark.django_db
ADDRESS = "/bounces/message"
SECRET = "open sesame"


def post(client: Client, raw: bytes, *, secret: str = SECRET, query: str = "") -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.post(ADDRESS + query, raw, content_type="message/rfc822", headers=headers)


def test_a_bounce_is_taken_in(client: Client, delivery: Delivery) -> None:
    assert post(client, dsn(return_address(delivery.pk))).status_code == 204
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED


def test_the_address_may_be_told_beside_the_message(client: Client, delivery: Delivery) -> None:
    address = return_address(delivery.pk).replace("+", "%2B")
    assert post(client, dsn(""), query=f"?recipient={address}").status_code == 204
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED


def test_a_large_message_is_taken_by_its_beginning(client: Client, delivery: Delivery) -> None:
    assert post(client, dsn(return_address(delivery.pk)) + b"x" * 10_000_000).status_code == 204
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED


def test_without_a_secret_the_address_is_not_there(client: Client, delivery: Delivery, settings: Any) -> None:
    settings.BOUNCE_SECRET = ""
    for secret in ("", "open sesame"):
        assert post(client, dsn(return_address(delivery.pk)), secret=secret).status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


@pytest.mark.parametrize("secret", ["", "wrong", "open sesame ", "öffne dich"])
def test_an_outsider_is_refused(client: Client, delivery: Delivery, secret: str) -> None:
    assert post(client, dsn(return_address(delivery.pk)), secret=secret).status_code == 401
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert not ReturnTally.objects.exists()


def test_an_empty_body_is_refused(client: Client, delivery: Delivery) -> None:
    assert post(client, b"").status_code == 400
    assert not ReturnTally.objects.exists()


def test_a_body_beyond_all_measure_is_refused(client: Client, delivery: Delivery) -> None:
    headers = {"Authorization": "Bearer open sesame"}
    for length in ("30000000", "-1", "many"):
        answer = client.post(ADDRESS, b"x", content_type="message/rfc822", headers=headers, CONTENT_LENGTH=length)
        assert answer.status_code == 413


def test_only_post_is_answered(client: Client, delivery: Delivery) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_a_bounce_that_comes_too_early_is_asked_for_again(client: Client, delivery: Delivery) -> None:
    Delivery.objects.update(state=DeliveryState.LEASED, lease_until=delivery.created_at)
    answer = post(client, dsn(return_address(delivery.pk)))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
