"""Search in the console."""

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_incident, make_member, make_outsider, make_subscriber, minutes


def found(client: Client, words: str) -> str:
    answer = client.get("/console/search", {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


def test_incidents_components_and_subscribers_are_found(ada: Client, page: Page, api: Component) -> None:
    make_incident(page, at=now() - minutes(20), title="Login fails")
    make_subscriber(page)
    assert "Login fails" in found(ada, "login")
    assert f"/console/components/{api.code}" in found(ada, "ap")
    assert "sam@example.com" in found(ada, "SAM@")


def test_nothing_found_is_said(ada: Client, page: Page) -> None:
    assert "Nothing has “<b>” in its name." in found(ada, "<b>").replace("&lt;", "<").replace("&gt;", ">")


def test_who_may_not_see_addresses_finds_none(page: Page) -> None:
    make_subscriber(page)
    client = Client()
    client.force_login(make_member(page, "responder"))
    assert "sam@" not in found(client, "sam").replace("“sam”", "")


def test_an_outsider_is_refused(page: Page) -> None:
    client = Client()
    client.force_login(make_outsider())
    assert client.get("/console/search", {"q": "a"}).status_code == 403
