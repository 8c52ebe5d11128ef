"""The page on which a subscriber changes or ends the subscription."""

import pytest
from django.test import Client

from incidents.subscriptions.links import manage_path, request_link, unsubscribe_path
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.wishes import Wish
from tests.build import NOON, ask, make_component, make_incident, make_page, make_subscriber

pytestmark = pytest.mark.django_db


def test_the_present_choice_is_shown_ticked(client: Client) -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    subscriber = make_subscriber(page, wish=Wish(components=(api,)))
    shown = client.get(manage_path(subscriber)).content.decode()
    assert f'value="{api.code}" checked' in shown
    assert f'value="{web.code}"> <span>Web</span>' in shown
    assert '<input type="radio" name="what" value="components" checked>' in shown


def test_saving_changes_what_is_followed(client: Client) -> None:
    page = make_page()
    api = make_component(page)
    subscriber = make_subscriber(page)
    response = client.post(manage_path(subscriber), {"what": "components", "components": [api.code]}, follow=True)
    assert "Saved." in response.content.decode()
    assert subscriber.follows().components == (api,)
    client.post(manage_path(subscriber), {"what": "page"})
    assert subscriber.follows().is_everything


def test_a_hidden_component_cannot_be_followed(client: Client) -> None:
    page = make_page()
    make_component(page)
    hidden = make_component(page, name="Hidden", visibility="staff")
    subscriber = make_subscriber(page)
    response = client.post(manage_path(subscriber), {"what": "components", "components": [hidden.code]})
    assert response.status_code == 422
    assert subscriber.follows().is_everything


def test_choosing_nothing_is_refused(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    for fields in ({"what": "components"}, {"what": "incident"}, {"what": "nonsense"}):
        assert client.post(manage_path(subscriber), fields).status_code == 422
    assert subscriber.follows().is_everything


def test_an_incident_can_be_stopped(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page, wish=Wish(incident=incident))
    subscriber.choose(Wish(), at=NOON)
    assert incident.title in client.get(manage_path(subscriber)).content.decode()
    response = client.post(manage_path(subscriber), {"leave_incident": incident.code}, follow=True)
    assert incident.title not in response.content.decode()
    assert subscriber.follows().is_everything


def test_leaving_ends_it_and_kills_the_link(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    path = manage_path(subscriber)
    assert "You are unsubscribed" in client.post(path, {"leave": "all"}).content.decode()
    assert not Subscriber.objects.get().is_active
    response = client.get(path)
    assert response.status_code == 200
    assert "You are not subscribed." in response.content.decode()


def test_looking_changes_nothing(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    client.get(manage_path(subscriber), {"leave": "all", "what": "components"})
    client.head(manage_path(subscriber))
    assert Subscriber.objects.get().is_active


def test_an_unsubscribe_token_does_not_manage(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    token = unsubscribe_path(subscriber).rsplit("/", 1)[1]
    assert client.post(f"/subscription/{token}", {"leave": "all"}).status_code == 410
    assert Subscriber.objects.get().is_active


def test_an_incident_asked_for_is_offered_and_can_be_followed(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page, wish=Wish(components=(make_component(page),)))
    link = request_link(ask(page, wish=Wish(incident=incident), at=NOON)).removeprefix("http://testserver")
    assert "Hear about “Elevated error rates on the API” too" in client.get(link).content.decode()
    shown = client.post(link, {"follow_incident": incident.code}, follow=True).content.decode()
    assert "Saved." in shown
    assert subscriber.incidents_followed() == [incident]
    assert "too, until it is over" not in client.get(link).content.decode()


def test_an_incident_that_is_over_cannot_be_followed(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page)
    incident.resolve(body="Fixed.", by="test", at=NOON)
    for code in (incident.code, "nothing", "\x00"):
        assert client.post(manage_path(subscriber), {"follow_incident": code}).status_code == 410
    assert subscriber.incidents_followed() == []
