import re
from datetime import timedelta

import pytest
from django.test import Client

from incidents.publishing.documents.month_table import month_table
from incidents.publishing.readings import NothingThere, Readings
from incidents.timeline.models import Page
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes

pytestmark = pytest.mark.django_db


def table(page: Page, number: int = 1) -> str:
    return month_table(Readings(page, seen_at=NOON).months(number)).decode()


def test_h04_a_day_names_its_worst_state_and_leads_to_its_only_incident() -> None:
    page = make_page(at=NOON - timedelta(days=100))
    api = make_component(page)
    at = NOON - timedelta(days=3)
    incident = make_incident(page, at=at, components={api: "partial_outage"})
    incident.resolve(body="Over.", by="test", at=at + minutes(30))
    html = table(page)
    [link] = re.findall(r'<td[^>]*><a href="([^"]+)"[^>]*><span class="hidden-text">([^<]+)</span>', html)
    assert link == (f"/incidents/{incident.code}", f"{at.day} {at:%B}, partial outage, 1 incident")


def test_an_incident_stands_on_every_day_it_lasted_also_across_pages() -> None:
    page = make_page(at=NOON - timedelta(days=400))
    began = NOON - timedelta(days=110)
    incident = make_incident(page, at=began, components={make_component(page): "degraded_performance"})
    incident.resolve(body="Over.", by="test", at=began + timedelta(days=40))
    newer, older = table(page, 1), table(page, 2)
    days = newer.count(f'href="/incidents/{incident.code}"') + older.count(f'href="/incidents/{incident.code}"')
    assert days == 41
    assert 'href="/history/calendar"' in older


def test_several_incidents_of_a_day_lead_to_the_month_in_history() -> None:
    page = make_page()
    for number in range(2):
        make_incident(page, at=NOON - minutes(number + 1), title=f"Story {number}")
    html = table(page)
    assert f'href="/history#{NOON:%Y-%m}"' in html
    assert "2 incidents" in html


def test_maintenance_to_come_is_not_history_and_today_is_marked() -> None:
    page = make_page()
    make_maintenance(page, components=[make_component(page)])
    html = table(page)
    assert "/incidents/" not in html
    assert html.count('class="today"') == 1


def test_nothing_is_told_beyond_the_oldest_page(client: Client) -> None:
    page = make_page()
    with pytest.raises(NothingThere):
        Readings(page, seen_at=NOON).months(2)
    assert client.get("/history/calendar").status_code == 200
    assert client.get("/history/calendar/2").status_code == 404
    assert client.get("/history/calendar/x").status_code == 404
