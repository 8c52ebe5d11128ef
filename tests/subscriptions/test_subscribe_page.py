"""The page /subscribe."""

import re
from typing import Any

import pytest
from django.test import Client

from incidents.notifications.models import Delivery
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from tests.build import NOON, make_component, make_group, make_incident, make_page, make_subscriber, minutes
from tests.periods import well_within

pytestmark = pytest.mark.django_db


def test_the_form_is_shown_without_a_cookie(client: Client) -> None:
    make_page()
    response = client.get("/subscribe")
    page = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert 'autocomplete="email"' in page
    assert 'inputmode="email"' in page
    assert "http://testserver/history.atom" in page


def test_nothing_is_explained_that_is_not_offered(client: Client, settings: Any) -> None:
    make_page()
    page = client.get("/subscribe").content.decode()
    # The word: in the signature of the stamp the letters come about by chance.
    assert not re.search(r"\bSMS\b", page)
    assert "Telegram" not in page
    settings.TELEGRAM_BOT_TOKEN, settings.SMS_ACCOUNT = "1:a", "AC1"
    page = client.get("/subscribe").content.decode()
    assert "For SMS a number" in page
    assert "For Telegram @channel" in page


def test_looking_changes_nothing(client: Client) -> None:
    make_page()
    client.get("/subscribe?email=sam@example.com&what=page")
    client.head("/subscribe")
    assert not Subscriber.objects.exists()


def test_an_address_is_sent_a_link(client: Client) -> None:
    make_page()
    response = client.post("/subscribe", {"email": " sam@example.com ", "what": "page"})
    assert response.status_code == 202
    assert 'We sent a link to <strong dir="ltr">sam@example.com</strong>' in response.content.decode()
    assert Delivery.objects.get().address == "sam@example.com"


def test_components_and_whole_groups_can_be_chosen(client: Client) -> None:
    page = make_page()
    group = make_group(page)
    api = make_component(page, group=group)
    hooks = make_component(page, name="Webhooks", group=group)
    web = make_component(page, name="Web")
    fields = {"email": "sam@example.com", "what": "components", "components": [web.code], "groups": [group.code]}
    assert client.post("/subscribe", fields).status_code == 202
    assert set(SubscriptionRequest.objects.get().wanted["components"]) == {api.code, hooks.code, web.code}


def test_one_incident_can_be_chosen(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    address = f"/subscribe?incident={incident.code}"
    assert "Only this incident: Elevated error rates on the API" in client.get(address).content.decode()
    client.post(address, {"email": "sam@example.com", "what": "incident"})
    assert SubscriptionRequest.objects.get().wanted["incident"] == incident.code


def test_an_incident_that_is_over_is_said_to_be(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    shown = client.get(f"/subscribe?incident={incident.code}").content.decode()
    assert "is over; there is nothing left to hear about it" in shown
    assert "Only this incident" not in shown


def test_the_answer_is_the_same_for_known_and_unknown_addresses(client: Client) -> None:
    page = make_page()
    make_subscriber(page, email="known@example.com")
    make_subscriber(page, email="left1@example.com").leave(at=NOON)
    answers = {
        name: client.post("/subscribe", {"email": f"{name}@example.com", "what": "page"})
        for name in ("known", "left1", "fresh")
    }
    bodies = {answer.content.decode().replace(name, "x") for name, answer in answers.items()}
    assert len(bodies) == 1
    assert {answer.status_code for answer in answers.values()} == {202}


def test_every_problem_is_named_linked_to_its_field_and_the_input_kept(client: Client) -> None:
    page = make_page()
    make_component(page)
    response = client.post("/subscribe", {"email": "sam@example", "what": "components"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#email">This is not a complete e-mail address' in shown
    assert '<a href="#what">Choose at least one component, or everything.</a>' in shown
    assert 'value="sam@example"' in shown
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("code", ["-1", "1e9", "abc", "\x00", "é", "x" * 10_000])
def test_a_component_that_is_not_on_the_page_is_refused(client: Client, code: str) -> None:
    make_component(make_page())
    response = client.post("/subscribe", {"email": "sam@example.com", "what": "components", "components": [code]})
    assert response.status_code == 422
    assert "One of the chosen components does not exist any more." in response.content.decode()
    assert not Subscriber.objects.exists()


def test_a_component_hidden_removed_or_of_another_page_is_refused_alike(client: Client) -> None:
    page = make_page()
    make_component(page, name="Shown")
    other = make_page(name="Other", host="other.example.com")
    hidden = make_component(page, name="Hidden", visibility="staff")
    removed = make_component(page, name="Removed")
    removed.archive(by="test", at=NOON)
    for component in (hidden, removed, make_component(other)):
        fields = {"email": "sam@example.com", "what": "components", "components": [component.code]}
        shown = client.post("/subscribe", fields).content.decode()
        assert "One of the chosen components does not exist any more." in shown
        assert "Hidden" not in shown
    assert not Subscriber.objects.exists()


def test_ten_thousand_components_are_refused(client: Client) -> None:
    make_component(make_page())
    fields = {"email": "sam@example.com", "what": "components", "components": [f"c{n}" for n in range(900)]}
    assert client.post("/subscribe", fields).status_code == 422


def test_the_trap_swallows_a_robot_without_a_word(client: Client) -> None:
    make_page()
    fields = {"email": "sam@example.com", "what": "page", "website": "http://spam.example"}
    assert client.post("/subscribe", fields).status_code == 202
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"origin": "null"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_sent_from_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    make_page()
    response = client.post("/subscribe", {"email": "sam@example.com", "what": "page"}, headers=headers)
    assert response.status_code == 403
    assert "Reload the page and try again." in response.content.decode()
    assert not Subscriber.objects.exists()


def test_our_own_form_is_taken(client: Client) -> None:
    make_page()
    headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert client.post("/subscribe", {"email": "sam@example.com"}, headers=headers).status_code == 202


def test_too_many_requests_of_one_network_are_answered_429(client: Client) -> None:
    make_page()
    well_within(minutes(60))
    for number in range(10):
        client.post("/subscribe", {"email": f"a{number}@example.com", "what": "page"})
    response = client.post("/subscribe", {"email": "one.more@example.com", "what": "page"})
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "try again in an hour" in response.content.decode()


def test_the_proxy_s_word_counts_only_behind_a_proxy(client: Client, settings: Any) -> None:
    make_page()
    well_within(minutes(60))
    for number in range(11):
        fields = {"email": f"a{number}@example.com", "what": "page"}
        response = client.post("/subscribe", fields, headers={"x-forwarded-for": f"198.51.100.{number}"})
    assert response.status_code == 429
    settings.TRUSTED_PROXY_COUNT = 1
    headers = {"x-forwarded-for": "203.0.113.9, 198.51.100.77"}
    assert client.post("/subscribe", {"email": "b@example.com"}, headers=headers).status_code == 202


def test_without_a_page_there_is_nothing_to_subscribe_to(client: Client) -> None:
    assert client.get("/subscribe").status_code == 404


def test_other_methods_are_refused(client: Client) -> None:
    make_page()
    assert client.put("/subscribe").status_code == 405
