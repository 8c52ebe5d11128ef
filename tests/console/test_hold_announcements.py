"""Plans of maintenance, its steps and postmortems wait like any other post, and are taken back to their own forms."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, Draft, Event, HeldPost, Incident, Maintenance, Page, Postmortem
from tests.build import make_incident, make_maintenance, make_member, make_page, make_staff, make_subscribers, minutes
from tests.console.filling import form_at, send

NEW, TO = "/console/maintenances/new", "/console/maintenances"
PLAN = {"title": "Upgrade", "body": "We upgrade.", "starts_at": "2031-03-01T01:00", "length": "120"}
LATER = {"body": "Later.", "starts_at": "2031-03-01T01:00", "ends_at": "2031-03-01T03:00"}


@pytest.fixture
def page(db: None) -> Page:
    page = make_page(at=now() - timedelta(days=100), hold_seconds=10)
    make_subscribers(page, 7)
    return page


@pytest.fixture
def window(page: Page, api: Component) -> Maintenance:
    return make_maintenance(page, at=now(), components=[api])


@pytest.fixture
def ended(page: Page) -> Incident:
    incident = make_incident(page, at=now() - minutes(60))
    incident.resolve(body="Over.", by="test", at=now() - minutes(30))
    return incident


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def publish(client: Client, editor: str, **said: Any) -> Any:
    """Publish from the editor of a postmortem; None takes a field out."""
    form = {**form_at(client, editor), **said}
    return client.post(f"{editor}/publication", {name: value for name, value in form.items() if value is not None})


def undone(client: Client, held: HeldPost) -> str:
    """Take it back and return where that leads."""
    answer = client.post(f"/console/held/{held.pk}/undo")
    assert answer.status_code == 303
    return str(answer["Location"])


def test_a_plan_is_held_on_a_screen_of_its_own_with_its_window(ada: Client, page: Page, api: Component) -> None:
    answer = send(ada, NEW, TO, **PLAN, components=[api.code])
    held = HeldPost.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/console/held/{held.pk}")
    screen = shown(ada, answer["Location"])
    for words in ("the page and 7 recipients<", "Upgrade · Maintenance", "The maintenance", "We upgrade."):
        assert words in screen
    assert "Mar 01, 2031 - 01:00 UTC</time> to <time" in screen
    assert (Maintenance.objects.count(), Event.objects.filter(kind__startswith="maintenance").count()) == (0, 0)
    ada.post(f"/console/held/{held.pk}/release")
    assert Maintenance.objects.get().title == "Upgrade"


def test_undo_of_a_plan_brings_the_planner_back_as_it_was(ada: Client, page: Page, api: Component) -> None:
    said = {**PLAN, "components": [api.code], "remind_minutes": ["60"], "repeats": "FREQ=WEEKLY", "notify": None}
    send(ada, NEW, TO, **said, auto_finish="on", caret_from="3", caret_to="3")
    address, fragment = undone(ada, held := HeldPost.objects.get()).split("#")
    assert (address, fragment) == (f"{NEW}?draft={held.draft_code}", "id_body")
    form = form_at(ada, address, action=TO)
    assert {name: form[name] for name in PLAN} == PLAN
    assert (form["components"], form["remind_minutes"], form["repeats"]) == (api.code, "60", "FREQ=WEEKLY")
    assert ("notify" in form, form["auto_finish"], form["draft"]) == (False, "on", held.draft_code)
    assert form["request_key"] not in ("", held.request_key)
    assert 'data-caret="3,3"' in shown(ada, address)
    assert "Maintenance · saved" in shown(ada, "/console/")
    assert send(ada, address, TO).status_code == 303
    assert (Draft.objects.count(), HeldPost.objects.count(), Maintenance.objects.count()) == (0, 1, 0)


@pytest.mark.parametrize(
    ("step", "said", "what", "phase"),
    [
        ("start", {"body": "We begin."}, "Start", "in_progress"),
        ("cancel", {"body": "Not needed."}, "Cancellation", "cancelled"),
        ("window", LATER, "Move", "scheduled"),
    ],
)
def test_a_step_is_held_where_it_is_told_of_and_undo_opens_its_form(
    ada: Client, window: Maintenance, step: str, said: dict[str, str], what: str, phase: str
) -> None:
    address, incident = f"{TO}/{window.code}/{step}", f"/console/incidents/{window.code}"
    answer = send(ada, address, **said)
    assert (answer.status_code, answer["Location"]) == (303, incident)
    screen = shown(ada, incident)
    for words in ("Not on the page yet", said["body"], f"Database upgrade · {what} ·", "the page and 7 recipients<"):
        assert words in screen
    assert (window.updates.count(), window.window_moves.count()) == (1, 0)
    held = HeldPost.objects.get()
    assert undone(ada, held) == f"{address}#id_body"
    assert {name: form_at(ada, address)[name] for name in said} == said
    assert send(ada, address).status_code == 303
    release_due(at=now() + timedelta(seconds=11))
    window.refresh_from_db()
    assert (window.phase.slug, window.updates.count(), Draft.objects.count()) == (phase, 2, 0)


def test_a_postmortem_is_held_and_undo_opens_the_editor_with_its_text(ada: Client, ended: Incident) -> None:
    address = f"/console/incidents/{ended.code}/postmortem"
    answer = publish(ada, address, draft="## Summary\n\nA script **ran**.", notify="on")
    held = HeldPost.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/console/held/{held.pk}")
    screen = shown(ada, answer["Location"])
    for words in ("A script <strong>ran</strong>.", "The postmortem", "the page and 7 recipients<"):
        assert words in screen
    assert "A script" not in shown(ada, f"/incidents/{ended.code}")
    assert not Postmortem.objects.exists()
    assert undone(ada, held) == f"{address}#id_draft"
    form = form_at(ada, address)
    assert (form["draft"], form["notify"]) == ("## Summary\n\nA script **ran**.", "on")
    assert publish(ada, address, notify=None).status_code == 303
    assert form_at(ada, address)["draft"] != form["draft"], "what is held is no draft"
    release_due(at=now() + timedelta(seconds=11))
    assert "A script" in shown(ada, f"/incidents/{ended.code}")
    assert Event.objects.get(kind="postmortem.published").notify is False


def test_keeping_a_draft_ends_what_was_taken_back(ada: Client, ended: Incident) -> None:
    address = f"/console/incidents/{ended.code}/postmortem"
    publish(ada, address, draft="Words.", notify=None)
    undone(ada, HeldPost.objects.get())
    assert "notify" not in form_at(ada, address)
    assert send(ada, address, draft="More words.").status_code == 303
    assert (form_at(ada, address)["draft"], Draft.objects.count()) == ("More words.", 0)


def test_after_publishing_one_is_led_to_what_readers_see(ada: Client, ended: Incident) -> None:
    address = f"/console/incidents/{ended.code}/postmortem"
    publish(ada, address, draft="Words.")
    held = HeldPost.objects.get()
    release_due(at=now() + timedelta(seconds=11))
    assert f'data-state="published" data-to="{address}"' in shown(ada, f"/console/held/{held.pk}")


def test_sent_twice_each_is_held_once_and_leaves_once(ada: Client, window: Maintenance, ended: Incident) -> None:
    report = f"/console/incidents/{ended.code}/postmortem"
    forms = {
        TO: {**form_at(ada, NEW, action=TO), **PLAN},
        f"{TO}/{window.code}/start": form_at(ada, f"{TO}/{window.code}/start"),
        f"{report}/publication": {**form_at(ada, report), "draft": "Words."},
    }
    for number, (address, form) in enumerate(forms.items(), start=1):
        first, second = ada.post(address, form), ada.post(address, form)
        assert (first.status_code, first["Location"]) == (303, second["Location"]), address
        assert HeldPost.objects.count() == number
    assert release_due(at=now() + timedelta(seconds=11)) == 3
    assert ada.post(TO, forms[TO])["Location"] == f"/console/incidents/{Maintenance.objects.latest('pk').code}"
    assert release_due(at=now() + timedelta(seconds=30)) == 0
    assert (Maintenance.objects.count(), window.updates.count()) == (2, 2)


def test_what_somebody_else_is_about_to_do_is_refused_with_their_name(ada: Client, window: Maintenance) -> None:
    address = f"{TO}/{window.code}/start"
    send(ada, address)
    bob = Client()
    bob.force_login(make_staff(name="bob"))
    answer = send(bob, address, body="I begin it.")
    assert answer.status_code == 422
    assert "ada has published that, and it has not left yet." in answer.content.decode()
    assert "I begin it." in answer.content.decode()
    assert HeldPost.objects.count() == 1


def test_what_cannot_leave_any_more_is_loud_and_its_form_says_why(
    ada: Client, window: Maintenance, django_capture_on_commit_callbacks: Any
) -> None:
    address = f"{TO}/{window.code}/start"
    send(ada, address, body="We begin.")
    window.cancel(body="No.", by="bob", at=now())
    with django_capture_on_commit_callbacks(execute=True):
        release_due(at=now() + timedelta(seconds=11))
    screen = shown(ada, "/console/")
    assert "What ada published is not on the page." in screen
    assert f'href="{address}"' in screen
    form = shown(ada, address)
    assert "Not published: That does not fit a maintenance that is cancelled." in form
    assert "We begin." in form


def test_bad_input_and_outsiders_leave_nothing_held(ada: Client, window: Maintenance, ended: Incident) -> None:
    report = f"/console/incidents/{ended.code}/postmortem"
    assert send(ada, NEW, TO, **{**PLAN, "title": ""}).status_code == 422
    assert send(ada, f"{TO}/{window.code}/cancel", body=" ").status_code == 422
    assert send(ada, f"{TO}/{window.code}/window", **{**LATER, "ends_at": "2030-03-01T03:00"}).status_code == 422
    assert publish(ada, report, draft="").status_code == 422
    stranger = Client()
    stranger.force_login(make_member(make_page(name="Other", host="other.example"), "owner", name="carl"))
    for address in (f"{TO}/{window.code}/start", f"{TO}/{window.code}/window", f"{report}/publication"):
        assert stranger.post(address, {"body": "x", "draft": "x"}).status_code == 404
    assert not HeldPost.objects.exists()


@pytest.mark.parametrize("named", ["x", "0" * 13, "aeiouaeiouae", "\x00"])
def test_a_name_that_is_none_of_a_draft_keeps_nobody_from_undoing(ada: Client, page: Page, named: str) -> None:
    assert send(ada, NEW, TO, **PLAN, draft=named).status_code in (303, 422)
    for held in HeldPost.objects.all():
        assert "?draft=" in undone(ada, held)
    assert not Maintenance.objects.exists()


def test_the_screens_say_when_it_leaves(ada: Client, window: Maintenance, ended: Incident) -> None:
    for address in (NEW, f"{TO}/{window.code}/start", f"{TO}/{window.code}/window"):
        assert "Sends 10 s after you publish" in shown(ada, address)
    assert "Sends 10 s after you publish" in shown(ada, f"/console/incidents/{ended.code}/postmortem")


def test_what_reaches_many_waits_for_a_second_person_where_the_page_wants_one(
    ada: Client, page: Page, window: Maintenance
) -> None:
    page.edit(confirm_recipients=5, asks_second_person=True, by="test", at=now())
    address = f"{TO}/{window.code}/start"
    assert "7 people are told, more than the 5" in send(ada, address).content.decode()
    assert not HeldPost.objects.exists()
    assert send(ada, address, many_are_meant="on").status_code == 303
    held = HeldPost.objects.get()
    assert held.is_asking
    bob = Client()
    bob.force_login(make_staff(name="bob"))
    assert "Email 7 people" in shown(bob, f"/console/held/{held.pk}")
    assert bob.post(f"/console/held/{held.pk}/approval").status_code == 303
    release_due(at=now() + timedelta(seconds=11))
    window.refresh_from_db()
    assert window.phase.slug == "in_progress"
