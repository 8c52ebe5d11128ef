"""What is published from the console waits, and can be taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, Draft, Event, HeldPost, Incident, Page
from tests.build import make_component, make_incident, make_member, make_page, make_staff, make_subscriber, minutes
from tests.console.filling import form_at, send


@pytest.fixture
def page(db: None) -> Page:
    return make_page(at=now() - timedelta(days=100), hold_seconds=10)


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def at_incident(incident: Incident) -> str:
    return f"/console/incidents/{incident.code}"


def publish(client: Client, incident: Incident, **said: Any) -> HeldPost:
    answer = send(client, at_incident(incident), f"{at_incident(incident)}/updates", **{"body": "Found it.", **said})
    assert (answer.status_code, answer["Location"]) == (303, at_incident(incident))
    return HeldPost.objects.latest("pk")


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_published_is_held_and_the_bar_says_to_whom_and_until_when(ada: Client, incident: Incident) -> None:
    make_subscriber(incident.page)
    held = publish(ada, incident)
    assert incident.updates.count() == 1
    screen = shown(ada, at_incident(incident))
    assert "the page and 1 recipient<" in screen
    assert held.release_at is not None
    at = f'<time datetime="{held.release_at:%Y-%m-%dT%H:%M:%SZ}">{held.release_at:%H:%M:%S} UTC</time>'
    assert f"· at {at}" in screen
    assert f"before {at}." in shown(ada, f"/console/held/{held.pk}")
    assert f'action="/console/held/{held.pk}/undo"' in screen
    assert f'action="/console/held/{held.pk}/release"' in screen


def test_every_screen_shows_the_bar_to_everybody_who_works_on_the_page(ada: Client, incident: Incident) -> None:
    held = publish(ada, incident)
    other = Client()
    other.force_login(make_staff(name="bob"))
    for address in ("/console/", "/console/components", "/console/more"):
        assert f'id="held-{held.pk}"' in shown(other, address)
    elsewhere = Client()
    elsewhere.force_login(make_member(make_page(name="Other", host="other.example"), "responder", name="carl"))
    assert "held-" not in shown(elsewhere, "/console/")


def test_in_the_place_of_the_composer_stands_what_is_about_to_leave(ada: Client, incident: Incident) -> None:
    publish(ada, incident, body="We **found** it.")
    screen = shown(ada, at_incident(incident))
    assert "We <strong>found</strong> it." in screen
    assert 'name="body"' not in screen


def test_undo_is_one_post_and_shows_the_text_where_it_was_written(
    ada: Client, incident: Incident, api: Component
) -> None:
    said = {"phase": "identified", f"state_{api.code}": "degraded_performance", "caret_from": "3", "caret_to": "5"}
    held = publish(ada, incident, **said)
    answer = ada.post(f"/console/held/{held.pk}/undo")
    assert (answer.status_code, answer["Location"]) == (303, f"{at_incident(incident)}#id_body")
    form = form_at(ada, at_incident(incident), action=f"{at_incident(incident)}/updates")
    assert form["body"] == "Found it."
    assert {name: form[name] for name in said} == said
    assert form["request_key"] not in ("", held.request_key)
    assert not HeldPost.objects.exists()


def test_undo_of_a_report_goes_back_to_the_report(ada: Client, page: Page, api: Component) -> None:
    send(ada, "/console/incidents/new", "/console/incidents", title="Errors", body="We look.")
    held = HeldPost.objects.get()
    answer = ada.post(f"/console/held/{held.pk}/undo")
    assert answer["Location"] == f"/console/incidents/new?draft={held.draft_code}#id_body"
    form = form_at(ada, answer["Location"].partition("#")[0], action="/console/incidents")
    assert (form["title"], form["body"], form["draft"]) == ("Errors", "We look.", held.draft_code)
    assert not Incident.objects.exists()


def test_publish_now_does_not_wait(ada: Client, incident: Incident) -> None:
    held = publish(ada, incident)
    answer = ada.post(f"/console/held/{held.pk}/release")
    assert (answer.status_code, incident.updates.count()) == (303, 2)
    assert answer["Location"] == at_incident(incident), "where the next update is written"
    assert "Published. The page shows it now." in shown(ada, answer["Location"])


def test_double_click_retry_and_back_make_one_update(ada: Client, incident: Incident) -> None:
    updates = f"{at_incident(incident)}/updates"
    form = {**form_at(ada, at_incident(incident), action=updates), "body": "Found it."}
    for _ in range(2):
        assert ada.post(updates, form).status_code == 303
    assert HeldPost.objects.count() == 1
    release_due(at=now() + timedelta(seconds=11))
    assert ada.post(updates, form).status_code == 303
    release_due(at=now() + timedelta(seconds=30))
    assert incident.updates.count() == 2
    assert Event.objects.filter(kind="incident.updated").count() == 1


def test_undo_after_it_left_says_so_and_changes_nothing(ada: Client, incident: Incident) -> None:
    held = publish(ada, incident)
    release_due(at=now() + timedelta(seconds=11))
    answer = ada.post(f"/console/held/{held.pk}/undo", follow=True)
    assert "It is published already" in answer.content.decode()
    assert incident.updates.count() == 2


def test_the_one_who_looks_learns_what_became_of_it(ada: Client, incident: Incident) -> None:
    first = publish(ada, incident)
    HeldPost.objects.get().take_back(by="bob", at=now())
    second = publish(ada, incident, body="Another.")
    second.release(at=now())
    asked = {pk: ada.get(f"/console/held/{pk}", headers={"HX-Request": "true"}) for pk in (first.pk, second.pk)}
    assert "Taken back by bob. Nothing was published." in asked[first.pk].content.decode()
    assert f'data-state="published" data-to="{at_incident(incident)}"' in asked[second.pk].content.decode()


def test_a_refusal_at_its_time_is_loud_and_the_text_is_a_draft(
    ada: Client, incident: Incident, api: Component, django_capture_on_commit_callbacks: Any
) -> None:
    held = publish(ada, incident, **{f"state_{api.code}": "degraded_performance"})
    api.archive(by="colleague", at=now())
    with django_capture_on_commit_callbacks(execute=True):
        release_due(at=now() + timedelta(seconds=11))
    assert Draft.objects.get().text == "Found it."
    screen = shown(ada, "/console/")
    assert "What ada published is not on the page." in screen
    assert "Not published" in shown(ada, f"/console/held/{held.pk}")


def test_what_a_form_refuses_is_not_held(ada: Client, incident: Incident) -> None:
    answer = send(ada, at_incident(incident), f"{at_incident(incident)}/updates", body=" ")
    assert answer.status_code == 422
    assert not HeldPost.objects.exists()


def test_viewers_see_the_bar_and_cannot_act(ada: Client, incident: Incident) -> None:
    held = publish(ada, incident)
    viewer = Client()
    viewer.force_login(make_member(incident.page, "viewer", name="vera"))
    assert f'id="held-{held.pk}"' in shown(viewer, "/console/")
    assert "/undo" not in shown(viewer, "/console/")
    for verb in ("undo", "release", "approval"):
        assert viewer.post(f"/console/held/{held.pk}/{verb}").status_code == 403
    assert HeldPost.objects.filter(pk=held.pk).exists()


def test_what_another_page_holds_is_not_there(ada: Client, incident: Incident) -> None:
    held = publish(ada, incident)
    carl = Client()
    carl.force_login(make_member(make_page(name="Other", host="other.example"), "owner", name="carl"))
    for verb in ("undo", "release", "approval"):
        assert carl.post(f"/console/held/{held.pk}/{verb}").status_code == 404
    assert "There is no such post." in shown(carl, f"/console/held/{held.pk}")
    assert HeldPost.objects.filter(pk=held.pk).exists()


def test_a_member_limited_to_other_components_cannot_act_on_it(ada: Client, incident: Incident, api: Component) -> None:
    held = publish(ada, incident)
    web = make_component(incident.page, name="Web")
    for name, theirs, status in (("bob", web, 404), ("carl", api, 303)):
        member = Client()
        member.force_login(make_member(incident.page, "responder", name=name, components=[theirs]))
        assert member.post(f"/console/held/{held.pk}/undo").status_code == status
    assert not HeldPost.objects.exists()


def test_looking_changes_nothing(ada: Client, incident: Incident) -> None:
    held = publish(ada, incident)
    for verb in ("undo", "release", "approval"):
        assert ada.get(f"/console/held/{held.pk}/{verb}").status_code == 405
    shown(ada, f"/console/held/{held.pk}")
    assert HeldPost.objects.get().state == "waiting"
