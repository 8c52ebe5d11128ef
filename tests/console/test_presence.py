"""C11, on the server: who else writes."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.console.presence import others_writing
from incidents.lib.clock import now
from incidents.timeline.models import Event, Incident, Page, Presence
from tests.build import make_incident, make_member, make_outsider, make_staff, minutes


@pytest.fixture
def incident(page: Page) -> Incident:
    return make_incident(page, at=now() - minutes(20))


def test_others_are_told_and_the_person_is_not(ada: Client, incident: Incident) -> None:
    priya = make_staff(name="priya")
    Presence.note(incident=incident, by=priya, at=now() - timedelta(seconds=10))
    ada.post(f"/console/incidents/{incident.code}/presence")
    shown = ada.get(f"/console/incidents/{incident.code}").content.decode()
    assert '<span dir="auto">priya</span> is writing on this incident' in shown
    assert ">ada</span> is writing" not in shown


def test_c11_after_a_minute_nobody_is_there(incident: Incident) -> None:
    ada, priya, at = make_staff(), make_staff(name="priya"), now()
    Presence.note(incident=incident, by=priya, at=at)
    assert [one.seconds_left for one in others_writing(incident, by=ada, at=at + timedelta(seconds=59))] == [1]
    assert others_writing(incident, by=ada, at=at + timedelta(seconds=60)) == []


def test_who_leaves_is_gone_at_once(ada: Client, incident: Incident) -> None:
    ada.post(f"/console/incidents/{incident.code}/presence")
    assert Presence.objects.count() == 1
    ada.post(f"/console/incidents/{incident.code}/presence", {"left": "on"})
    assert Presence.objects.count() == 0


def test_presence_is_no_event(ada: Client, incident: Incident) -> None:
    before = Event.objects.count()
    ada.post(f"/console/incidents/{incident.code}/presence")
    assert Event.objects.count() == before


def test_outsiders_and_viewers_do_not_write(incident: Incident, page: Page) -> None:
    for user in (make_outsider(), make_member(page, "viewer")):
        client = Client()
        client.force_login(user)
        assert client.post(f"/console/incidents/{incident.code}/presence").status_code in {403, 404}
    assert not Presence.objects.exists()


def test_an_unknown_incident_is_not_found(ada: Client, page: Page) -> None:
    assert ada.post("/console/incidents/abcdefghjkmn/presence").status_code == 404
