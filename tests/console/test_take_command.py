"""Taking over command of an incident."""

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_incident, make_member, make_staff, minutes


def test_command_is_taken_by_one_post_and_logged(ada: Client, page: Page) -> None:
    incident = make_incident(page, at=now() - minutes(20))
    incident.take_command(by=make_staff(name="priya"), at=now())
    answer = ada.post(f"/console/incidents/{incident.code}/command")
    assert answer.status_code == 303
    incident.refresh_from_db()
    assert incident.commander_name == "ada"
    event = page.events.filter(kind="incident.command_taken").order_by("-seq")[0]
    assert (event.payload["from"], event.payload["to"], event.notify) == ("priya", "ada", False)
    assert "Incident command taken: priya → ada" in ada.get("/console/history").content.decode()


def test_who_leads_already_changes_nothing(ada: Client, page: Page) -> None:
    incident = make_incident(page, at=now() - minutes(20))
    for _ in range(2):
        ada.post(f"/console/incidents/{incident.code}/command")
    assert page.events.filter(kind="incident.command_taken").count() == 1


def test_a_viewer_may_not(page: Page, api: Component) -> None:
    incident = make_incident(page, at=now() - minutes(20))
    client = Client()
    client.force_login(make_member(page, "viewer"))
    assert client.post(f"/console/incidents/{incident.code}/command").status_code == 403
    incident.refresh_from_db()
    assert incident.commander is None


def test_an_incident_of_another_page_is_not_found(ada: Client, page: Page) -> None:
    assert ada.post("/console/incidents/abcdefghjkmn/command").status_code == 404
