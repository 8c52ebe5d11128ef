"""Bad inputs of the console, each by the name of its row: said in words, the text kept, nothing changed."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Event, Incident, Page
from tests.build import (
    PASSWORD,
    make_component,
    make_group,
    make_incident,
    make_maintenance,
    make_page,
    make_staff,
    minutes,
)
from tests.console.filling import fields_in, form_at, send

REPORT, NEW = "/console/incidents", "/console/incidents/new"
BODY = "Some requests fail."


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def words(answer: Any) -> str:
    return str(answer.content.decode())


def post(ada: Client, incident: Incident, **said: Any) -> Any:
    address = f"/console/incidents/{incident.code}"
    return send(ada, address, f"{address}/updates", **{"body": BODY, **said})


def count() -> int:
    return Event.objects.count()


@pytest.mark.parametrize("title", ["", "   ", "\u200b", "\u2060\u200d", "\u202e"])
def test_b059_a_title_nobody_can_read_is_asked_for(page: Page, ada: Client, title: str) -> None:
    answer = send(ada, NEW, REPORT, title=title, body=BODY)
    assert answer.status_code == 422
    assert BODY in words(answer)
    assert not page.incidents.exists()


@pytest.mark.parametrize(
    "pasted", ["be\x00fore", "be\x1b[31mfore", "be\ufffefore", "be\x0bfore", "be\x07fore", "be\u202efore"]
)
def test_b061_b062_b063_what_nobody_can_see_does_not_reach_readers(
    ada: Client, incident: Incident, pasted: str
) -> None:
    assert post(ada, incident, body=pasted).status_code == 303
    assert incident.updates.newest_first()[0].body == "before"


@pytest.mark.parametrize("size", [25_001, 1_000_000])
def test_b065_a_text_that_is_too_long_is_kept_and_its_limit_named(ada: Client, incident: Incident, size: int) -> None:
    answer = post(ada, incident, body="x" * size)
    assert answer.status_code == 422
    assert "25,000" in words(answer) or "25000" in words(answer)
    assert "x" * size in words(answer)
    assert incident.updates.count() == 1


@pytest.mark.parametrize("text", ["[" * 10_000, "*a " * 8_000, "a|" * 8_000, "> " * 8_000])
def test_b065_b066_a_preview_of_hostile_markdown_does_not_freeze(ada: Client, incident: Incident, text: str) -> None:
    begun = time.process_time()
    answer = ada.post(f"/console/incidents/{incident.code}/updates/preview", {"body": text})
    assert answer.status_code in (200, 422)
    assert time.process_time() - begun < 2


def test_b069_pictures_of_elsewhere_are_not_fetched_by_readers(ada: Client, incident: Incident) -> None:
    post(ada, incident, body="![x](https://evil.example/px.gif)")
    assert "<img" not in incident.updates.newest_first()[0].html


def test_b071_an_unknown_variable_in_a_template_is_refused_and_the_nearest_named(page: Page, ada: Client) -> None:
    answer = send(ada, "/console/templates/new", "/console/templates", name="API errors", body="Fails: {compnents}.")
    assert answer.status_code == 422
    assert "{components}" in words(answer)
    assert not page.templates.exists()


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("be\x00fore", "Removed 1 invisible character."),
        ("be\x1b[31mfore\x1b[0m", "Removed 9 invisible characters."),
        ("be\u202efo\x07re", "Removed 2 invisible characters."),
        ("be\r\nfore", ""),
    ],
)
def test_b061_who_posts_is_told_what_was_taken_out(ada: Client, incident: Incident, pasted: str, sentence: str) -> None:
    post(ada, incident, body=pasted)
    shown = words(ada.get(f"/console/incidents/{incident.code}"))
    assert sentence in shown
    assert bool(sentence) == ("invisible character" in shown)


def test_b061_who_reports_or_edits_is_told_too(page: Page, ada: Client, incident: Incident) -> None:
    send(ada, NEW, REPORT, title="Pa\x07yments fail", body="We look.")
    assert "Removed 1 invisible character." in words(ada.get("/console/"))
    update = incident.updates.get()
    at = f"/console/incidents/{incident.code}/updates/{update.code}"
    assert send(ada, f"{at}/edit", body="Re\x1bworded.").status_code == 303
    assert "Removed 1 invisible character." in words(ada.get("/console/"))
    assert "invisible" not in words(ada.get("/console/")), "it is said once"


def test_b073_phases_may_be_skipped_and_gone_back_to(ada: Client, incident: Incident, api: Component) -> None:
    over = {"phase": "resolved", f"state_{api.code}": "operational", "states_for": "resolved"}
    assert post(ada, incident, body="Over.", **over).status_code == 303
    incident.refresh_from_db()
    assert not incident.is_open
    back = {"phase": "investigating", "states_for": "investigating", f"state_{api.code}": "partial_outage"}
    assert post(ada, incident, body="It is back.", **back).status_code == 303
    incident.refresh_from_db()
    assert (incident.phase.slug, incident.is_open) == ("investigating", True)
    assert incident.updates.newest_first()[0].body == "It is back."


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2030-01-01T12:00", "2030-01-01T11:00"),
        ("2001-01-01T12:00", "2001-01-01T13:00"),
        ("2030-01-01T12:00", "2040-01-01T12:00"),
    ],
)
def test_b075_a_window_nobody_means_is_refused_in_words(page: Page, ada: Client, starts: str, ends: str) -> None:
    said = {"title": "T", "body": "B", "starts_at": starts, "ends_at": ends}
    answer = send(ada, "/console/maintenances/new", "/console/maintenances", **said)
    assert answer.status_code == 422
    assert 'class="mistake"' in words(answer)
    assert not page.incidents.exists()


def test_b078_editing_says_that_mails_are_not_called_back(ada: Client, incident: Incident) -> None:
    update = incident.updates.get()
    shown = words(ada.get(f"/console/incidents/{incident.code}/updates/{update.code}/edit"))
    assert "mail" in shown.lower()


def test_b081_double_click_reload_and_back_make_one_update(ada: Client, incident: Incident) -> None:
    address = f"/console/incidents/{incident.code}"
    form = {**form_at(ada, address, action=f"{address}/updates"), "body": BODY}
    for _ in range(3):
        assert ada.post(f"{address}/updates", form).status_code == 303
    assert incident.updates.count() == 2


def test_b083_c26_c37_a_post_without_the_token_of_the_session_is_refused(page: Page, incident: Incident) -> None:
    ada = Client(enforce_csrf_checks=True)
    user = make_staff(name="grace")
    ada.force_login(user)
    address = f"/console/incidents/{incident.code}"
    other = Client(enforce_csrf_checks=True)
    other.get("/console/sign-in")
    token = other.cookies["csrftoken"].value
    for said in ({"body": BODY}, {"body": BODY, "csrfmiddlewaretoken": token}):
        answer = ada.post(f"{address}/updates", said)
        assert answer.status_code == 403
    assert incident.updates.count() == 1


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://testserver.evil.example"])
def test_c48_c19_a_post_from_elsewhere_is_refused(page: Page, incident: Incident, origin: str) -> None:
    ada = Client(enforce_csrf_checks=True)
    ada.force_login(make_staff(name="grace"))
    shown = ada.get(f"/console/incidents/{incident.code}")
    token = words(shown).split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    said = {"body": BODY, "csrfmiddlewaretoken": token}
    answer = ada.post(f"/console/incidents/{incident.code}/updates", said, headers={"Origin": origin})
    assert answer.status_code == 403
    assert incident.updates.count() == 1


def test_b085_a_name_that_is_taken_is_refused_and_a_thousand_components_work(
    page: Page, api: Component, ada: Client
) -> None:
    answer = send(ada, "/console/components/new", "/console/components", name="API")
    assert answer.status_code == 422
    assert page.components.count() == 1
    group = make_group(page)
    at = now()
    Component.objects.bulk_create(
        Component(page=page, group=group, name=f"Part {place}", position=place, created_at=at, updated_at=at)
        for place in range(1_000)
    )
    begun = time.process_time()
    assert ada.get("/console/components").status_code == 200
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("colour", ["red;}body{", "#12", "url(x)", "expression(1)", "#12345g"])
def test_b086_a_colour_that_is_none_is_refused_in_words(page: Page, ada: Client, colour: str) -> None:
    shown = form_at(ada, "/console/page/look")
    name = next(name for name in shown if "colour" in name or "accent" in name)
    answer = ada.post("/console/page/look", {**shown, name: colour})
    assert answer.status_code == 422
    assert "#" in words(answer)


def test_c41_what_names_a_thing_of_another_page_is_refused_and_changes_nothing(page: Page, ada: Client) -> None:
    other = make_page(name="Other", host="other.example", at=now())
    foreign = make_component(other)
    window = make_maintenance(other, at=now(), components=[foreign])
    theirs = make_incident(other, at=now(), components={foreign: "partial_outage"})
    before = count()
    for address, said in (
        (REPORT, {"title": "T", "body": BODY, f"state_{foreign.code}": "major_outage"}),
        (f"/console/incidents/{theirs.code}/updates", {"body": BODY}),
        (f"/console/components/{foreign.code}/status", {"status": "major_outage"}),
        (f"/console/maintenances/{window.code}/cancel", {"body": BODY}),
    ):
        assert ada.post(address, said).status_code in (404, 422), address
    assert count() == before


@pytest.mark.parametrize("name", ["is_default", "code", "last_seq", "password_hash", "feed_secret", "id", "page"])
def test_15_3_3_what_a_form_does_not_offer_is_not_taken(page: Page, ada: Client, name: str) -> None:
    before = str(getattr(page, name)) if hasattr(page, name) else ""
    send(ada, "/console/page", **{name: "1"})
    page.refresh_from_db()
    if name not in ("last_seq", "page"):
        assert str(getattr(page, name)) == before


def test_c50_an_error_shows_no_exception(page: Page, ada: Client) -> None:
    for address in ("/console/incidents/nothing", "/console/templates/999999", "/console/people/999999999999999999999"):
        answer = ada.get(address)
        assert answer.status_code in (404, 302)
        assert "Traceback" not in words(answer)


def test_b082_a_session_that_ended_keeps_the_text_and_posts_nothing(ada: Client, incident: Incident) -> None:
    ada.logout()
    door = ada.post(f"/console/incidents/{incident.code}/updates", {"body": BODY})
    assert door.status_code == 401
    form = fields_in(door, action="/console/sign-in")
    ada.post("/console/sign-in", {**form, "username": "ada", "password": PASSWORD})
    assert BODY in words(ada.get("/console/sign-in/again"))
    assert incident.updates.count() == 1


def test_b074_resolving_with_components_still_down_asks_once(ada: Client, incident: Incident, api: Component) -> None:
    answer = post(ada, incident, phase="resolved")
    assert answer.status_code == 422
    assert "Operational" in words(answer)
    assert incident.updates.count() == 1


def test_the_future_and_the_far_past_are_no_times_of_an_incident(page: Page, ada: Client) -> None:
    for began in (now() + timedelta(hours=2), now() - timedelta(days=365 * 60)):
        stamp = began.astimezone(page.zone).strftime("%Y-%m-%dT%H:%M")
        answer = send(ada, NEW, REPORT, title="T", body=BODY, began="exact", impact_started_at=stamp)
        assert answer.status_code == 422
    assert not page.incidents.exists()
