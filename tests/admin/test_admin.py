"""Django's admin: the verbs for those who live there, rows to look at for everything else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from incidents.console.admin.read_only import ReadOnlyAdmin
from incidents.lib.clock import now
from incidents.staff.models import ApiToken
from incidents.timeline.models import Component, Event, Incident, IncidentTemplate, Page
from tests.build import (
    PASSWORD,
    make_component,
    make_incident,
    make_maintenance,
    make_member,
    make_outsider,
    make_page,
    make_staff,
    minutes,
)

EDITABLE = {"user", "group", "incidenttemplate"}
INCIDENTS, COMPONENTS = "/admin/incidents/incident/", "/admin/incidents/component/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - minutes(100))


@pytest.fixture
def ada() -> Client:
    client = Client()
    client.force_login(make_staff())
    return client


def post_update(client: Client, *incidents: Incident, **said: str) -> int:
    chosen = {"action": "post_update", "_selected_action": [incident.pk for incident in incidents]}
    return client.post(INCIDENTS, {**chosen, **said}).status_code


def test_only_accounts_and_templates_can_be_changed(ada: Client) -> None:
    for model, registered in admin.site._registry.items():
        name = model._meta.model_name
        assert isinstance(registered, ReadOnlyAdmin) or name in EDITABLE, name
        listed = ada.get(f"/admin/{model._meta.app_label}/{name}/")
        assert listed.status_code == 200, name
        added = ada.get(f"/admin/{model._meta.app_label}/{name}/add/").status_code
        assert added == (200 if name in EDITABLE else 403), name


def test_rows_can_be_looked_at_but_not_changed_or_deleted(ada: Client, page: Page) -> None:
    incident, api = make_incident(page, at=now()), make_component(page)
    for row, base in ((incident, INCIDENTS), (api, COMPONENTS)):
        assert ada.get(f"{base}{row.pk}/change/").status_code == 200
        assert ada.post(f"{base}{row.pk}/change/", {"title": "x", "name": "x"}).status_code == 403
        assert ada.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert (Incident.objects.count(), Component.objects.count()) == (1, 1)


def test_post_update_asks_and_then_calls_the_verb_as_the_person(ada: Client, page: Page) -> None:
    first, second = make_incident(page, at=now()), make_incident(page, at=now(), title="Another")
    asked = ada.post(INCIDENTS, {"action": "post_update", "_selected_action": [first.pk, second.pk]})
    assert asked.status_code == 200
    assert "Another" in asked.content.decode()
    assert first.updates.count() == 1
    said = {"body": "We found it.", "phase": "identified", "notify": "on", "said": "Post update", "request_key": "k1"}
    for _ in range(2):
        assert post_update(ada, first, second, **said) == 302
    for incident in (first, second):
        incident.refresh_from_db()
        update = incident.updates.newest_first()[0]
        assert (incident.phase.slug, update.author_name, incident.updates.count()) == ("identified", "ada", 2)
    assert Event.objects.filter(kind="incident.updated", actor__username="ada").count() == 2


def test_resolving_there_returns_the_components(ada: Client, page: Page) -> None:
    api = make_component(page)
    incident = make_incident(page, at=now(), components={api: "partial_outage"})
    post_update(ada, incident, body="Over.", phase="resolved", said="Post update")
    api.refresh_from_db()
    incident.refresh_from_db()
    assert (incident.is_open, api.status) == (False, "operational")


@pytest.mark.parametrize("bad", [{"body": ""}, {"body": "x", "phase": "nonsense"}, {"body": "x" * 25_001}])
def test_what_the_verb_refuses_is_said_and_changes_nothing(ada: Client, page: Page, bad: dict[str, str]) -> None:
    incident = make_incident(page, at=now())
    before = Event.objects.count()
    chosen = {"action": "post_update", "_selected_action": [incident.pk], "said": "Post update"}
    answer = ada.post(INCIDENTS, {**chosen, **bad}, follow=True)
    assert 'class="error' in answer.content.decode()
    assert Event.objects.count() == before


def test_a_maintenance_keeps_its_own_verbs(ada: Client, page: Page) -> None:
    maintenance = make_maintenance(page, at=now())
    post_update(ada, maintenance, body="Done.", phase="completed", said="Post update")
    assert maintenance.updates.count() == 1
    post_update(ada, maintenance, body="We look forward to it.", said="Post update")
    assert maintenance.updates.count() == 2


def test_set_status_asks_and_then_calls_the_verb(ada: Client, page: Page) -> None:
    api = make_component(page)
    chosen = {"action": "set_status", "_selected_action": [api.pk]}
    assert ada.post(COMPONENTS, chosen).status_code == 200
    assert ada.post(COMPONENTS, {**chosen, "said": "Set status", "status": "on_fire"}).status_code == 422
    assert not api.status_changes.exists()
    assert ada.post(COMPONENTS, {**chosen, "said": "Set status", "status": "major_outage"}).status_code == 302
    change = api.status_changes.get()
    assert (change.new, change.by_name) == ("major_outage", "ada")


def test_it_is_for_superusers_only(page: Page) -> None:
    incident, api = make_incident(page, at=now()), make_component(page)
    client = Client()
    assert client.get(INCIDENTS).status_code == 302
    for user in (make_outsider(), make_member(None, "owner", name="olga")):
        client.force_login(user)
        assert client.get(INCIDENTS).status_code == 302
        post_update(client, incident, body="x", said="Post update")
        chosen = {"action": "set_status", "_selected_action": [api.pk], "said": "x", "status": "major_outage"}
        client.post(COMPONENTS, chosen)
    assert incident.updates.count() == 1
    assert not api.status_changes.exists()


def test_what_is_changed_there_stands_in_the_history_of_the_pages(ada: Client, page: Page) -> None:
    eve = make_outsider()
    said = {"username": "eve", "first_name": "Eva", "email": "eve@example.com", "is_active": "on"}
    stamps = {"date_joined_0": "2026-11-21", "date_joined_1": "12:00:00"}
    assert ada.post(f"/admin/auth/user/{eve.pk}/change/", {**said, **stamps}).status_code == 302
    event = page.events.get(kind="account.changed")
    assert (event.actor_name, event.payload["title"]) == ("ada", "eve")
    assert PASSWORD not in str(event.payload)


def test_nobody_sets_the_password_of_another(ada: Client, page: Page) -> None:
    eve = make_outsider()
    said = {"password1": "nine lives have cats", "password2": "nine lives have cats", "usable_password": "true"}
    assert ada.post(f"/admin/auth/user/{eve.pk}/password/", said).status_code == 403
    eve.refresh_from_db()
    assert eve.check_password(PASSWORD)


def test_a_lost_phone_is_helped_and_noted(ada: Client, page: Page) -> None:
    eve = make_outsider()
    TOTP.activate(eve, generate_totp_secret())
    ada.post("/admin/auth/user/", {"action": "switch_off_second_factors", "_selected_action": [eve.pk]})
    assert not Authenticator.objects.exists()
    assert page.events.filter(kind="account.second_factors_removed").count() == 1


def test_no_secret_of_a_token_or_an_invitation_is_shown(ada: Client, page: Page) -> None:
    token, _text = ApiToken.make(
        page=page, name="x", scopes=["page:read"], expires_at=None, by=User.objects.get(username="ada"), at=now()
    )
    assert token.digest not in ada.get(f"/admin/incidents/apitoken/{token.pk}/change/").content.decode()


def test_templates_are_kept_through_their_verb(ada: Client, page: Page) -> None:
    base = "/admin/incidents/incidenttemplate/"
    said = {"page": page.pk, "name": "API errors", "kind": "incident", "title": "", "body": "Some fail.", "phase": ""}
    assert ada.post(f"{base}add/", said).status_code == 302
    template = IncidentTemplate.objects.get()
    api = make_component(page)
    IncidentTemplate.keep(
        page=page, template=template, name="API errors", body="x", components={api: "major_outage"}, by="t", at=now()
    )
    assert ada.post(f"{base}{template.pk}/change/", {**said, "body": "Many fail."}).status_code == 302
    template.refresh_from_db()
    assert (template.body, template.component_states()) == ("Many fail.", {api: "major_outage"})
    assert Event.objects.filter(kind="template.edited", actor__username="ada").count() == 1
    assert ada.post(f"{base}{template.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Event.objects.filter(kind="template.removed").count() == 1


def test_bad_templates_are_said_at_the_field(ada: Client, page: Page) -> None:
    base = "/admin/incidents/incidenttemplate/"
    other = make_page(name="Other", host="other.example", at=page.created_at)
    said = {"page": page.pk, "name": "API errors", "kind": "incident", "title": "", "body": "Some fail.", "phase": ""}
    foreign = other.phases.get(slug="identified").pk
    for bad in ({"name": "\u200b"}, {"body": "\u200b"}, {"phase": foreign}, {"kind": "party"}, {"body": "x" * 25_001}):
        assert ada.post(f"{base}add/", {**said, **bad}).status_code == 200, bad
    assert not IncidentTemplate.objects.exists()
