from datetime import timedelta

import pytest

from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes
from tests.publishing.api.reading import INCIDENT, document

pytestmark = pytest.mark.django_db


def test_the_summary_has_its_keys_in_their_order() -> None:
    page = make_page()
    told = document(page, "api_summary")
    assert list(told) == ["page", "components", "incidents", "scheduled_maintenances", "status"]


def test_only_what_is_open_or_planned_is_in_it() -> None:
    page = make_page()
    api = make_component(page)
    make_incident(page, title="Open", components={api: "major_outage"})
    make_incident(page, title="Over").resolve(body="Done.", by="test", at=NOON + minutes(5))
    make_maintenance(page, title="Planned")
    running = make_maintenance(page, title="Running", starts_at=NOON)
    running.start(by="test", at=NOON)
    done = make_maintenance(page, title="Done", starts_at=NOON)
    done.start(by="test", at=NOON)
    done.finish(by="test", at=NOON + minutes(5))
    make_maintenance(page, title="Cancelled").cancel(body="Not needed.", by="test", at=NOON)
    told = document(page, "api_summary")
    assert [one["name"] for one in told["incidents"]] == ["Open"]
    assert {one["name"] for one in told["scheduled_maintenances"]} == {"Planned", "Running"}
    assert told["status"]["indicator"] == "critical"


def test_a_maintenance_is_an_incident_with_a_window() -> None:
    page = make_page()
    make_maintenance(page)
    (told,) = document(page, "api_summary")["scheduled_maintenances"]
    assert list(told) == [*INCIDENT, "scheduled_for", "scheduled_until"]
    assert told["scheduled_for"] == "2026-11-22T12:00:00.000Z"
    assert told["scheduled_until"] == "2026-11-22T14:00:00.000Z"
    assert (told["status"], told["impact"]) == ("scheduled", "maintenance")
    assert told["started_at"] == "2026-11-21T12:00:00.000Z"


def test_the_newest_is_first() -> None:
    page = make_page()
    for hours in (3, 1, 2):
        make_incident(page, title=f"{hours} hours ago", at=NOON - timedelta(hours=hours))
    names = [one["name"] for one in document(page, "api_summary")["incidents"]]
    assert names == ["1 hours ago", "2 hours ago", "3 hours ago"]
