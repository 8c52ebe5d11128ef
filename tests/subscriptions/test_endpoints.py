"""Addresses of web hooks, chats and telephones: what is taken, and the sentence for what is not."""

import socket
from typing import Any

import pytest

from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.endpoints import EndpointUnreachable, EndpointUnusable, clean_endpoint

UNREACHABLE = "This address is not reachable from the public internet."
ONLY_HTTPS = "Only https:// addresses up to 2,048 characters."


@pytest.fixture(autouse=True)
def public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve to a public address, as they would with a name server; numbers stay what they are."""
    asked = socket.getaddrinfo

    def answering(host: str, port: int, *arguments: Any, flags: int = 0, **options: Any) -> Any:
        if flags & socket.AI_NUMERICHOST or host in {"localhost", "nowhere.invalid"}:
            return asked(host, port, *arguments, flags=flags, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answering)


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("webhook", " https://Hooks.Example.com/in?key=A#x ", "https://hooks.example.com/in?key=A"),
        ("webhook", "https://hooks.example.com:8443", "https://hooks.example.com:8443/"),
        ("webhook", "https://Straße.example.com:8443/ü", "https://xn--strae-oqa.example.com:8443/ü"),
        ("slack", "https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack.com/services/T0/B0/x"),
        ("discord", "https://discord.com/api/webhooks/1/x", "https://discord.com/api/webhooks/1/x"),
        ("discord", "https://ptb.discord.com/api/v10/webhooks/1/x", "https://ptb.discord.com/api/v10/webhooks/1/x"),
        (
            "google_chat",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k",
        ),
        ("teams", "https://prod-1.westeurope.logic.azure.com:443/w", "https://prod-1.westeurope.logic.azure.com:443/w"),
        ("mattermost", "https://chat.example.org/hooks/x", "https://chat.example.org/hooks/x"),
        ("telegram", "https://t.me/Acme_Status", "@acme_status"),
        ("telegram", "-1001234567890", "-1001234567890"),
        ("sms", "00 44 (7700) 900-123", "+447700900123"),
    ],
)
def test_an_address_is_kept_in_one_spelling(channel: str, typed: str, kept: str) -> None:
    assert clean_endpoint(channel, typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://169.254.169.254/",
        "https://[::ffff:7f00:1]/",
        "https://127.0.0.1",
        "https://127.1/",
        "https://2130706433/",
        "https://localhost/",
        "https://nowhere.invalid/",
        "https://8.8.8.8:6379/",
        "https://10.0.0.1/",
        "https://[fd00:ec2::254]/",
        "https://１２７.0.0.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://ü/",
        "https://ü.example.com:99999/",
    ],
)
@pytest.mark.parametrize("channel", ["webhook", "slack", "mattermost"])
def test_what_is_not_public_has_one_sentence(channel: str, typed: str) -> None:
    with pytest.raises(EndpointUnreachable) as refusal:
        clean_endpoint(channel, typed)
    assert refusal.value.sentence == UNREACHABLE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "http://hooks.example.com/",
        "https://",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/" + "x" * 2_048,
        "https://[::1/",
    ],
)
def test_what_is_no_https_address_has_one_sentence(typed: str) -> None:
    with pytest.raises(EndpointUnusable) as refusal:
        clean_endpoint("webhook", typed)
    assert refusal.value.sentence == ONLY_HTTPS


@pytest.mark.parametrize("channel", ["slack", "discord", "google_chat"])
def test_a_product_with_a_host_of_its_own_is_asked_only_there(channel: str) -> None:
    with pytest.raises(EndpointUnusable, match="it begins with https://"):
        clean_endpoint(channel, "https://hooks.example.com/services/T0")


def test_a_password_in_the_address_is_refused() -> None:
    with pytest.raises(EndpointUnusable, match="name or password"):
        clean_endpoint("webhook", "https://ada:secret@hooks.example.com/")


def test_what_the_operator_opened_may_be_anything(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
    assert clean_endpoint("slack", "http://127.0.0.1:9999/x") == "http://127.0.0.1:9999/x"
    with pytest.raises(EndpointUnreachable):
        clean_endpoint("webhook", "http://127.0.0.2:9999/x")
    with pytest.raises(EndpointUnusable):
        clean_endpoint("webhook", "http://hooks.example.com/x")


@pytest.mark.parametrize("typed", ["", "900123", "+0123456789", "+44 7700 900123 9999 9999", "+44x", "٤٤٧٧٠٠٩٠٠١٢٣"])
def test_a_number_without_a_country_is_refused(typed: str) -> None:
    with pytest.raises(EndpointUnusable, match="country code"):
        clean_endpoint(ChannelKind.SMS, typed)


@pytest.mark.parametrize("typed", ["", "@a", "acme status", "@аcme_status", "12", "@acme/../x"])
def test_a_chat_without_a_name_or_number_is_refused(typed: str) -> None:
    with pytest.raises(EndpointUnusable, match="name of a channel"):
        clean_endpoint(ChannelKind.TELEGRAM, typed)
