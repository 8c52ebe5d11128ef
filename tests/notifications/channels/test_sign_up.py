"""Signing up over HTTP: a web hook echoes a challenge, a chat gets a link, a telephone too."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import Delivery, MailKind
from incidents.notifications.posting import post_due
from incidents.subscriptions.models import Subscriber, SubscriberState, SubscriptionRequest
from tests.build import EVERYTHING, make_page
from tests.notifications.channels.building import make_news
from tests.servers.hooks import HookServer, Reply

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

LINK = re.compile(r"https?://[^\s\"<>|\\]+/subscribe/[^\s\"<>|\\]+")


def sign_up(channel: str, address: str, **fields: Any) -> SubscriptionRequest:
    return SubscriptionRequest.ask(
        page=make_page(), channel=channel, address=address, wish=EVERYTHING, client="192.0.2.7", at=now(), **fields
    )


def echoing(hooks: HookServer, path: str, form: Callable[[str], bytes]) -> str:
    """Answer `path` with the challenge of what came last, in a form."""

    def raw(conversation: Any) -> None:
        body = form(json.loads(hooks.taken[-1].body)["challenge"])
        conversation.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    return hooks.answer(path, Reply(raw=raw))


@pytest.mark.parametrize(
    "form", [lambda word: word.encode(), lambda word: json.dumps({"challenge": word, "ok": True}).encode()]
)
def test_a_web_hook_that_echoes_the_challenge_is_confirmed(hooks: HookServer, form: Callable[[str], bytes]) -> None:
    request = sign_up("webhook", echoing(hooks, "/a", form), contact_email="owner@example.com")
    post_due()
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.contact_email) == (SubscriberState.ACTIVE, "owner@example.com")
    asked = json.loads(hooks.taken[0].body)
    assert (asked["type"], asked["challenge"]) == ("endpoint.challenge", request.challenge)
    told = Delivery.objects.get(kind=MailKind.MANAGE_LINK)
    assert (told.channel, told.address) == ("email", "owner@example.com")
    make_news(subscriber.page)
    post_due()
    assert "incident" in json.loads(hooks.taken[-1].body)


@pytest.mark.parametrize("body", [b"ok", b"", b'{"challenge": "something else"}', b"x" * 70_000])
def test_a_web_hook_that_only_says_yes_is_not_confirmed(hooks: HookServer, body: bytes) -> None:
    sign_up("webhook", hooks.answer("/a", Reply(body=body)), contact_email="owner@example.com")
    post_due()
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    assert Delivery.objects.get().state == "sent"
    make_news(Subscriber.objects.get().page)
    post_due()
    assert len(hooks.taken) == 1


def test_the_link_in_the_challenge_confirms_as_well(hooks: HookServer, client: Client) -> None:
    sign_up("webhook", hooks.answer("/a", Reply()), contact_email="owner@example.com")
    post_due()
    press(client, json.loads(hooks.taken[0].body)["confirm_url"])
    assert Subscriber.objects.get().state == SubscriberState.ACTIVE


@pytest.mark.parametrize(
    ("channel", "address", "path"),
    [
        ("slack", "/slack", "/slack"),
        ("teams", "/teams", "/teams"),
        ("discord", "/discord", "/discord"),
        ("google_chat", "/google", "/google"),
        ("mattermost", "/mattermost", "/mattermost"),
        ("telegram", "-100123456", "/bot123:token/sendMessage"),
        ("sms", "+15550123456", "/2010-04-01/Accounts/ACaccount/Messages.json"),
    ],
)
def test_a_chat_is_confirmed_by_the_link_it_was_sent(
    channel: str, address: str, path: str, hooks: HookServer, client: Client
) -> None:
    hooks.answer(path, Reply(200, b'{"ok":true,"status":"queued"}'))
    sign_up(channel, f"{hooks.url}{address}" if address.startswith("/") else address)
    post_due()
    (taken,) = hooks.at(path)
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    press(client, link_in(taken.body))
    assert Subscriber.objects.get().state == SubscriberState.ACTIVE


def link_in(body: bytes) -> str:
    """Return the first link to confirm in a message, however it is packed."""
    text = body.decode()
    if not text.startswith("{"):
        form = dict(part.split("=", 1) for part in text.split("&"))
        text = unquote_plus(form["Body"])
    found = LINK.search(text)
    assert found, text
    return found[0]


def press(client: Client, link: str) -> None:
    """Open the link and press its button."""
    path = re.sub(r"^https?://[^/]+", "", link)
    assert client.get(path).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    assert client.post(path).status_code in {200, 302, 303}


def test_a_second_request_within_minutes_posts_nothing_more(hooks: HookServer) -> None:
    request = sign_up("slack", f"{hooks.url}/slack")
    for _ in range(3):
        SubscriptionRequest.ask(
            page=request.subscriber.page,
            channel="slack",
            address=request.subscriber.address,
            wish=EVERYTHING,
            client="192.0.2.8",
            at=now(),
        )
    post_due()
    assert len(hooks.taken) == 1
