"""The page behind the unsubscribe link, and the one-click request of mail programs (RFC 8058)."""

import pytest
from django.test import Client

from incidents.subscriptions.links import manage_path, unsubscribe_path
from incidents.subscriptions.models import Subscriber, SubscriberState
from tests.build import NOON, make_incident, make_page, make_subscriber

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def test_x05_opening_the_link_shows_a_button_and_changes_nothing(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    path = unsubscribe_path(subscriber)
    shown = client.get(path, headers={"sec-purpose": "prefetch"}).content.decode()
    client.head(path)
    client.options(path)
    assert "Unsubscribe from all" in shown
    assert Subscriber.objects.get().is_active


def test_the_button_unsubscribes(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    response = client.post(unsubscribe_path(subscriber), {"confirm": "all"})
    assert "You are unsubscribed" in response.content.decode()
    assert not Subscriber.objects.get().is_active


def test_whoever_leaves_with_a_chat_reads_of_messages(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    Subscriber.objects.update(channel="slack", address="https://hooks.slack.com/services/T/B/x")
    path = unsubscribe_path(subscriber)
    assert "Stop all messages from" in client.get(path).content.decode()
    assert "gets no more messages from" in client.post(path, {"confirm": "all"}).content.decode()


def test_x05_one_click_needs_no_cookie_and_no_token_of_a_form() -> None:
    strict = Client(enforce_csrf_checks=True)
    subscriber = make_subscriber(make_page())
    response = strict.post(unsubscribe_path(subscriber), b"List-Unsubscribe=One-Click", content_type=FORM)
    assert response.status_code == 200
    assert response.content == b""
    assert not Subscriber.objects.get().is_active


def test_one_click_again_is_answered_200_and_changes_nothing(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    path = unsubscribe_path(subscriber)
    client.post(path, b"List-Unsubscribe=One-Click", content_type=FORM)
    left_at = Subscriber.objects.get().left_at
    assert client.post(path, b"List-Unsubscribe=One-Click", content_type=FORM).status_code == 200
    assert Subscriber.objects.get().left_at == left_at


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", FORM), (b"List-Unsubscribe=Two-Clicks", FORM), (b'{"List-Unsubscribe": "One-Click"}', "application/json")],
)
def test_a_post_of_anything_else_shows_the_form(client: Client, body: bytes, content_type: str) -> None:
    subscriber = make_subscriber(make_page())
    response = client.post(unsubscribe_path(subscriber), body, content_type=content_type)
    assert response.status_code == 200
    assert "Unsubscribe from all" in response.content.decode()
    assert Subscriber.objects.get().is_active


def test_one_incident_can_be_left_alone(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page)
    path = f"{unsubscribe_path(subscriber)}?incident={incident.code}"
    assert "Leave this incident" in client.get(path).content.decode()
    client.post(path, {"confirm": "incident"})
    assert Subscriber.objects.get().is_active
    assert [muted.incident for muted in subscriber.muted.all()] == [incident]


def test_an_incident_of_nowhere_is_refused(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    for code in ("nothing", "\x00", "é"):
        response = client.post(f"{unsubscribe_path(subscriber)}?incident={code}", {"confirm": "incident"})
        assert response.status_code == 410
    assert not subscriber.muted.exists()


def test_a_manage_token_does_not_unsubscribe(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    token = manage_path(subscriber).rsplit("/", 1)[1]
    response = client.post(f"/unsubscribe/{token}", b"List-Unsubscribe=One-Click", content_type=FORM)
    assert response.status_code == 410
    assert Subscriber.objects.get().is_active


def test_a_deleted_subscriber_is_not_subscribed(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    path = unsubscribe_path(subscriber)
    subscriber.delete()
    response = client.get(path)
    assert response.status_code == 200
    assert "You are not subscribed." in response.content.decode()


@pytest.mark.parametrize("fields", [{"List-Unsubscribe": "One-Click"}, {"confirm": "all"}])
def test_who_was_switched_off_can_leave_and_is_not_switched_on_again(client: Client, fields: dict[str, str]) -> None:
    subscriber = make_subscriber(make_page())
    subscriber.disable(reason="552 5.2.2 mailbox full", at=NOON)
    assert "Unsubscribe from all" in client.get(unsubscribe_path(subscriber)).content.decode()
    assert client.post(unsubscribe_path(subscriber), fields).status_code == 200
    subscriber.reactivate(at=NOON, by="ada")
    assert Subscriber.objects.get().state == SubscriberState.LEFT


def test_who_was_switched_off_can_leave_one_incident(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page)
    subscriber.disable(reason="552 5.2.2 mailbox full", at=NOON)
    client.post(f"{unsubscribe_path(subscriber)}?incident={incident.code}", {"confirm": "incident"})
    subscriber.reactivate(at=NOON, by="ada")
    assert subscriber.is_active
    assert [muted.incident for muted in subscriber.muted.all()] == [incident]
