"""What others begin to hold on an incident while its screen is open: told by the answer that tells who else writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import HeldPost, Incident, Page
from tests.build import make_incident, make_member, make_page, make_staff, minutes


def held(incident: Incident, *, by: User | str, **options: Any) -> HeldPost:
    said = {"body": "We mend it.", "notify": True}
    return HeldPost.hold(
        page=incident.page,
        deed="update",
        incident=incident,
        arguments=said,
        request_key="x",
        by=by,
        at=now(),
        **options,
    )


def asked_by_script(client: Client, incident: Incident) -> str:
    answer = client.get(f"/console/incidents/{incident.code}/presence", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def page(db: None) -> Page:
    return make_page(at=now() - timedelta(days=100), hold_seconds=10)


@pytest.fixture
def incident(page: Page) -> Incident:
    return make_incident(page, at=now() - minutes(20))


def test_a_screen_that_is_open_hears_what_somebody_else_began_to_hold_and_that_it_ended(
    ada: Client, incident: Incident
) -> None:
    assert 'class="hold' not in asked_by_script(ada, incident)
    post = held(incident, by=make_staff(name="priya"), recipients=1)
    said = asked_by_script(ada, incident)
    assert f'id="held-{post.pk}"' in said
    assert "priya publishes in 10 seconds to the page and 1 recipient: Elevated error rates on the API." in said
    assert f'action="/console/held/{post.pk}/undo"' in said
    post.take_back(by="priya", at=now())
    assert 'class="hold' not in asked_by_script(ada, incident)


def test_what_asks_for_a_second_person_is_heard_of_too(ada: Client, incident: Incident) -> None:
    held(incident, by="", asks=True)
    assert "Automation asks you to agree: Elevated error rates on the API." in asked_by_script(ada, incident)


def test_what_the_person_holds_and_what_is_held_elsewhere_is_no_news(
    ada: Client, incident: Incident, page: Page
) -> None:
    held(incident, by=User.objects.get(username="ada"))
    other = make_incident(page, at=now() - minutes(20), title="Another")
    assert 'class="hold' not in asked_by_script(ada, incident)
    assert 'class="hold' not in asked_by_script(ada, other)


def test_who_only_reads_hears_of_it_and_is_offered_no_undo(incident: Incident, page: Page) -> None:
    held(incident, by="priya")
    vera = Client()
    vera.force_login(make_member(page, "viewer", name="vera"))
    said = asked_by_script(vera, incident)
    assert "priya publishes in" in said
    assert "/undo" not in said


def test_every_screen_of_an_incident_asks_and_no_other_does(ada: Client, incident: Incident) -> None:
    asks = f'data-news="/console/incidents/{incident.code}/presence"'
    for address in ("", "/edit", "/postmortem"):
        assert asks in ada.get(f"/console/incidents/{incident.code}{address}").content.decode()
    for address in ("/console/components", "/console/more", "/console/incidents/new"):
        assert "data-news" not in ada.get(address).content.decode()
