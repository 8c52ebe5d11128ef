"""Drafts in the console: kept while typing, there on every device, and gone with what was published."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Draft, Event, HeldPost, Incident, Page
from tests.build import make_component, make_incident, make_maintenance, make_member, make_page, make_staff, minutes
from tests.console.filling import form_at, send

CODE = "bcdfghjkmnpq"


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def composed(client: Client, incident: Incident, **said: str) -> dict[str, str]:
    address = f"/console/incidents/{incident.code}"
    return {**form_at(client, address, action=f"{address}/updates"), **said}


def test_a_save_is_acknowledged_with_the_clock_of_the_server(ada: Client, incident: Incident) -> None:
    answer = ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    draft = Draft.objects.get()
    assert answer.status_code == 200
    assert "Draft saved <time" in answer.content.decode()
    assert f"{draft.saved_at:%H:%M:%S} UTC</time>" in answer.content.decode()
    assert (draft.incident, draft.text) == (incident, "We look")


def test_the_time_of_a_draft_is_told_in_the_zone_of_the_page(ada: Client, incident: Incident) -> None:
    incident.page.edit(time_zone="Asia/Tokyo", by="test", at=now())
    answer = ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    saved_at = Draft.objects.get().saved_at
    told = f'<time datetime="{saved_at:%Y-%m-%dT%H:%M:%SZ}">{saved_at + timedelta(hours=9):%H:%M:%S} JST</time>'
    assert told in answer.content.decode()


def test_another_device_and_another_person_find_the_same_text(ada: Client, incident: Incident) -> None:
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look", phase="identified"))
    bob = Client()
    bob.force_login(make_staff(name="bob"))
    form = composed(bob, incident)
    assert (form["body"], form["phase"]) == ("We look", "identified")


def test_it_survives_signing_out(ada: Client, incident: Incident) -> None:
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    ada.logout()
    again = Client()
    again.force_login(make_staff(name="again"))
    assert composed(again, incident)["body"] == "We look"


def test_now_lists_what_is_being_written_and_where_it_goes_on(ada: Client, page: Page) -> None:
    ada.post(f"/console/drafts/{CODE}", {"title": "Search is slow", "body": "We look"})
    screen = ada.get("/console/").content.decode()
    assert f"/console/incidents/new?draft={CODE}" in screen
    assert "Search is slow" in screen


def test_what_is_published_takes_its_draft_along(ada: Client, incident: Incident) -> None:
    form = composed(ada, incident, body="We look")
    ada.post(f"/console/drafts/{incident.code}", form)
    assert ada.post(f"/console/incidents/{incident.code}/updates", form).status_code == 303
    assert not Draft.objects.exists()


@pytest.mark.parametrize("hold_seconds", [0, 10])
def test_a_save_that_comes_after_its_form_was_published_keeps_nothing(
    ada: Client, incident: Incident, hold_seconds: int
) -> None:
    incident.page.edit(hold_seconds=hold_seconds, by="test", at=now())
    form = composed(ada, incident, body="We look")
    ada.post(f"/console/incidents/{incident.code}/updates", form)
    assert ada.post(f"/console/drafts/{incident.code}", form).status_code == 200
    assert not Draft.objects.exists()


def test_thrown_away_it_is_gone_and_history_has_the_text(ada: Client, incident: Incident) -> None:
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    answer = ada.post(f"/console/drafts/{incident.code}/removal")
    assert answer.status_code == 303
    assert not Draft.objects.exists()
    assert Event.objects.get(kind="draft.discarded").payload["text"] == "We look"


@pytest.mark.parametrize("code", ["short", "BCDFGHJKMNPQ", "bcdfghjkmnpqrst"])
def test_a_code_that_is_none_is_said_and_nothing_kept(ada: Client, page: Page, code: str) -> None:
    answer = ada.post(f"/console/drafts/{code}", {"body": "We look"})
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_too_long_a_text_is_said_and_what_was_kept_stays(ada: Client, page: Page) -> None:
    ada.post(f"/console/drafts/{CODE}", {"body": "We look"})
    answer = ada.post(f"/console/drafts/{CODE}", {"body": "x" * 250_001})
    assert (answer.status_code, "Not saved." in answer.content.decode()) == (422, True)
    assert Draft.objects.get().text == "We look"


def test_strangers_and_viewers_keep_nothing(page: Page) -> None:
    viewer, stranger = Client(), Client()
    viewer.force_login(make_member(page, "viewer", name="vera"))
    for client, status in ((viewer, 403), (stranger, 302)):
        assert client.post(f"/console/drafts/{CODE}", {"body": "We look"}).status_code == status
        assert client.post(f"/console/drafts/{CODE}/removal").status_code == status
    assert not Draft.objects.exists()


def test_the_draft_of_another_page_is_not_there(ada: Client, incident: Incident) -> None:
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    carl = Client()
    carl.force_login(make_member(make_page(name="Other", host="other.example"), "owner", name="carl"))
    assert carl.post(f"/console/drafts/{incident.code}/removal").status_code == 404
    assert "We look" not in carl.get("/console/").content.decode()
    assert Draft.objects.count() == 1


def test_a_draft_of_an_incident_is_not_offered_twice_on_now(ada: Client, incident: Incident) -> None:
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    screen = ada.get("/console/").content.decode()
    assert re.search(r">\s*We look</textarea>", screen)
    assert 'id="drafts"' not in screen


def test_drafts_of_the_last_days_are_there(ada: Client, page: Page) -> None:
    at = now() - timedelta(days=3)
    Draft.keep(page=page, code=CODE, fields={"title": ["Old"], "body": ["x"]}, by="bob", at=at)
    assert "Old" in ada.get("/console/").content.decode()


# Somebody who answers for other components


@pytest.fixture
def web(page: Page) -> Component:
    return make_component(page, name="Web")


@pytest.fixture
def bob(page: Page, web: Component) -> Client:
    """Bob answers for Web only."""
    client = Client()
    client.force_login(make_member(page, "editor", components=[web]))
    return client


@pytest.mark.parametrize("said", [{"body": "Mine now"}, {"body": " "}])
def test_the_draft_of_an_incident_about_other_components_is_not_theirs_to_change(
    ada: Client, bob: Client, incident: Incident, said: dict[str, str]
) -> None:
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    assert bob.post(f"/console/drafts/{incident.code}", said).status_code == 404
    assert bob.post(f"/console/drafts/{incident.code}/removal").status_code == 404
    draft = Draft.objects.get()
    assert (draft.text, draft.saved_by_name) == ("We look", "ada")
    assert not Event.objects.filter(kind="draft.discarded").exists()


@pytest.mark.parametrize("fields", [{"state_{}": ["major_outage"]}, {"components": ["{}"]}])
def test_a_report_or_a_plan_that_names_other_components_is_not_theirs_to_change(
    bob: Client, page: Page, api: Component, fields: dict[str, list[str]]
) -> None:
    named = {key.format(api.code): [value.format(api.code) for value in values] for key, values in fields.items()}
    Draft.keep(page=page, code=CODE, fields={"title": ["API"], "body": ["x"], **named}, by="ada", at=now())
    assert bob.post(f"/console/drafts/{CODE}", {"title": "Mine", "body": "Mine"}).status_code == 404
    assert bob.post(f"/console/drafts/{CODE}/removal").status_code == 404
    assert Draft.objects.get().title == "API"


def test_the_draft_of_a_step_about_other_components_is_not_theirs_to_change(
    bob: Client, page: Page, api: Component
) -> None:
    window = make_maintenance(page, at=now(), components=[api])
    fields = {"body": ["We begin."]}
    Draft.keep(page=page, code=CODE, fields=fields, incident=window, deed="start", by="ada", at=now())
    assert bob.post(f"/console/drafts/{CODE}", {"body": "Mine"}).status_code == 404
    assert bob.post(f"/console/drafts/{CODE}/removal").status_code == 404
    assert (Draft.objects.get().text, Draft.objects.get().incident_id) == ("We begin.", window.pk)


@pytest.mark.parametrize("hold_seconds", [0, 10])
@pytest.mark.parametrize("is_begun", [True, False])
def test_what_they_publish_ends_and_becomes_no_draft_of_others(
    ada: Client, bob: Client, incident: Incident, hold_seconds: int, is_begun: bool
) -> None:
    incident.page.edit(hold_seconds=hold_seconds, by="test", at=now())
    if is_begun:
        ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    new = "/console/incidents/new"
    answer = send(bob, new, "/console/incidents", title="Mine", body="Mine", draft=incident.code)
    assert answer.status_code == 404
    assert [draft.text for draft in Draft.objects.all()] == ["We look"] * is_begun
    assert (Incident.objects.count(), HeldPost.objects.count()) == (1, 0)


def test_their_own_components_are_theirs_to_write_about(ada: Client, bob: Client, page: Page, web: Component) -> None:
    slow = make_incident(page, at=now() - minutes(5), components={web: "partial_outage"})
    ada.post(f"/console/drafts/{slow.code}", composed(ada, slow, body="We look"))
    assert bob.post(f"/console/drafts/{slow.code}", composed(bob, slow, body="We look closer")).status_code == 200
    assert Draft.objects.get().text == "We look closer"
    assert bob.post(f"/console/drafts/{CODE}", {"title": "Web", f"state_{web.code}": "major_outage"}).status_code == 200
    assert bob.post(f"/console/drafts/{CODE}/removal").status_code == 303
    assert Draft.objects.get().incident == slow


def test_they_read_what_others_write_and_are_offered_nothing_that_is_refused(
    ada: Client, bob: Client, page: Page, incident: Incident, api: Component
) -> None:
    make_incident(page, at=now(), title="Another")
    ada.post(f"/console/drafts/{incident.code}", composed(ada, incident, body="We look"))
    now_screen, screen = (bob.get(to).content.decode() for to in ("/console/", f"/console/incidents/{incident.code}"))
    assert "We look" in now_screen
    assert "Throw away" not in now_screen
    assert "Throw away" in ada.get("/console/").content.decode()
    assert "those who answer for these post here" in screen
    for offered in ("<textarea", "Edit title and times", "Take off the page", "Take over command"):
        assert offered not in screen, offered
        assert offered in ada.get(f"/console/incidents/{incident.code}").content.decode(), offered
    assert "Report incident" in screen
