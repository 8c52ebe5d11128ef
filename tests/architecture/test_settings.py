"""Settings are read with words for nonsense, and dangerous combinations are reported."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from statuspage import environment
from statuspage.checks import check_settings, refuse_dangerous_settings
from statuspage.secret_key import kept_secret_key


def messages(settings: Any, **values: object) -> set[str]:
    usual = {
        "SITE_URL": "https://status.example.com",
        "ALLOWED_HOSTS": ["status.example.com"],
        "DEBUG": False,
        "SECRET_KEY": "0123456789abcdef" * 3,
        "MAIL_IS_KEPT": False,
        "USES_SQLITE": False,
        "WORKER_IS_EMBEDDED": True,
    }
    for name, value in {**usual, **values}.items():
        setattr(settings, name, value)
    return {str(message.id) for message in check_settings()}


def test_a_sound_public_site_gives_no_message(settings: Any) -> None:
    assert messages(settings) == set()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"SITE_URL": "status.example.com"}, "statuspage.E001"),
        ({"DEBUG": True}, "statuspage.E002"),
        ({"ALLOWED_HOSTS": ["*"]}, "statuspage.E003"),
        ({"SITE_URL": "http://status.example.com"}, "statuspage.W002"),
        ({"MAIL_IS_KEPT": True}, "statuspage.W003"),
        ({"OIDC_ISSUER": "http://login.example.com", "OIDC_CLIENT_ID": "status"}, "statuspage.W006"),
        ({"OIDC_ISSUER": "https://login.example.com"}, "statuspage.W007"),
        ({"USES_SQLITE": True, "WORKER_IS_EMBEDDED": False}, "statuspage.W004"),
    ],
)
def test_a_dangerous_combination_is_reported(settings: Any, values: dict[str, object], expected: str) -> None:
    assert messages(settings, **values) == {expected}


@pytest.mark.parametrize(
    "key", ["short", "x" * 50, "django-insecure-0123456789abcdefghijklmnop", "put-50-random-characters-here"]
)
def test_b191_a_public_site_with_a_key_that_can_be_guessed_does_not_start(settings: Any, key: str) -> None:
    assert messages(settings, SECRET_KEY=key) == {"statuspage.E004"}
    with pytest.raises(ImproperlyConfigured, match="openssl rand -hex 25"):
        refuse_dangerous_settings()


@pytest.mark.parametrize(("values", "fix"), [({"DEBUG": True}, "Unset DEBUG."), ({"ALLOWED_HOSTS": ["*"]}, "unset it")])
def test_b191_the_entry_point_of_a_web_server_refuses_what_manage_py_refuses(
    settings: Any, values: dict[str, object], fix: str
) -> None:
    messages(settings)
    refuse_dangerous_settings()
    messages(settings, **values)
    with pytest.raises(ImproperlyConfigured, match=fix):
        refuse_dangerous_settings()


def test_a_newcomers_own_machine_gives_no_message(settings: Any) -> None:
    newcomer = {"SITE_URL": "http://127.0.0.1:8000", "MAIL_IS_KEPT": True, "DEBUG": True, "USES_SQLITE": True}
    assert messages(settings, **newcomer) == set()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert environment.read_number("PORT", 8000, 1, 65535) == 8000


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment.read_text("SECRET_KEY") == "from a file"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("PORT", "eighty", lambda: environment.read_number("PORT", 8000, 1, 65535)),
        ("PORT", "70000", lambda: environment.read_number("PORT", 8000, 1, 65535)),
        ("PORT", "-1", lambda: environment.read_number("PORT", 8000, 1, 65535)),
        ("DEBUG", "perhaps", lambda: environment.read_switch("DEBUG", default=False)),
        ("DATABASE_URL", "mysql://x/y", lambda: environment.read_database("DATABASE_URL", "sqlite:///x")),
        ("EMAIL_URL", "mail.example.com", lambda: environment.read_mail_relay("EMAIL_URL")),
    ],
)
def test_nonsense_is_refused_with_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Any
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        read()


def test_a_relay_address_becomes_mail_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://ada:s%2Fecret@mail.example.com:587")
    relay = environment.read_mail_relay("EMAIL_URL")
    assert relay is not None
    assert (relay["EMAIL_HOST"], relay["EMAIL_PORT"], relay["EMAIL_USE_TLS"]) == ("mail.example.com", 587, True)
    assert (relay["EMAIL_HOST_USER"], relay["EMAIL_HOST_PASSWORD"]) == ("ada", "s/ecret")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+ssl"])
def test_both_names_of_tls_from_the_first_byte_mean_it(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("EMAIL_URL", f"{scheme}://mail.example.com:465")
    relay = environment.read_mail_relay("EMAIL_URL")
    assert relay is not None
    assert relay["EMAIL_USE_SSL"] is True
    assert not relay.get("EMAIL_USE_TLS")


def test_the_generated_key_stays_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = kept_secret_key(tmp_path / "data")
    assert len(first) >= 50
    assert kept_secret_key(tmp_path / "data") == first
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers(client: Client) -> None:
    headers = client.get("/console/sign-in").headers
    policy = headers["Content-Security-Policy"]
    for directive in ("script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
