"""C10, on the server: two people post on one incident."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import FanOut
from incidents.notifications.sweeping import sweep
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_incident, make_staff, minutes
from tests.console.filling import fields_in

CONFLICT = 409


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def opened(client: Client, incident: Incident) -> dict[str, str]:
    """Return the composer's fields as somebody who opens it now gets them."""
    to = f"/console/incidents/{incident.code}"
    return fields_in(client.get(to), action=f"{to}/updates")


def post(client: Client, incident: Incident, form: dict[str, str]) -> int:
    return client.post(f"/console/incidents/{incident.code}/updates", form).status_code


def test_who_has_not_seen_the_newest_update_is_stopped_once(ada: Client, incident: Incident) -> None:
    form = {**opened(ada, incident), "body": "Mine."}
    incident.post_update(body="Theirs.", by="Priya", at=now())
    answer = ada.post(f"/console/incidents/{incident.code}/updates", form)
    assert answer.status_code == CONFLICT
    assert "Priya posted meanwhile" in answer.content.decode()
    assert "Theirs." in answer.content.decode()
    assert incident.updates.count() == 2
    again = fields_in(answer, action=f"/console/incidents/{incident.code}/updates")
    assert again["body"] == "Mine."
    assert post(ada, incident, again) == 303
    assert [update.body for update in incident.updates.order_by("pk")][1:] == ["Theirs.", "Mine."]


def test_a_component_only_they_moved_keeps_their_state(
    ada: Client, incident: Incident, api: Component, page: Page
) -> None:
    form = {**opened(ada, incident), "body": "Mine."}
    incident.post_update(body="Theirs.", components={api: "operational"}, by="Priya", at=now())
    answer = ada.post(f"/console/incidents/{incident.code}/updates", form)
    assert "And you?" not in answer.content.decode()
    post(ada, incident, fields_in(answer, action=f"/console/incidents/{incident.code}/updates"))
    api.refresh_from_db()
    assert api.status == "operational"


def test_a_component_both_moved_is_asked_about(ada: Client, incident: Incident, api: Component) -> None:
    form = {**opened(ada, incident), "body": "Mine.", f"state_{api.code}": "degraded_performance"}
    incident.post_update(body="Theirs.", components={api: "operational"}, by="Priya", at=now())
    answer = ada.post(f"/console/incidents/{incident.code}/updates", form)
    assert "Priya says Operational. And you?" in answer.content.decode()
    post(ada, incident, fields_in(answer, action=f"/console/incidents/{incident.code}/updates"))
    api.refresh_from_db()
    assert api.status == "degraded_performance"


def test_the_same_request_again_is_no_conflict(ada: Client, incident: Incident) -> None:
    form = {**opened(ada, incident), "body": "Mine."}
    assert post(ada, incident, form) == 303
    incident.post_update(body="Theirs.", by="Priya", at=now())
    assert post(ada, incident, form) == 303
    assert incident.updates.count() == 3


def test_what_somebody_else_is_about_to_publish_counts(page: Page, ada: Client, incident: Incident) -> None:
    page.edit(hold_seconds=10, by="test", at=now())
    priya = Client()
    priya.force_login(make_staff(name="priya"))
    mine, theirs = opened(ada, incident), opened(priya, incident)
    assert post(priya, incident, {**theirs, "body": "Theirs."}) == 303
    answer = ada.post(f"/console/incidents/{incident.code}/updates", {**mine, "body": "Mine."})
    assert answer.status_code == CONFLICT
    assert "priya is publishing just now" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_hundred_parallel_posts_of_two_people_are_kept_or_shown_as_a_conflict(page: Page, api: Component) -> None:
    incident = make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})
    people = []
    for name in ("ada", "priya"):
        client = Client()
        client.force_login(make_staff(name=name))
        people.append(client)
    # Each opened the composer once; a key of its own tells that a form is not another one sent again.
    seen = [opened(person, incident) for person in people]
    assert seen[0]["request_key"] != seen[1]["request_key"]
    forms = [{**seen[number % 2], "request_key": f"k{number}", "body": f"Word {number}."} for number in range(100)]
    answers: list[int] = []
    start = Barrier(4)

    def work(mine: range) -> None:
        start.wait()
        client = Client()
        client.cookies = people[mine.start % 2].cookies
        answers.extend(post(client, incident, forms[number]) for number in mine)
        connection.close()

    threads = [Thread(target=work, args=(range(first, 100, 4),)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = incident.updates.count() - 1
    assert sorted(set(answers)) == [303, CONFLICT]
    assert answers.count(303) == kept == 1
    assert answers.count(CONFLICT) == 99
    sweep()
    assert FanOut.objects.filter(event__update__incident=incident).count() == kept + 1
