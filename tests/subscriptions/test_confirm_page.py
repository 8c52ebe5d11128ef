"""The page behind the link of a confirmation mail."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.subscriptions.models import Subscriber, SubscriberState
from incidents.subscriptions.tokens import MANAGE, make_token
from incidents.subscriptions.wishes import Wish
from tests.build import ask, make_component, make_page

pytestmark = pytest.mark.django_db


def test_opening_the_link_shows_one_button_and_changes_nothing(client: Client) -> None:
    page = make_page()
    request = ask(page, wish=Wish(components=(make_component(page),)), at=now())
    for method in (client.get, client.head, client.get):
        response = method(f"/subscribe/confirm/{request.token}")
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
    assert "will get mail about" in response.content.decode()
    assert Subscriber.objects.get().state == SubscriberState.PENDING


def test_the_button_confirms_and_may_be_pressed_twice(client: Client) -> None:
    request = ask(make_page(), at=now())
    for _ in range(2):
        response = client.post(f"/subscribe/confirm/{request.token}")
        assert response.status_code == 200
        assert "You are subscribed" in response.content.decode()
        assert 'gets mail from <span dir="auto">Acme</span> status from now on' in response.content.decode()
    assert Subscriber.objects.get().consents == 1
    assert "You are subscribed" in client.get(f"/subscribe/confirm/{request.token}").content.decode()


def test_a_link_older_than_two_days_says_so(client: Client) -> None:
    request = ask(make_page(), at=now() - timedelta(hours=49))
    for method in (client.get, client.post):
        response = method(f"/subscribe/confirm/{request.token}")
        assert response.status_code == 410
        assert "This link has expired: it works for 48 hours." in response.content.decode()
    assert Subscriber.objects.get().state == SubscriberState.PENDING


def test_a_broken_or_foreign_token_is_refused(client: Client) -> None:
    request = ask(make_page(), at=now())
    tokens = [request.token[:-1], request.token.upper(), "x", make_token(MANAGE, request.code), "\x00"]
    for token in tokens:
        assert client.post(f"/subscribe/confirm/{token}").status_code == 410
    assert Subscriber.objects.get().state == SubscriberState.PENDING


def test_components_that_have_gone_are_said_to_be(client: Client) -> None:
    page = make_page()
    component = make_component(page)
    request = ask(page, wish=Wish(components=(component,)), at=now())
    component.archive(by="test", at=now())
    for method in (client.get, client.post):
        response = method(f"/subscribe/confirm/{request.token}")
        assert response.status_code == 410
        assert "does not exist any more" in response.content.decode()
