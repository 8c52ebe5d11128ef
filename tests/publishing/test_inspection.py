import json
from datetime import timedelta

import pytest
from django.test import Client

from incidents.publishing.documents.inspection import inspection
from incidents.publishing.readings import Readings
from tests.build import NOON, make_component, make_incident, make_page, minutes

pytestmark = pytest.mark.django_db


def test_a_day_tells_its_states_its_incidents_and_where_to_read_on() -> None:
    page = make_page(at=NOON - timedelta(days=200))
    api = make_component(page, name="API")
    for number in range(4):
        at = NOON - timedelta(days=40) + minutes(30 * number)
        incident = make_incident(page, at=at, title=f"Story {number}", components={api: "partial_outage"})
        incident.resolve(body="Over.", by="test", at=at + minutes(10))
    facts = Readings(page, seen_at=NOON).component(api.code)
    told = json.loads(inspection(facts))
    assert len(told["days"]) == 90
    [day] = [day for day in told["days"] if day.get("eventful")]
    assert day["text"].endswith(": partial outage, 40 minutes; 4 incidents")
    assert day["lines"] == ["Partial outage, 40 minutes", "99.16% uptime on this day"]
    assert len(day["incidents"]) == 3
    assert day["more"] == 1
    assert day["history"].startswith("/history")
    assert told["days"][-1]["lines"] == ["No incidents recorded"]


def test_days_of_what_is_not_public_are_not_told(client: Client) -> None:
    page = make_page()
    vault = make_component(page, name="Vault", visibility="staff")
    assert client.get(f"/live/c/{vault.code}/days.json").status_code == 404
