"""POST /bounces/provider in every language it speaks: what is no report is a clear refusal and changes nothing."""

import json
from base64 import b64encode
from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings as in_force
from django.test import Client

from incidents import wiring
from incidents.notifications.mail.return_path import delivery_mark
from incidents.notifications.models import Delivery, DeliveryState, ReturnTally
from incidents.subscriptions.models import Subscriber
from statuspage.mail_urls import PROVIDERS, read_provider
from tests.notifications.bounces.provider_reports import ADDRESSES, hard_bounce, signature, variations
from tests.publishing.hostile import BODIES, KINDS

pytestmark = [
    pytest.mark.django_db,
    # Anymail says so whenever SendGrid's webhook is asked.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid"),
]

ADDRESS = "/bounces/provider"
LOGIN = "provider:open sesame"
NEEDS = {"ses": "boto3", "resend": "svix"}
"""Packages of the extra (requirements/providers.in) that reading the reports of some takes."""

WITHOUT_STATUS = {"mailjet"}
"""Name no status (RFC 3463): nobody is suppressed by guess."""

VALUES: list[Any] = [None, 10**400, "\ud800", "a\0b", "x" * 10_000, [], {}]
"""Stand in the place of a report, and of every part of one."""


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each provider that EMAIL_URL may name, set up as docs/mail.md has it; its name."""
    name = str(request.param)
    monkeypatch.setenv("EMAIL_URL", f"anymail+{name}://{ADDRESSES.get(name, 'key@')}")
    found = read_provider("EMAIL_URL")
    assert found is not None
    settings.MAIL_PROVIDER, settings.MAIL_PROVIDER_WEBHOOK = found.name, found.webhook
    settings.PROVIDER_WEBHOOK_SECRET = LOGIN
    settings.ANYMAIL = {**found.settings, "WEBHOOK_SECRET": LOGIN}
    wiring.connect()
    return name


def status(body: bytes, kind: str = "application/json", *, login: str = LOGIN, **headers: str) -> int:
    client = Client(raise_request_exception=False)
    told = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"} if login else {}
    return int(client.generic("POST", ADDRESS, body, kind, headers={**told, **headers}).status_code)


def facts() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Delivery, Subscriber, ReturnTally)]


def is_there(provider: str) -> bool:
    """Say whether everything that reading its reports takes is installed; where not, the address is not there."""
    return provider not in NEEDS or find_spec(NEEDS[provider]) is not None


def report(provider: str, delivery: Delivery) -> Any:
    return hard_bounce(provider, mark=delivery_mark(delivery.pk), to="sam@example.com")


def test_a_report_of_each_is_taken_in(provider: str, delivery: Delivery) -> None:
    body = json.dumps(report(provider, delivery)).encode()
    assert status(body, **signature(provider, body)) == (200 if is_there(provider) else 404)
    delivery.refresh_from_db()
    taken = is_there(provider)
    assert delivery.state == (DeliveryState.BOUNCED if taken else DeliveryState.SENT)
    assert Subscriber.objects.get().is_active == (not taken or provider in WITHOUT_STATUS)


def test_what_is_no_report_is_refused_whatever_it_claims_to_be(provider: str, delivery: Delivery) -> None:
    before = facts()
    for body in BODIES.values():
        for kind in KINDS:
            found = status(body, kind, **signature(provider, body))
            # Of an object without a word that is known nothing follows; those providers send many such.
            assert 400 <= found < 500 or (found == 200 and body.startswith(b"{")), (body[:40], kind, found)
    deliveries, subscribers, tallied = facts()
    assert [deliveries, subscribers] == before[:2]
    assert {one["kind"] for one in tallied} <= {"forged"}


def test_a_report_with_anything_in_the_place_of_a_part_never_fails(provider: str, delivery: Delivery) -> None:
    before = facts()
    for changed in variations(report(provider, delivery), VALUES) if is_there(provider) else ():
        body = json.dumps(changed).encode()
        found = status(body, **signature(provider, body))
        assert found == 200 or 400 <= found < 500, (found, body[:300])
        after = facts()
        if after != before:
            assert found == 200, body[:300]
            forget(before)


def forget(before: list[Any]) -> None:
    for model, (row,) in zip((Delivery, Subscriber), before[:2], strict=True):
        model.objects.update(**{name: value for name, value in row.items() if name != "id"})
    ReturnTally.objects.all().delete()


@pytest.mark.parametrize("login", ["", "provider:wrong", ":", "other:open sesame"])
def test_who_does_not_know_the_secret_is_refused(provider: str, delivery: Delivery, login: str) -> None:
    before, body = facts(), json.dumps(report(provider, delivery)).encode()
    assert status(body, login=login, **signature(provider, body)) == (401 if is_there(provider) else 404)
    assert facts() == before


@pytest.mark.parametrize("provider", ["mailersend", "mailgun", "resend", "sendgrid"], indirect=True)
def test_a_report_under_the_signature_of_another_is_refused(provider: str, delivery: Delivery) -> None:
    before, said = facts(), report(provider, delivery)
    if provider == "mailgun":
        said["signature"]["token"] = "another"
    body = json.dumps(said).encode()
    for headers in (signature(provider, b"another"), {}):
        assert status(body, **headers) == (401 if is_there(provider) else 404)
    assert facts() == before


def test_a_report_without_end_is_too_large(provider: str, delivery: Delivery) -> None:
    before, body = facts(), b"[" + b"1," * int(in_force.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + b"1]"
    assert status(body, **signature(provider, body)) == (413 if is_there(provider) else 404)
    assert facts() == before


@pytest.mark.parametrize("provider", ["mailersend"], indirect=True)
def test_without_the_key_its_reports_are_signed_with_the_address_is_not_there(
    provider: str, delivery: Delivery, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": LOGIN}
    body = json.dumps(report(provider, delivery)).encode()
    assert status(body, **signature(provider, body)) == 404
    assert "MAILERSEND_SIGNING_SECRET" in caplog.text
