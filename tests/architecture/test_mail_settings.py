"""Addresses of mail in the environment: what they become, and in which words nonsense is refused."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from statuspage import environment
from statuspage.mail_urls import read_address, read_mailbox, read_provider


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("anymail+postmark://to%2Fken@", {"POSTMARK_SERVER_TOKEN": "to/ken"}),
        ("anymail+sendgrid://key@", {"SENDGRID_API_KEY": "key"}),
        ("anymail+mailjet://key:secret@", {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"}),
        (
            "anymail+mailgun://key@mg.example.com?webhook_signing_key=sign&api_url=https://api.eu.mailgun.net/v3",
            {
                "MAILGUN_API_KEY": "key",
                "MAILGUN_SENDER_DOMAIN": "mg.example.com",
                "MAILGUN_WEBHOOK_SIGNING_KEY": "sign",
                "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
            },
        ),
        ("anymail+ses://@eu-west-1", {"AMAZON_SES_CLIENT_PARAMS": {"region_name": "eu-west-1"}}),
    ],
)
def test_a_provider_address_becomes_the_settings_anymail_reads(
    monkeypatch: pytest.MonkeyPatch, url: str, made: dict[str, Any]
) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    provider = read_provider("EMAIL_URL")
    assert provider is not None
    assert provider.settings == made
    assert environment.read_mail_relay("EMAIL_URL") is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtp://mail.example.com%0d%0aDATA:25", "line break"),
        ("smtp://mail.example.com\r\n.evil.example:25", "line break"),
        ("smtp+tls://ada:pass%0aword@mail.example.com:587", "line break"),
        ("smtp://mail.example.com:0", "from 1 to 65535"),
        ("smtps://mail.example.com:65536", "from 1 to 65535"),
        ("smtp://mail.example.com:-1", "from 1 to 65535"),
        ("smtp://mail.example.com:smtp", "from 1 to 65535"),
    ],
)
def test_b190_a_relay_address_with_a_line_break_or_no_port_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match=f"EMAIL_URL .*{words}"):
        environment.read_mail_relay("EMAIL_URL")


def test_what_django_mails_by_itself_goes_over_the_provider_too(tmp_path: Path) -> None:
    pytest.importorskip("anymail")
    variables = {**os.environ, "EMAIL_URL": "anymail+postmark://token@", "DATA_DIR": str(tmp_path)}
    program = "from statuspage import settings; print(settings.EMAIL_BACKEND)"
    done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "anymail.backends.postmark.EmailBackend"


def test_a_relay_is_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com")
    assert read_provider("EMAIL_URL") is None


@pytest.mark.parametrize(
    "url", ["anymail+pigeon://key@", "anymail+postmark://", "anymail+mailgun://key@", "anymail+mailjet://key@"]
)
def test_an_incomplete_provider_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        read_provider("EMAIL_URL")


def test_a_provider_without_its_package_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "anymail+postmark://token@")
    monkeypatch.setitem(sys.modules, "anymail", None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements/providers\.txt"):
        read_provider("EMAIL_URL")


def test_a_mailbox_address_has_the_usual_port_and_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUNCE_MAILBOX_URL", "imaps://bounces%40example.com:s%2Fecret@mail.example.com")
    assert read_mailbox("BOUNCE_MAILBOX_URL") == {
        "scheme": "imaps",
        "host": "mail.example.com",
        "port": 993,
        "user": "bounces@example.com",
        "password": "s/ecret",
        "folder": "INBOX",
    }


@pytest.mark.parametrize("url", ["https://mail.example.com", "imaps://mail.example.com", "imaps://a@host:99999", "x"])
def test_what_is_no_mailbox_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BOUNCE_MAILBOX_URL", url)
    with pytest.raises(ImproperlyConfigured, match="BOUNCE_MAILBOX_URL"):
        read_mailbox("BOUNCE_MAILBOX_URL")


@pytest.mark.parametrize(
    "text",
    [
        *("status", "a@b@c", "jörg@example.com", "status@exämple.com", "two@example.com, three@example.com"),
        *(f"status@example.com{sign}Bcc: eve@example.com" for sign in "\r\n\x0b\x0c\x1c\x1f\x85\u2028\u2029"),
    ],
)
def test_a_sender_that_would_break_a_header_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("MAIL_FROM", text)
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM"):
        read_address("MAIL_FROM")


def test_a_sender_may_have_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "Acme <status@example.com>")
    assert read_address("MAIL_FROM") == "Acme <status@example.com>"
