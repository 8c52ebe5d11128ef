"""A session that ends while somebody writes: the text comes through the sign-in, and nothing is sent by itself."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from incidents.console.kept import REOPENED
from incidents.lib.clock import now
from incidents.timeline.models import Component, ComponentGroup, Event, Page
from tests.build import PASSWORD, make_component, make_incident, make_maintenance, make_page, make_staff
from tests.console.filling import fields_in, form_at

AGAIN = "/console/sign-in/again"
TYPED = "Twenty minutes of careful words."


def sign_in(client: Client, answer: Any, *, password: str = PASSWORD) -> Any:
    """Fill in the sign-in form of an answer as a browser does."""
    form = fields_in(answer, action="/console/sign-in")
    return client.post("/console/sign-in", {**form, "username": "ada", "password": password})


def test_the_text_of_an_update_survives_the_sign_in(page: Page, ada: Client) -> None:
    incident = make_incident(page, at=now())
    form = form_at(ada, f"/console/incidents/{incident.code}", action=f"/console/incidents/{incident.code}/updates")
    typed = {**form, "body": TYPED, "phase": "identified", "csrfmiddlewaretoken": "token", "password": "secret"}
    ada.logout()
    door = ada.post(f"/console/incidents/{incident.code}/updates", typed)
    assert door.status_code == 401
    assert "no-store" in door["Cache-Control"]
    mistyped = sign_in(ada, door, password="wrong")
    assert mistyped.status_code == 422
    assert sign_in(ada, mistyped).url == AGAIN
    shown = ada.get(AGAIN)
    assert shown.status_code == 200
    assert "Nothing was sent yet" in shown.content.decode()
    again = fields_in(shown, action=f"/console/incidents/{incident.code}/updates")
    assert (again["body"], again["phase"], again["request_key"]) == (TYPED, "identified", form["request_key"])
    assert incident.updates.count() == 1
    assert ada.post(f"/console/incidents/{incident.code}/updates", again).status_code == 303
    assert incident.updates.newest_first()[0].body == TYPED
    assert ada.get(AGAIN).url == "/console/"


def test_the_text_comes_back_on_the_page_it_was_written_for(page: Page, ada: Client) -> None:
    other = make_page(name="Other", host="other.example", at=page.created_at)
    incident = make_incident(other, at=now())
    ada.logout()
    sign_in(ada, ada.post(f"/console/incidents/{incident.code}/updates", {"body": TYPED}))
    assert TYPED in ada.get(AGAIN).content.decode()


def test_a_report_and_a_postmortem_survive_too(page: Page, ada: Client) -> None:
    incident = make_incident(page, at=now())
    for address, field in (
        ("/console/incidents", "body"),
        ("/console/incidents/preview", "body"),
        (f"/console/incidents/{incident.code}/postmortem", "draft"),
        (f"/console/incidents/{incident.code}/postmortem/publication", "draft"),
    ):
        ada.logout()
        sign_in(ada, ada.post(address, {field: TYPED}))
        assert TYPED in ada.get(AGAIN).content.decode(), address
    assert page.incidents.count() == 1


@pytest.mark.parametrize("name", sorted(REOPENED))
def test_nothing_kept_is_acted_on(page: Page, api: Component, ada: Client, name: str) -> None:
    incident = make_incident(page, at=now())
    maintenance = make_maintenance(page, at=now())
    group = ComponentGroup.add(page=page, name="Core", by="test", at=now())
    code = {"component": api, "group": group, "window": maintenance, "maintenance_step": maintenance}.get(
        name, incident
    )
    given = {"code": code.code, "update": incident.updates.get().code, "number": 1, "name": "cancel"}
    address = next(
        address
        for keys in ((), ("code",), ("code", "update"), ("number",), ("code", "number"), ("code", "name"))
        if (address := _reversed(name, {key: given[key] for key in keys}))
    )
    said = {
        "title": "T",
        "body": TYPED,
        "name": "N",
        "text": "T",
        "reason": "R",
        "label": "L",
        "canonical": "identified",
    }
    before = Event.objects.count()
    ada.logout()
    sign_in(
        ada,
        ada.post(address, {**said, "canonical": "identified", "draft": TYPED, "time_zone": "UTC", "kind": "incident"}),
    )
    assert ada.get(AGAIN).status_code in (200, 404)
    assert Event.objects.count() == before


def test_a_made_up_seal_is_ignored(page: Page, client: Client) -> None:
    make_staff()
    said = {"username": "ada", "password": PASSWORD, "kept": "eyJwYXRoIjoiLyJ9:x:y", "next": "/console/more"}
    assert client.post("/console/sign-in", said).url == "/console/more"


def test_what_holds_no_text_leads_to_its_screen(page: Page, client: Client) -> None:
    component = make_component(page)
    answer = client.post(f"/console/components/{component.code}/up")
    assert answer.status_code == 302
    assert answer.url == f"/console/sign-in?next=/console/components/{component.code}"


def _reversed(name: str, kwargs: dict[str, Any]) -> str:
    try:
        return reverse(f"console:{name}", kwargs=kwargs)
    except NoReverseMatch:
        return ""
