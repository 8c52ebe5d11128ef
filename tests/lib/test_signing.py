"""Signatures of webhooks: checked with the package of the Standard Webhooks project."""

from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from incidents.lib.signing import LIVING_SECRETS, new_secret, rotated, signed_headers

BODY = '{"incident":{"name":"Störung"}}'.encode()


def test_a_signature_verifies() -> None:
    secret = new_secret()
    headers = signed_headers(secret, reference="dl_1", body=BODY, at=datetime.now(tz=UTC))
    assert Webhook(secret).verify(BODY, headers) == {"incident": {"name": "Störung"}}
    assert headers["webhook-id"] == "dl_1"


def test_another_body_another_secret_and_an_old_stamp_do_not() -> None:
    secret = new_secret()
    headers = signed_headers(secret, reference="dl_1", body=BODY, at=datetime.now(tz=UTC))
    old = signed_headers(secret, reference="dl_1", body=BODY, at=datetime(2020, 1, 1, tzinfo=UTC))
    for key, body, sent in [(secret, b"{}", headers), (new_secret(), BODY, headers), (secret, BODY, old)]:
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body, sent)


def test_while_secrets_change_both_verify() -> None:
    first = new_secret()
    living = rotated(first)
    second = living.split()[0]
    headers = signed_headers(living, reference="dl_2", body=BODY, at=datetime.now(tz=UTC))
    assert Webhook(first).verify(BODY, headers) == Webhook(second).verify(BODY, headers)


def test_a_third_secret_ends_the_first() -> None:
    first = new_secret()
    living = rotated(rotated(first))
    assert len(living.split()) == LIVING_SECRETS
    assert first not in living
    assert len(living) <= 100


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    sent = datetime.fromtimestamp(1614265330, tz=UTC)
    headers = signed_headers(secret, reference="msg_p5jXN8AQM9LWM0D4loKWxJek", body=b'{"test": 2432232314}', at=sent)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
