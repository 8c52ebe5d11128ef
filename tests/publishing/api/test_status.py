import pytest
from django.test import Client

from incidents.timeline.models import Page
from incidents.timeline.system_status import system_status
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page
from tests.publishing.api.reading import PAGE, document

OK, DEGRADED, PARTIAL, MAJOR, WORK = (
    *("operational", "degraded_performance", "partial_outage"),
    *("major_outage", "under_maintenance"),
)


@pytest.mark.parametrize(
    ("states", "indicator", "description"),
    [
        ([], "none", "All Systems Operational"),
        ([OK, OK], "none", "All Systems Operational"),
        ([OK, WORK], "maintenance", "Service Under Maintenance"),
        ([OK, DEGRADED, WORK], "minor", "Partially Degraded Service"),
        ([DEGRADED, DEGRADED], "minor", "Degraded System Service"),
        ([OK, PARTIAL, DEGRADED], "minor", "Minor Service Outage"),
        ([PARTIAL, PARTIAL], "major", "Partial System Outage"),
        ([OK, MAJOR], "major", "Partial System Outage"),
        ([MAJOR, PARTIAL], "major", "Partial System Outage"),
        ([MAJOR, MAJOR], "critical", "Major System Outage"),
        ([MAJOR], "critical", "Major System Outage"),
    ],
)
def test_the_sentence_follows_the_component_states(states: list[str], indicator: str, description: str) -> None:
    found = system_status(states)
    assert (found.indicator, found.description) == (indicator, description)


@pytest.mark.django_db
def test_the_document_has_the_page_and_the_status_and_nothing_else() -> None:
    page = make_page(name="Acme", host="status.acme.example")
    make_component(page).set_status(PARTIAL, by="test", at=NOON)
    told = document(page, "api_status")
    assert list(told) == ["page", "status"]
    assert list(told["page"]) == PAGE
    assert told["page"]["id"] == page.code
    assert told["page"]["url"] == "http://status.acme.example"
    assert told["status"] == {"indicator": "major", "description": "Partial System Outage"}


@pytest.mark.django_db
def test_an_incident_or_maintenance_that_moves_no_component_leaves_it_quiet() -> None:
    page = make_page()
    make_component(page)
    make_incident(page)
    make_maintenance(page).start(by="test", at=NOON)
    assert document(page, "api_status")["status"]["indicator"] == "none"


@pytest.mark.django_db
def test_a_component_only_staff_see_does_not_count() -> None:
    page = make_page()
    make_component(page)
    make_component(page, name="Vault", visibility="staff").set_status(MAJOR, by="test", at=NOON)
    assert document(page, "api_status")["status"]["indicator"] == "none"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "name", "written"),
    [
        ("UTC", "Etc/UTC", "2026-11-21T12:00:00.000Z"),
        ("Etc/UTC", "Etc/UTC", "2026-11-21T12:00:00.000Z"),
        ("America/Tijuana", "America/Tijuana", "2026-11-21T04:00:00.000-08:00"),
        ("Europe/London", "Europe/London", "2026-11-21T12:00:00.000+00:00"),
        ("Asia/Kolkata", "Asia/Kolkata", "2026-11-21T17:30:00.000+05:30"),
    ],
)
def test_times_have_milliseconds_and_the_offset_of_the_page(zone: str, name: str, written: str) -> None:
    page = make_page(time_zone=zone, at=NOON)
    told = document(page, "api_status")["page"]
    assert (told["time_zone"], told["updated_at"]) == (name, written)


@pytest.mark.django_db
def test_any_origin_may_read_it_and_nobody_may_write(client: Client) -> None:
    make_page()
    answer = client.get("/api/v2/status.json", headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert not answer.cookies
    assert "Vary" not in answer
    assert client.post("/api/v2/status.json").status_code == 405


@pytest.mark.django_db
def test_without_a_page_there_is_no_status(client: Client) -> None:
    assert not Page.objects.exists()
    assert client.get("/api/v2/status.json").status_code == 404
