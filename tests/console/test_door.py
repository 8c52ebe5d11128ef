"""Who comes in, where they come out, and that nothing of it is stored."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from incidents.console import urls
from incidents.console.duties import FOR_PROGRAMS, OPEN_TO_ALL
from incidents.console.forms.sign_in import FAILED
from incidents.lib.clock import now
from incidents.timeline.models import Event, Page
from tests.build import (
    PASSWORD,
    make_component,
    make_incident,
    make_maintenance,
    make_member,
    make_outsider,
    make_page,
    make_staff,
)


def addresses() -> list[str]:
    """Return the address of every route, with made-up codes."""
    given: dict[str, Any] = {
        "code": "0123456789bc",
        "update": "0123456789bc",
        "number": 1,
        "name": "start",
        "channel": "email",
    }
    found = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name not in OPEN_TO_ALL | FOR_PROGRAMS:
            needed = {name: given[name] for name in pattern.pattern.converters}
            found.append(reverse(f"console:{pattern.name}", kwargs=needed))
    return found


@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_sign_in_and_others_are_refused(
    page: Page, client: Client, address: str, method: str
) -> None:
    stranger = getattr(client, method)(address)
    if stranger.status_code == 405:
        return
    if stranger.status_code == 401:
        assert "your text is kept" in stranger.content.decode()
    else:
        assert stranger.status_code == 302
        assert stranger.url.startswith("/console/sign-in?next=")
    client.force_login(make_outsider())
    refused = getattr(client, method)(address)
    assert refused.status_code == 403
    assert "is not on the staff" in refused.content.decode()


OF_SUBSCRIBERS = [address for address in addresses() if address.split("/")[2] in {"subscribers", "outbox"}]


@pytest.mark.parametrize("address", OF_SUBSCRIBERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_responders_do_not_see_subscribers(page: Page, client: Client, address: str, method: str) -> None:
    client.force_login(make_member(page, "responder"))
    answer = getattr(client, method)(address)
    if answer.status_code != 405:
        assert answer.status_code == 403
        assert "may not do this" in answer.content.decode()


def test_the_menu_names_only_what_may_be_seen(page: Page, ada: Client, client: Client) -> None:
    client.force_login(make_member(page, "responder"))
    for path in ("/console/", "/console/more"):
        assert "/console/subscribers" in ada.get(path).content.decode()
        assert "/console/subscribers" not in client.get(path).content.decode()


@pytest.mark.parametrize("address", addresses())
def test_reading_changes_nothing(page: Page, ada: Client, address: str) -> None:
    before = Event.objects.count()
    ada.get(address)
    assert Event.objects.count() == before


def test_staff_sign_in_and_land_on_now(page: Page, client: Client) -> None:
    make_staff()
    answer = client.post("/console/sign-in", {"username": "ada", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/console/")
    shown = client.get("/console/")
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]


def test_every_failure_reads_the_same(page: Page, client: Client) -> None:
    make_staff()
    make_outsider()
    tries = [("ada", "wrong"), ("eve", PASSWORD), ("nobody", PASSWORD), ("", "")]
    for name, password in tries:
        answer = client.post("/console/sign-in", {"username": name, "password": password})
        assert answer.status_code == 422
        assert answer.content.decode().count(FAILED) == 1
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/console/incidents/new", "/console/incidents/new"),
        ("/console/incidents?part=2", "/console/incidents?part=2"),
        ("/console/incidents/0123456789bc/updates", "/console/incidents/0123456789bc"),
        ("/console/incidents/0123456789bc/updates/preview", "/console/incidents/0123456789bc"),
        ("/console/groups", "/console/"),
        ("/console/sign-out", "/console/"),
        ("https://evil.example/console/", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("/\\evil.example", "/console/"),
        ("/admin/", "/admin/"),
        ("/console/../admin/", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("http://[", "/console/"),
    ],
)
def test_next_leads_to_screens_of_our_own_only(page: Page, client: Client, wanted: str, reached: str) -> None:
    make_staff()
    said = {"username": "ada", "password": PASSWORD, "next": wanted}
    assert client.post("/console/sign-in", said).url == reached


def test_signing_out_takes_a_post(page: Page, ada: Client) -> None:
    assert ada.get("/console/sign-out").status_code == 405
    assert ada.post("/console/sign-out").url == "/console/sign-in"
    assert ada.get("/console/").status_code == 302


def test_a_post_without_the_token_is_refused(page: Page) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_staff())
    refused = careful.post("/console/incidents", {"title": "x", "body": "y"})
    assert refused.status_code == 403
    assert "nothing was changed" in refused.content.decode()
    assert page.incidents.count() == 0


def test_objects_of_another_page_do_not_exist(page: Page, ada: Client) -> None:
    other = make_page(name="Other", host="other.example", at=page.created_at)
    incident, maintenance = make_incident(other, at=now()), make_maintenance(other, at=now())
    component = make_component(other)
    update = incident.updates.get()
    for address in (
        f"/console/incidents/{incident.code}",
        f"/console/incidents/{incident.code}/edit",
        f"/console/incidents/{incident.code}/postmortem",
        f"/console/incidents/{incident.code}/updates/{update.code}/edit",
        f"/console/maintenances/{maintenance.code}/window",
        f"/console/components/{component.code}",
    ):
        assert ada.get(address).status_code == 404, address
        assert ada.post(address, {"body": "x"}).status_code in (404, 405), address
    assert ada.post(f"/console/incidents/{incident.code}/updates", {"body": "x"}).status_code == 404


def test_another_page_can_be_chosen(page: Page, ada: Client) -> None:
    other = make_page(name="Other", host="other.example", at=page.created_at)
    incident = make_incident(other, at=now())
    assert ada.post("/console/page/choice", {"page": other.code}).status_code == 303
    assert ada.get(f"/console/incidents/{incident.code}").status_code == 200
    assert ada.post("/console/page/choice", {"page": "nothing"}).status_code == 404


def test_without_any_page_the_first_thing_is_to_add_one(ada: Client) -> None:
    assert ada.get("/console/").url == "/console/pages/new"
    said = {"name": "Acme", "time_zone": "Europe/Berlin", "host": ""}
    assert ada.post("/console/pages/new", {**said, "time_zone": "Mars/Base"}).status_code == 422
    assert Page.objects.count() == 0
    assert ada.post("/console/pages/new", said).status_code == 303
    assert Page.objects.get().time_zone == "Europe/Berlin"
