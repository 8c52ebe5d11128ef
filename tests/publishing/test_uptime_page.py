import re
from datetime import timedelta

import pytest
from django.test import Client

from incidents.publishing.documents.uptime import component, uptime
from incidents.publishing.facts.documents import component_facts, uptime_facts
from incidents.publishing.facts.rows import Rows
from incidents.timeline.models import Component, Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.many import make_many
from tests.publishing.reading import faults, headings, index_html, words

pytestmark = pytest.mark.django_db


def outage(page: Page, api: Component, *, days_ago: int, length: int, state: str = "major_outage") -> None:
    at = NOON - timedelta(days=days_ago)
    incident = make_incident(page, at=at, title=f"Outage {days_ago}", components={api: state})
    incident.resolve(body="Done.", by="test", at=at + minutes(length))


def read(page: Page) -> str:
    return uptime(uptime_facts(Rows(page), seen_at=NOON)).decode()


def read_component(api: Component) -> str:
    return component(component_facts(Rows(api.page), api.code, seen_at=NOON)).decode()


def test_months_tell_uptime_downtime_and_incidents() -> None:
    page = make_page()
    api = make_component(page)
    outage(page, api, days_ago=3, length=60)
    outage(page, api, days_ago=30, length=100, state="partial_outage")
    outage(page, api, days_ago=31, length=100, state="degraded_performance")
    text = words(read(page))
    assert "Nov 2026 99.79% 1 hour 1" in text
    assert "Oct 2026 99.93% 30 minutes 2" in text
    assert "Sep 2026 100.00% none 0" in text
    assert "Jul 2026 No data none 0" in text


def test_the_table_of_all_components_folds_under_its_figures_and_that_of_one_is_open() -> None:
    page = make_page()
    api = make_component(page)
    outage(page, api, days_ago=3, length=60)
    make_component(page, name="Web")
    html = read(page)
    assert html.count('<details class="twin"><summary>') == html.count('<div class="strip" ') == 2
    assert re.search(r"API by month: 99\.\d+% over 90 days, 1 hour of downtime", words(html))
    assert "Web by month: No data" in words(html) or "over 90 days, no downtime" in words(html)
    assert '<details class="twin" open><summary>' in read_component(api)


def test_t10_the_table_and_the_strip_have_the_same_figure() -> None:
    page = make_page()
    api = make_component(page)
    outage(page, api, days_ago=3, length=61)
    (strip,) = re.findall(r"<span>(\d+\.\d+%) uptime", index_html(page, at=NOON))
    assert f"Last 90 days {strip} 1 hour 1 minute 1" in words(read(page))
    assert f"Last 90 days {strip} 1 hour 1 minute 1" in words(read_component(api))


def test_t04_a_second_of_downtime_never_reads_whole() -> None:
    page = make_page()
    api = make_component(page)
    api.set_status("major_outage", by="test", at=NOON - timedelta(days=2))
    api.set_status("operational", by="test", at=NOON - timedelta(days=2) + timedelta(seconds=1))
    assert "Last 90 days 99.999%" in words(read(page))


def test_the_method_is_stated() -> None:
    page = make_page(time_zone="America/Los_Angeles")
    make_component(page)
    text = words(read(page))
    assert "a partial outage 30% of its time" in text
    assert "degraded performance and maintenance do not count as downtime" in text
    assert "over days in PST" in text


def test_only_public_showcased_components_are_listed(client: Client) -> None:
    page = make_page()
    make_component(page)
    make_component(page, name="Vault", visibility="staff")
    make_component(page, name="Forum", showcase=False)
    make_component(page, name="Fax").archive(by="test", at=NOON)
    html = client.get("/uptime").content.decode()
    assert [one for one in headings(html) if one.startswith("h2")] == ["h2 API", "h2 About this page"]
    assert not faults(html)
    assert client.post("/uptime").status_code == 405


def test_a_component_page_tells_state_incidents_and_what_is_to_come() -> None:
    page = make_page()
    api = make_component(page, group=make_group(page), description="Requests to api.example.com")
    outage(page, api, days_ago=9, length=60)
    make_incident(page, at=NOON - minutes(5), title="Open now", components={api: "degraded_performance"})
    make_maintenance(page, at=NOON - minutes(4), title="Soon", components=[api])
    html = read_component(api)
    assert headings(html)[:-1] == [
        "h1 API",
        "h2 Open incidents",
        "h3 Open now",
        "h2 Maintenance to come",
        "h3 Soon",
        "h2 Uptime",
        "h3 Twelve months",
        "h2 Past incidents",
        "h3 Outage 9",
        "h2 Follow and embed",
    ]
    assert "Degraded performance · part of Core platform" in words(html)
    assert "Requests to api.example.com" in words(html)
    assert not faults(html)


@pytest.mark.parametrize("fields", [{"visibility": "staff"}])
def test_a_staff_component_is_not_there(client: Client, fields: dict[str, str]) -> None:
    hidden = make_component(make_page(), name="Vault", **fields)
    answer = client.get(f"/c/{hidden.code}")
    assert answer.status_code == 404
    assert b"Vault" not in answer.content


def test_an_unknown_archived_or_foreign_component_is_not_there(client: Client) -> None:
    gone = make_component(make_page())
    gone.archive(by="test", at=NOON)
    foreign = make_component(make_page(name="Other", host="other.example"))
    for code in ("zzzzzzzzzzzz", gone.code, foreign.code):
        assert client.get(f"/c/{code}").status_code == 404


def test_a_component_page_answers_and_refuses_writing(client: Client) -> None:
    api = make_component(make_page())
    assert client.get(f"/c/{api.code}").status_code == 200
    assert client.post(f"/c/{api.code}").status_code == 405


def test_a_component_page_draws_twelve_months_and_says_how_to_follow_it() -> None:
    page = make_page(at=NOON - timedelta(days=400))
    api = make_component(page)
    outage(page, api, days_ago=200, length=60)
    html = read_component(api)
    assert 'aria-label="API, last 12 months: 99.98% uptime; 1 day with trouble"' in html
    assert "Dec 2025" in words(html)
    assert f'href="/subscribe?component={api.code}"' in html
    assert f'href="/history/search.atom?component={api.code}"' in html
    assert f'<img src="/badge/{api.code}.svg" alt="Badge" height="28">' in html
    assert re.search(rf"<code>https?://[^/]+/badge/{api.code}\.svg</code>", html)
    assert not faults(html)


def test_a_component_without_uptime_has_no_picture_of_it() -> None:
    page = make_page()
    html = read_component(make_component(page, showcase=False))
    assert "last 12 months" not in html


def test_more_than_a_hundred_components_have_a_row_each_on_the_uptime_page() -> None:
    page = make_page()
    parts = make_many(page, 101, of_each=60)
    outage(page, parts[3], days_ago=3, length=60)
    html = read(page)
    assert [one for one in headings(html) if one.startswith("h2")][:2] == ["h2 Region 0", "h2 Region 1"]
    assert html.count('<th scope="row">') == 101
    assert '<div class="strip"' not in html
    (strip,) = re.findall(r"Part 3, last 90 days: (\d+\.\d+%) uptime", read_component(parts[3]))
    assert f"Part 3 {strip} 1 hour 1" in words(html)
    assert not faults(html)
