"""Title, impact, times of the story; lists; dismissing what is not public."""

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Event, Incident, Page
from tests.build import make_incident, minutes
from tests.console.filling import send


def test_title_impact_and_times_are_changed_and_nothing_else(ada: Client, page: Page) -> None:
    incident = make_incident(page, at=now() - minutes(20))
    began = incident.impact_started_at
    noticed = now() - minutes(18)
    answer = send(
        ada,
        f"/console/incidents/{incident.code}/edit",
        title="Another title",
        impact_override="minor",
        detected_by="customer",
        customer_noticed_at=f"{noticed:%Y-%m-%dT%H:%M}",
    )
    assert answer.status_code == 303
    incident.refresh_from_db()
    assert (incident.title, incident.impact, incident.detected_by) == ("Another title", "minor", "customer")
    assert incident.customer_noticed_at == noticed.replace(second=0, microsecond=0)
    assert incident.impact_started_at == began


def test_times_are_read_in_the_zone_of_the_page(ada: Client, page: Page) -> None:
    page.edit(time_zone="America/Los_Angeles", by="test", at=now())
    incident = make_incident(page, at=now() - minutes(20))
    send(
        ada,
        f"/console/incidents/{incident.code}/edit",
        detected_at="2026-07-01T08:00",
        impact_started_at="2026-07-01T07:30",
    )
    incident.refresh_from_db()
    assert incident.detected_at is not None
    assert incident.detected_at.isoformat() == "2026-07-01T15:00:00+00:00"


def test_bad_input_changes_nothing(ada: Client, page: Page) -> None:
    incident = make_incident(page, at=now() - minutes(20))
    before = Event.objects.count()
    for bad in (
        {"title": ""},
        {"impact_override": "huge"},
        {"impact_started_at": ""},
        {"impact_started_at": "2999-01-01T00:00"},
        {"impact_ended_at": "2020-01-01T00:00"},
        {"detected_by": "ghosts"},
    ):
        assert send(ada, f"/console/incidents/{incident.code}/edit", **bad).status_code == 422, bad
    assert Event.objects.count() == before


def test_the_list_is_paged(ada: Client, page: Page) -> None:
    for number in range(51):
        make_incident(page, at=now() - minutes(number + 1), title=f"Number {number}")
    first = ada.get("/console/incidents").content.decode()
    assert "Number 0<" in first
    assert "1 – 50 of 51" in first
    assert "Number 50<" in ada.get("/console/incidents?part=2").content.decode()
    assert ada.get("/console/incidents?part=nonsense").status_code == 200


def test_a_draft_is_dismissed_for_a_reason_and_a_public_incident_is_not(ada: Client, page: Page) -> None:
    draft = Incident.prepare(page=page, title="Maybe", by="test", at=now())
    address = f"/console/incidents/{draft.code}/discard"
    assert send(ada, address, reason="").status_code == 422
    assert send(ada, address, reason="A false alarm").status_code == 303
    assert not Incident.objects.exists()
    public = make_incident(page, at=now())
    assert send(ada, f"/console/incidents/{public.code}/discard", reason="Gone").status_code == 422
    assert Incident.objects.get() == public
