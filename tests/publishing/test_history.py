from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from incidents.publishing.documents.history import history
from incidents.publishing.facts.documents import history_facts
from incidents.publishing.facts.rows import Rows
from incidents.timeline.models import Incident, Page
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes
from tests.publishing.reading import faults, headings, index_html, words

pytestmark = pytest.mark.django_db


def read(page: Page, number: int = 1) -> str:
    return history(history_facts(Rows(page), number, seen_at=NOON)).decode()


def ended(page: Page, at: datetime, title: str, length: int = 48) -> Incident:
    incident = make_incident(page, at=at, title=title)
    incident.resolve(body="It is over.", by="test", at=at + minutes(length))
    return incident


def test_h05_three_months_newest_first_with_every_incident() -> None:
    page = make_page(at=datetime(2026, 1, 1, tzinfo=UTC))
    for number in range(12):
        ended(page, NOON - timedelta(days=number), f"November {number}")
    ended(page, datetime(2026, 9, 3, tzinfo=UTC), "September")
    ended(page, datetime(2026, 8, 3, tzinfo=UTC), "August")
    html = read(page)
    assert [one for one in headings(html) if one.startswith("h2")][:3] == [
        "h2 November 2026",
        "h2 October 2026",
        "h2 September 2026",
    ]
    titles = [one.removeprefix("h3 ") for one in headings(html) if one.startswith("h3")]
    assert titles == [*(f"November {number}" for number in range(12)), "September"]
    assert "October 2026 No incidents reported." in words(html)
    assert 'href="?page=2">Jun – Aug 2026</a>' in html
    assert not faults(html)


def test_the_second_page_goes_on_where_the_first_ends() -> None:
    page = make_page(at=datetime(2026, 1, 1, tzinfo=UTC))
    ended(page, datetime(2026, 8, 3, tzinfo=UTC), "August")
    html = read(page, 2)
    assert "h3 August" in headings(html)
    assert "Older" not in html
    assert 'href="?page=1">Newer</a>' in html


def test_the_way_back_leads_past_quarters_in_which_nothing_happened() -> None:
    page = make_page(at=datetime(2023, 1, 1, tzinfo=UTC))
    ended(page, datetime(2023, 4, 5, tzinfo=UTC), "April")
    ended(page, datetime(2026, 8, 3, tzinfo=UTC), "August")
    assert 'href="?page=2">Jun – Aug 2026</a>' in read(page)
    assert 'href="?page=15">Mar – May 2023, nothing in between</a>' in read(page, 2)
    html = read(page, 15)
    assert "h3 April" in headings(html)
    assert 'rel="next"' not in html


def test_an_incident_is_filed_under_the_month_it_ended_in_the_page_zone() -> None:
    page = make_page(at=datetime(2026, 1, 1, tzinfo=UTC), time_zone="America/Los_Angeles")
    ended(page, datetime(2026, 11, 1, 5, 0, tzinfo=UTC), "Halloween", length=60)
    ended(page, datetime(2026, 10, 31, 20, 0, tzinfo=UTC), "Into November", length=12 * 60)
    text = words(read(page))
    november, october = text.index("November 2026"), text.index("October 2026")
    assert november < text.index("Into November") < october < text.index("Halloween")


def test_an_entry_tells_state_time_length_and_what_came_of_it() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    incident = make_incident(
        page, at=NOON - minutes(60), components={api: "partial_outage", web: "degraded_performance"}
    )
    incident.resolve(body="Deliveries are on time again.", by="test", at=NOON - minutes(12))
    text = words(read(page))
    assert "Partial outage · Nov 21, 11:00 – 11:48 UTC · 48 minutes · API and Web" in text
    assert "Deliveries are on time again." in text


def test_open_incidents_stand_in_this_month_and_maintenance_to_come_above_it() -> None:
    page = make_page()
    make_incident(page, at=NOON - timedelta(days=60), title="Endless")
    make_maintenance(page, starts_at=NOON + timedelta(days=50), title="Later")
    make_maintenance(page, starts_at=NOON + timedelta(days=40), title="Sooner")
    text = words(read(page))
    assert text.index("November 2026") < text.index("Endless") < text.index("October 2026")
    assert text.index("Sooner") < text.index("Later") < text.index("November 2026")
    assert "Maintenance · Dec 31, 12:00 – 14:00 UTC · 2 hours · Scheduled" in text
    assert "Maintenance · Jan 10, 2027, 12:00 – 14:00 UTC · 2 hours · Scheduled" in text


def test_a_finished_maintenance_states_how_long_it_took_not_how_long_was_planned() -> None:
    page = make_page()
    window = make_maintenance(page, starts_at=NOON - minutes(180), ends_at=NOON - minutes(60), at=NOON - minutes(600))
    window.start(by="test", at=NOON - minutes(178))
    window.finish(body="Done.", by="test", at=NOON - minutes(130))
    assert "Maintenance · Nov 21, 09:02 – 09:50 UTC · 48 minutes" in words(read(page))
    assert "48 minutes" in words(index_html(page, at=NOON))


def test_drafts_are_not_history() -> None:
    page = make_page()
    Incident.prepare(page=page, title="Secret", by="test", at=NOON)
    assert "Secret" not in read(page)


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "", "²", "401", "99999999999999999999"])
def test_a_page_number_that_is_none_is_not_there(client: Client, number: str) -> None:
    make_page()
    assert client.get("/history", {"page": number}).status_code == 404


def test_a_page_before_the_first_incident_is_empty(client: Client) -> None:
    make_page()
    answer = client.get("/history", {"page": "40"})
    assert answer.status_code == 200
    assert answer.content.count(b"No incidents reported.") == 3


def test_history_refuses_writing(client: Client) -> None:
    make_page()
    assert client.post("/history").status_code == 405
