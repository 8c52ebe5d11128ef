"""Suspicions on Now: confirmed or dismissed in one action, and both can be taken back."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Event, HeldPost, Incident, Page
from tests.build import make_outsider, make_page, make_staff, make_subscriber, minutes
from tests.console.filling import fields_in


@pytest.fixture
def suspicion(page: Page, api: Component) -> Incident:
    return Incident.prepare(
        page=page,
        title="Slow answers",
        visibility="suspected",
        components=[api],
        detected_by="monitoring",
        by="monitoring",
        at=now() - minutes(3),
    )


def confirmed(client: Client, incident: Incident) -> int:
    """Press the button on Now and return the status of the answer."""
    action = f"/console/incidents/{incident.code}/confirmation"
    return client.post(action, fields_in(client.get("/console/"), action=action)).status_code


def test_the_card_says_what_confirming_says_and_to_how_many(ada: Client, page: Page, suspicion: Incident) -> None:
    make_subscriber(page)
    shown = ada.get("/console/").content.decode()
    assert "We see signs of a problem and are looking into it." in shown
    assert "1 email" in shown
    assert "Noticed 3 minutes ago by our monitoring" in shown


def test_one_action_confirms(ada: Client, page: Page, api: Component, suspicion: Incident) -> None:
    assert confirmed(ada, suspicion) == 303
    suspicion.refresh_from_db()
    api.refresh_from_db()
    update = suspicion.updates.get()
    assert suspicion.is_public
    assert api.status == "degraded_performance"
    assert update.notify
    assert update.next_update_due_at is not None
    assert suspicion.acknowledged_at is not None


def test_confirming_is_held_like_any_other_post_and_can_be_undone(ada: Client, suspicion: Incident) -> None:
    Page.objects.update(hold_seconds=10)
    assert confirmed(ada, suspicion) == 303
    suspicion.refresh_from_db()
    assert not suspicion.is_public
    assert "Slow answers" not in ada.get("/").content.decode()
    held = HeldPost.objects.get()
    assert f'action="/console/incidents/{suspicion.code}/confirmation"' not in ada.get("/console/").content.decode()
    ada.post(f"/console/held/{held.pk}/undo")
    assert not HeldPost.objects.exists()
    assert f'action="/console/incidents/{suspicion.code}/confirmation"' in ada.get("/console/").content.decode()


def test_confirming_twice_is_once(ada: Client, suspicion: Incident) -> None:
    action = f"/console/incidents/{suspicion.code}/confirmation"
    fields = fields_in(ada.get("/console/"), action=action)
    for _ in range(2):
        assert ada.post(action, fields).status_code == 303
    assert suspicion.updates.count() == 1


def test_where_many_would_be_told_the_numbers_are_asked_about_first(ada: Client, suspicion: Incident) -> None:
    page = suspicion.page
    Page.objects.update(confirm_recipients=0)
    make_subscriber(page)
    assert confirmed(ada, suspicion) == 409
    suspicion.refresh_from_db()
    assert not suspicion.is_public


def test_one_action_dismisses_and_one_takes_that_back(ada: Client, suspicion: Incident) -> None:
    assert ada.post(f"/console/incidents/{suspicion.code}/dismissal").status_code == 303
    shown = ada.get("/console/").content.decode()
    assert 'id="suspected"' not in shown
    assert f'action="/console/incidents/{suspicion.code}/suspicion"' in shown
    assert ada.post(f"/console/incidents/{suspicion.code}/suspicion").status_code == 303
    assert 'id="suspected"' in ada.get("/console/").content.decode()
    kinds = Event.objects.filter(kind__startswith="incident.").values_list("kind", flat=True)
    assert list(kinds) == ["incident.suspected", "incident.dismissed", "incident.suspected_again"]


@pytest.mark.parametrize("act", ["confirmation", "dismissal", "suspicion"])
def test_nobody_judges_what_is_not_theirs(client: Client, ada: Client, suspicion: Incident, act: str) -> None:
    address = f"/console/incidents/{suspicion.code}/{act}"
    assert ada.get(address).status_code == 405
    client.force_login(make_outsider())
    assert client.post(address).status_code == 403
    other = make_page(name="Other", host="other.example", at=now())
    ada.post("/console/page/choice", {"page": other.code})
    assert ada.post(address).status_code == 404
    suspicion.refresh_from_db()
    assert suspicion.visibility == "suspected"


@pytest.mark.parametrize("act", ["dismissal", "suspicion"])
def test_what_is_public_is_no_suspicion_any_more(ada: Client, suspicion: Incident, act: str) -> None:
    suspicion.post_update(body="Yes.", by="test", at=now())
    assert ada.post(f"/console/incidents/{suspicion.code}/{act}").status_code == 404
    assert ada.post(f"/console/incidents/{suspicion.code}/confirmation").status_code == 303
    assert suspicion.updates.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hold_seconds", [0, 10])
def test_two_people_who_confirm_at_the_same_moment_tell_readers_once(
    page: Page, suspicion: Incident, hold_seconds: int
) -> None:
    Page.objects.update(hold_seconds=hold_seconds)
    action = f"/console/incidents/{suspicion.code}/confirmation"
    start, answers = Barrier(4), []
    people = [Client() for _ in range(4)]
    for number, person in enumerate(people):
        person.force_login(make_staff(name=f"person-{number}"))
    forms = [fields_in(person.get("/console/"), action=action) for person in people]

    def press(number: int) -> None:
        start.wait()
        answers.append(people[number].post(action, forms[number]).status_code)
        connection.close()

    threads = [Thread(target=press, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert suspicion.updates.count() + HeldPost.objects.pending().count() == 1
