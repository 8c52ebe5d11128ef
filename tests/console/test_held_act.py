"""While a step of maintenance or a postmortem is held, its screens say so in the place of the buttons that cross it."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, Draft, HeldPost, Incident, Maintenance, Page, Postmortem
from tests.build import make_component, make_incident, make_maintenance, make_member, make_page, make_staff, minutes
from tests.console.filling import fields_in, form_at, send

TO = "/console/maintenances"


@pytest.fixture
def page(db: None) -> Page:
    return make_page(at=now() - timedelta(days=100), hold_seconds=10, time_zone="Asia/Tokyo")


@pytest.fixture
def window(page: Page, api: Component) -> Maintenance:
    return make_maintenance(page, at=now() - timedelta(hours=2), components=[api], starts_at=now() + timedelta(hours=2))


@pytest.fixture
def bob(db: None) -> Client:
    client = Client()
    client.force_login(make_staff(name="bob"))
    return client


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def leaves_at(held: HeldPost) -> str:
    """Return the second it leaves, on the clock of the page."""
    assert held.release_at is not None
    return f"{held.release_at + timedelta(hours=9):%H:%M:%S} JST</time>"


def screens(window: Maintenance) -> dict[str, list[str]]:
    """Return the screens of a maintenance with the buttons that cross a step of it."""
    step, start = f"{TO}/{window.code}", f'href="{TO}/{window.code}/start"'
    return {
        "/console/": [start],
        f"/console/incidents/{window.code}": [start, f'href="{step}/cancel"', f'href="{step}/window"'],
        f"{step}/start": [">Start now</button>"],
        f"{step}/cancel": [">Cancel maintenance</button>"],
        f"{step}/window": [">Move it</button>"],
    }


@pytest.mark.parametrize(
    ("step", "words"),
    [("start", "The start is not on the page yet."), ("cancel", "The cancellation is not on the page yet.")],
)
def test_a_held_step_stands_where_its_buttons_were_with_its_time_and_undo(
    ada: Client, bob: Client, window: Maintenance, step: str, words: str
) -> None:
    before = {address: shown(ada, address) for address in screens(window)}
    send(ada, f"{TO}/{window.code}/{step}", body="We say so.")
    held = HeldPost.objects.get()
    for client, who in ((ada, False), (bob, True)):
        for address, buttons in screens(window).items():
            screen = shown(client, address)
            part = screen.split(f'data-outcome-of="{held.pk}"', 1)[1].split("</form>", 1)[0]
            assert words in part, address
            assert leaves_at(held) in part, address
            assert f'action="/console/held/{held.pk}/undo"' in part, address
            assert ("ada</span> published it." in part) == who, address
            for button in buttons:
                assert (button in before[address], button in screen) == (True, False), (address, button)
    assert ada.post(f"/console/held/{held.pk}/undo").status_code == 303
    for address, buttons in screens(window).items():
        assert all(button in shown(bob, address) for button in buttons), address


def test_undo_beside_the_form_of_a_step_takes_it_back(ada: Client, window: Maintenance) -> None:
    address = f"{TO}/{window.code}/start"
    send(ada, address, body="We begin.")
    undo = f"/console/held/{HeldPost.objects.get().pk}/undo"
    assert f'formaction="{undo}"' in shown(ada, address)
    answer = ada.post(undo, form_at(ada, address))
    assert (answer.status_code, answer["Location"]) == (303, f"{address}#id_body")
    assert Draft.objects.get().text == "We begin."


def test_what_crosses_it_is_refused_with_what_was_typed_and_the_words_of_what_is_held(
    ada: Client, bob: Client, window: Maintenance
) -> None:
    address = f"{TO}/{window.code}/start"
    typed = {**form_at(bob, address), "body": "I begin it."}
    send(ada, address)
    answer = bob.post(address, typed)
    assert (answer.status_code, fields_in(answer, action=address)["body"]) == (422, "I begin it.")
    assert "ada has published that, and it has not left yet." in answer.content.decode()
    assert "The start is not on the page yet." in answer.content.decode()
    assert HeldPost.objects.count() == 1


def test_other_maintenances_keep_their_buttons(ada: Client, page: Page, window: Maintenance) -> None:
    other = make_maintenance(page, at=now() - timedelta(hours=2), title="Other", starts_at=now() + timedelta(hours=3))
    send(ada, f"{TO}/{window.code}/start")
    assert f'href="{TO}/{other.code}/start"' in shown(ada, "/console/")
    assert ">Start now</button>" in shown(ada, f"{TO}/{other.code}/start")


def test_what_waits_for_a_second_person_says_so(ada: Client, page: Page, window: Maintenance) -> None:
    said = {"body": "We begin.", "notify": True, "translations": {}}
    HeldPost.hold(
        page=page, deed="start", incident=window, arguments=said, request_key="x", asks=True, by="a", at=now()
    )
    screen = shown(ada, f"/console/incidents/{window.code}")
    assert "The start waits for a second person." in screen
    assert "It leaves at" not in screen


def test_readers_of_the_console_and_people_of_other_components_are_offered_neither(
    ada: Client, page: Page, window: Maintenance
) -> None:
    clients = [Client(), Client()]
    clients[0].force_login(make_member(page, "viewer", name="vera"))
    clients[1].force_login(make_member(page, "editor", components=[make_component(page, name="Web")]))
    for is_held in (False, True):
        if is_held:
            send(ada, f"{TO}/{window.code}/start")
        for client in clients:
            for address in ("/console/", f"/console/incidents/{window.code}"):
                screen = shown(client, address)
                assert f"{TO}/{window.code}/" not in screen
                assert ("The start is not on the page yet." in screen) == is_held
                part = screen.partition("data-outcome-of")[2].partition("Look at it")[2].partition("</article>")[0]
                assert "Undo" not in part.partition("</section>")[0]


# A postmortem

REPORT = "/console/incidents/{}/postmortem"


@pytest.fixture
def ended(page: Page) -> Incident:
    incident = make_incident(page, at=now() - minutes(60))
    incident.resolve(body="Over.", by="test", at=now() - minutes(30))
    return incident


def test_a_held_postmortem_stands_where_its_buttons_were(ada: Client, bob: Client, ended: Incident) -> None:
    address = REPORT.format(ended.code)
    before = shown(bob, address)
    ada.post(f"{address}/publication", {**form_at(ada, address), "draft": "Words."})
    held, screen = HeldPost.objects.get(), shown(bob, address)
    assert "The postmortem is not on the page yet." in screen
    assert leaves_at(held) in screen
    for button in (">Keep draft</button>", ">Ready for review</button>", f'formaction="{address}/publication"'):
        assert (button in before, button in screen) == (True, False), button
    release_due(at=now() + timedelta(seconds=11))
    assert ">Keep draft</button>" in shown(bob, address)


@pytest.mark.parametrize("act", ["postmortem", "postmortem/review", "postmortem/return", "actions"])
def test_a_draft_kept_while_the_postmortem_is_held_is_refused_and_not_lost(
    ada: Client, bob: Client, ended: Incident, act: str
) -> None:
    address = REPORT.format(ended.code)
    Postmortem.write(incident=ended, draft="Begun.", by="test", at=now())
    form = {**form_at(bob, address), "draft": "What I found.", "text": "Watch it"}
    ada.post(f"{address}/publication", {**form_at(ada, address), "draft": "Words."})
    answer = bob.post(f"/console/incidents/{ended.code}/{act}", form)
    assert (answer.status_code, fields_in(answer, action=address)["draft"]) == (422, "What I found.")
    assert "ada has published that, and it has not left yet." in answer.content.decode()
    release_due(at=now() + timedelta(seconds=11))
    assert Postmortem.objects.get().draft == "Words."
