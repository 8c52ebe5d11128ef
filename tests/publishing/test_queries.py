from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.publishing.facts.calendar import calendar_facts
from incidents.publishing.facts.documents import (
    component_facts,
    feed_facts,
    history_facts,
    incident_facts,
    index_facts,
    uptime_facts,
)
from incidents.publishing.facts.records import incident_record, now_records, recent_incidents, recent_maintenances
from incidents.publishing.facts.rows import Rows
from incidents.publishing.readings import Readings
from incidents.timeline.models import Component, Incident, Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

READERS: dict[str, Callable[[Page, Component], Any]] = {
    "index": lambda page, _: index_facts(Rows(page), seen_at=NOON),
    "history": lambda page, _: history_facts(Rows(page), 1, seen_at=NOON),
    "uptime": lambda page, _: uptime_facts(Rows(page), seen_at=NOON),
    "component": lambda page, api: component_facts(Rows(page), api.code, seen_at=NOON),
    "feeds": lambda page, _: feed_facts(Rows(page), seen_at=NOON),
    "incident": lambda page, _: incident_facts(Rows(page), page.incidents.get(title="Told 0").code),
    "now": lambda page, _: now_records(Rows(page)),
    "recent incidents": lambda page, _: recent_incidents(Rows(page)),
    "recent maintenances": lambda page, _: recent_maintenances(Rows(page)),
    "record": lambda page, _: incident_record(Rows(page), page.incidents.get(title="Told 0").code),
    "calendar": lambda page, _: calendar_facts(Rows(page), seen_at=NOON),
    "sitemap": lambda page, _: Readings(page, seen_at=NOON).sitemap,
}


def told(page: Page, api: Component, numbers: range) -> None:
    for number in numbers:
        at = NOON - timedelta(days=number % 80, hours=number % 7 + 1)
        incident = make_incident(page, at=at, title=f"Told {number}", components={api: "partial_outage"})
        incident.resolve(body="Done.", by="test", at=at + minutes(30))


@pytest.mark.parametrize("name", READERS)
def test_the_number_of_queries_does_not_grow_with_history(name: str) -> None:
    page = make_page()
    api = make_component(page, group=make_group(page))
    make_maintenance(page, components=[api])
    told(page, api, range(10))
    with CaptureQueriesContext(connection) as few:
        READERS[name](page, api)
    told(page, api, range(10, 40))
    for number in range(5):
        make_component(page, name=f"Component {number}")
    with CaptureQueriesContext(connection) as many:
        READERS[name](page, api)
    assert len(many) == len(few)
    assert len(few) <= 20


def test_the_first_page_costs_the_same_with_ten_and_with_a_thousand_incidents() -> None:
    page = make_page()
    api = make_component(page)
    told(page, api, range(10))
    with CaptureQueriesContext(connection) as few:
        index_facts(Rows(page), seen_at=NOON)
    resolved = page.phases.get(slug="resolved")
    old = [
        Incident(
            page=page,
            title=f"Old {number}",
            phase=resolved,
            visibility="public",
            impact_started_at=NOON - timedelta(days=100 + number),
            resolved_at=NOON - timedelta(days=100 + number),
            created_at=NOON,
            updated_at=NOON,
        )
        for number in range(1018)
    ]
    Incident.objects.bulk_create(old)
    with CaptureQueriesContext(connection) as many:
        facts = index_facts(Rows(page), seen_at=NOON)
    assert len(many) == len(few)
    assert len(facts.past) <= 10
