from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes
from tests.publishing.api.reading import document

pytestmark = pytest.mark.django_db


def test_three_months_are_told_as_the_script_of_a_statuspage_reads_them() -> None:
    page = make_page(time_zone="America/Los_Angeles")
    api = make_component(page)
    started = datetime(2026, 11, 5, 4, 7, tzinfo=UTC)
    incident = make_incident(page, at=started, components={api: "partial_outage"})
    incident.resolve(body="It is **over**.", by="test", at=started + minutes(75))
    told = document(page, "history_months", "1")
    assert list(told) == [
        *("page_status", "components", "months", "show_component_filter", "show_uptime_calendar"),
        *("component_filter", "start_time", "end_time"),
    ]
    assert told["components"] == [{"id": api.code, "name": "API"}]
    assert told["page_status"]["status"]["description"] == "All Systems Operational"
    assert [(month["name"], month["year"]) for month in told["months"]] == [
        *(("November", 2026), ("October", 2026), ("September", 2026)),
    ]
    november = told["months"][0]
    # The first of November 2026 is a Sunday.
    assert (november["starts_on"], november["days"]) == (0, 30)
    assert november["incidents"] == [
        {
            "code": incident.code,
            "name": "Elevated error rates on the API",
            "message": "It is over.",
            "impact": "major",
            "timestamp": (
                "Nov <var data-var='date'> 4</var>, <var data-var='time'>20:07</var>"
                " - <var data-var='time'>21:22</var> PST"
            ),
        }
    ]
    assert (told["start_time"], told["end_time"]) == ("2026-09-01T00:00:00-07:00", "2026-11-30T23:59:59-08:00")


def test_the_second_date_is_told_where_the_day_differs() -> None:
    page = make_page()
    window = make_maintenance(page, starts_at=NOON, ends_at=NOON + minutes(24 * 60))
    (told,) = document(page, "history_months", "1")["months"][0]["incidents"]
    assert told["code"] == window.code
    assert told["timestamp"].count("data-var='date'") == 2


def test_later_pages_go_back_and_what_is_no_page_is_nowhere(client: Client) -> None:
    page = make_page(at=datetime(2020, 1, 1, tzinfo=UTC))
    old = make_incident(page, at=datetime(2025, 3, 3, tzinfo=UTC))
    old.resolve(body="Over.", by="test", at=datetime(2025, 3, 3, 1, tzinfo=UTC))
    newest = client.get("/history.json").json()
    assert client.get("/history.json?page=1").json() == newest
    older = client.get("/history.json?page=2").json()
    assert older["end_time"] < newest["start_time"]
    assert client.get("/history.json?page=nonsense").status_code == 404
    assert newest["months"][0]["incidents"] == []
