from datetime import timedelta

import pytest
from django.test import Client

from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.api.reading import INCIDENT, UPDATE, document

pytestmark = pytest.mark.django_db


def test_an_incident_and_its_updates_have_their_keys_in_their_order() -> None:
    page = make_page(host="status.acme.example")
    api = make_component(page, group=make_group(page, name="Core"))
    incident = make_incident(page, components={api: "partial_outage"}, body="Some *fail*.\nWe look.")
    told = document(page, "api_incident", incident.code)
    assert list(told) == ["page", "incident"]
    one = told["incident"]
    assert list(one) == INCIDENT
    assert (one["id"], one["page_id"], one["impact"]) == (incident.code, page.code, "major")
    assert one["shortlink"] == f"http://status.acme.example/incidents/{incident.code}"
    assert (one["monitoring_at"], one["resolved_at"]) == (None, None)
    assert [component["name"] for component in one["components"]] == ["API"]
    (update,) = one["incident_updates"]
    assert list(update) == UPDATE
    assert update["body"] == "Some *fail*.\nWe look."
    assert (update["incident_id"], update["deliver_notifications"]) == (incident.code, True)
    assert update["affected_components"] == [
        {"code": api.code, "name": "Core - API", "old_status": "operational", "new_status": "partial_outage"}
    ]


def test_updates_are_newest_first_and_one_that_names_no_component_says_null() -> None:
    page = make_page()
    incident = make_incident(page)
    incident.post_update(body="Fixed.", by="test", at=NOON + minutes(5), phase=page.phase("monitoring"), notify=False)
    incident.resolve(body="Over.", by="test", at=NOON + minutes(9))
    one = document(page, "api_incident", incident.code)["incident"]
    assert [update["status"] for update in one["incident_updates"]] == ["resolved", "monitoring", "investigating"]
    assert [update["affected_components"] for update in one["incident_updates"]] == [None, None, None]
    assert one["incident_updates"][1]["deliver_notifications"] is False
    assert one["monitoring_at"] == "2026-11-21T12:05:00.000Z"
    assert one["resolved_at"] == "2026-11-21T12:09:00.000Z"
    assert one["status"] == "resolved"


def test_a_phase_of_our_own_is_told_as_the_one_it_stands_for() -> None:
    page = make_page()
    incident = make_incident(page, phase=page.phase("reactivating"))
    assert document(page, "api_incident", incident.code)["incident"]["status"] == "identified"


def test_a_cancelled_maintenance_is_told_as_completed_which_compatible_programs_know() -> None:
    page = make_page()
    window = make_maintenance(page)
    window.cancel(body="Not needed.", by="test", at=NOON + minutes(5))
    one = document(page, "api_incident", window.code)["incident"]
    assert (one["status"], one["incident_updates"][0]["status"]) == ("completed", "completed")


def test_a_back_dated_incident_started_before_it_was_created() -> None:
    page = make_page()
    incident = make_incident(page, impact_started_at=NOON - minutes(30))
    one = document(page, "api_incident", incident.code)["incident"]
    assert (one["started_at"], one["created_at"]) == ("2026-11-21T11:30:00.000Z", "2026-11-21T12:00:00.000Z")


def test_what_was_removed_or_only_staff_see_is_not_told() -> None:
    page = make_page()
    vault, api = make_component(page, name="Vault", visibility="staff"), make_component(page)
    incident = make_incident(page, components={vault: "major_outage", api: "partial_outage"})
    update = incident.post_update(body="Wrong words.", by="test", at=NOON + minutes(1))
    update.remove(by="test", at=NOON + minutes(2), reason="Wrong")
    told = document(page, "api_incident", incident.code)
    assert "Vault" not in str(told)
    assert "Wrong words." not in str(told)


def test_the_newest_fifty_are_listed_open_or_not_without_maintenance() -> None:
    page = make_page()
    for number in range(52):
        make_incident(page, at=NOON - timedelta(hours=number), title=f"Told {number}")
    make_maintenance(page)
    names = [one["name"] for one in document(page, "api_incidents")["incidents"]]
    assert names == [f"Told {number}" for number in range(50)]


def test_unresolved_are_only_open_incidents() -> None:
    page = make_page()
    make_incident(page, title="Open")
    make_incident(page, title="Over").resolve(body="Done.", by="test", at=NOON + minutes(5))
    make_maintenance(page).start(by="test", at=NOON)
    told = document(page, "api_unresolved")
    assert list(told) == ["page", "incidents"]
    assert [one["name"] for one in told["incidents"]] == ["Open"]


def test_any_incident_has_an_address_and_an_unknown_one_has_none(client: Client) -> None:
    page = make_page()
    old = make_incident(page, at=NOON - timedelta(days=2000))
    assert client.get(f"/api/v2/incidents/{old.code}.json").json()["incident"]["id"] == old.code
    answer = client.get("/api/v2/incidents/000000000000.json")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    other = make_incident(make_page(name="Other", host="other.example"))
    assert client.get(f"/api/v2/incidents/{other.code}.json").status_code == 404
