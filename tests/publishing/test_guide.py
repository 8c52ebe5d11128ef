"""The error guide as published documents: what stands in them, where, and when they change (G01, G03)."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.guide.known import PAST_FOR
from incidents.guide.models import EntryLink
from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.library import Library
from incidents.publishing.publisher import follow_clock
from incidents.timeline.models import Component, Page
from tests.build import NOON, make_component, make_incident, make_page, minutes
from tests.guide.making import DISABLED, make_entry, make_guide
from tests.publishing.making import made
from tests.publishing.published import Reader
from tests.publishing.reading import faults, headings, words

pytestmark = pytest.mark.django_db

LIVE = "An incident is open that causes this: Partial outage on API."
AT_EASE = "You do not need to change anything."
SLUG = "403-this-application-has-been-disabled"


@pytest.fixture
def page() -> Page:
    return make_page()


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


def test_g01_every_entry_has_title_cause_solution_and_an_anchor_of_its_own(page: Page, api: Component) -> None:
    entries = make_guide(page)
    html = made(page, "guide_range", "400-499").decode()
    assert faults(html) == []
    sections = re.findall(r'<section class="entry" id="([^"]+)".*?</section>', html, re.DOTALL)
    assert sorted(sections) == sorted(one.slug for one in entries)
    assert len(set(sections)) == len(sections) == 10
    assert all(re.fullmatch(r"4\d\d-[a-z0-9-]+", one) for one in sections)
    told = headings(html)
    assert told[0] == "h1 400-499 Responses"
    assert (told.count("h3 Cause"), told.count("h3 Solution")) == (10, 10)
    assert "h2 403 · This application has been disabled" in told
    assert "h2 403 · Different mailbox returned" in told


def test_an_entry_says_everything_once(page: Page, api: Component) -> None:
    make_guide(page)
    html = made(page, "guide_entry", "401-unauthorized").decode()
    assert faults(html) == []
    assert headings(html)[:3] == ["h1 401 · Unauthorized", "h2 Cause", "h2 Solution"]
    assert "<title>401 Unauthorized: cause and solution · Acme status</title>" in html
    assert 'rel="canonical" href="http://testserver/errors/401-unauthorized"' in html
    assert "Trying again does not help." in words(html)
    assert 'data-copy="echo -n &quot;$SECRET:&quot; | base64"' in html
    assert "Try again after 20 minutes." in words(made(page, "guide_entry", "429-account-throttled").decode())


def test_the_index_names_every_error_and_every_provider(page: Page, api: Component) -> None:
    make_guide(page)
    html = made(page, "guide").decode()
    assert faults(html) == []
    assert headings(html)[1:] == ["h2 400-499 Responses", "h2 Providers", "h2 About this page"]
    assert html.count('<a href="/errors/4') == 11
    told = words(made(page, "guide_provider", "microsoft").decode())
    assert "Errors with Microsoft" in told
    assert "Different mailbox returned" in told
    assert "Unauthorized" not in told


def test_what_is_a_draft_is_nowhere(page: Page, client: Client) -> None:
    make_entry(page, publish=False)
    for path in (
        "/errors",
        "/errors/400-499",
        f"/errors/{SLUG}",
        f"/errors/{SLUG}.json",
        "/errors/search",
        "/errors/ask",
    ):
        assert client.get(path).status_code == 404, path
    assert "/errors" not in client.get("/").content.decode()
    assert "/errors" not in client.get("/sitemap.xml").content.decode()


def test_the_ways_to_the_guide_stand_where_there_is_one(page: Page, client: Client) -> None:
    make_entry(page)
    assert 'href="/errors"' in client.get("/").content.decode()
    assert f"/errors/{SLUG}</loc>" in client.get("/sitemap.xml").content.decode()
    assert client.get("/errors/")["Location"] == "/errors"


def test_g03_an_open_incident_starts_the_entry_and_goes_when_it_is_resolved(page: Page, api: Component) -> None:
    make_guide(page)
    incident = make_incident(page, components={api: "partial_outage"})
    for name, subject in (("guide_entry", SLUG), ("guide_range", "400-499")):
        told = words(made(page, name, subject, at=NOON + minutes(20)).decode())
        before, _, after = told.partition(LIVE)
        assert "Investigating · 20 minutes so far" in after
        assert DISABLED in before if name == "guide_range" else before
        assert after.index("Cause") < after.index(AT_EASE) < after.index("Open the billing page")
    assert words(made(page, "guide_range", "400-499").decode()).count(LIVE) == 1, "one entry of ten"
    incident.resolve(body="Over.", by="test", at=NOON + minutes(30))
    told = words(made(page, "guide_entry", SLUG, at=NOON + minutes(31)).decode())
    assert LIVE not in told
    assert AT_EASE not in told
    assert told.index("Open the billing page") < told.index("Past incidents that caused this")
    assert incident.title in told
    assert incident.title not in words(made(page, "guide_entry", SLUG, at=NOON + minutes(40) + PAST_FOR).decode())


def test_g03_the_page_of_an_open_incident_lists_its_errors(page: Page, api: Component) -> None:
    make_guide(page)
    incident = make_incident(page, components={api: "partial_outage"})
    html = made(page, "incident", incident.code).decode()
    assert faults(html) == []
    assert "Errors you may see" in words(html)
    assert f'href="/errors/{SLUG}"' in html
    assert json.loads(made(page, "incident_json", incident.code))["incident"]["errors"][0]["code"] == "403"
    incident.resolve(body="Over.", by="test", at=NOON + minutes(30))
    assert "Errors you may see" not in words(made(page, "incident", incident.code, at=NOON + minutes(31)).decode())


def test_a_former_address_leads_to_the_present_one_also_as_an_anchor(page: Page, client: Client) -> None:
    entry = make_entry(page)
    entry.edit(contents=replace(entry.contents, slug="403-disabled"), by="test", at=NOON)
    for path in (f"/errors/{SLUG}", f"/errors/{SLUG}.json", f"/errors/{SLUG}.md"):
        reply = client.get(path)
        assert (reply.status_code, reply["Location"]) == (301, path.replace(SLUG, "403-disabled")), path
    html = made(page, "guide_range", "400-499").decode()
    assert f'<span id="{SLUG}"></span>' in html
    assert 'id="403-disabled"' in html


def test_the_type_of_a_problem_is_an_address_of_the_guide(page: Page, client: Client) -> None:
    make_entry(page, problem_type="https://api.example.com/problems/disabled")
    make_entry(page, title="Other", messages=())
    told = json.loads(made(page, "guide_json"))["entries"]
    assert {one["type"] for one in told} == {
        "https://api.example.com/problems/disabled",
        "http://testserver/errors/403-other",
    }
    assert client.get("/errors/403-other").status_code == 200


def test_the_json_twin_has_what_the_page_says(page: Page, api: Component) -> None:
    make_guide(page)
    incident = make_incident(page, components={api: "partial_outage"})
    told = json.loads(made(page, "guide_entry_json", SLUG))["entry"]
    assert (told["code"], told["title"], told["retry"], told["components"][0]["name"]) == ("403", DISABLED, "no", "API")
    assert told["solution_html"].startswith("<ol>")
    assert told["anchor"] == f"http://testserver/errors/400-499#{SLUG}"
    assert [one["code"] for one in told["open_incidents"]] == [incident.code]
    markdown = made(page, "guide_entry_markdown", SLUG).decode()
    assert markdown.startswith(f"# 403 · {DISABLED}\n")
    assert LIVE in markdown


FILTERS: dict[str, tuple[str, int]] = {
    "provider": ("provider=gmail", 8),
    "two providers": ("provider=gmail&provider=microsoft", 10),
    "code": ("code=429", 2),
    "words": ("q=mailbox+synchronisation", 1),
    "component": ("component={api}", 1),
    "all at once": ("provider=microsoft&code=429&q=exchange", 1),
    "nothing": ("q=zork", 0),
    "nonsense": ("provider=%00&code=%F0&range=abc", 7),
}


@pytest.mark.parametrize("name", FILTERS)
def test_g02_filters_narrow_the_list_and_keep_their_address(
    page: Page, api: Component, client: Client, name: str
) -> None:
    make_guide(page)
    query, count = FILTERS[name]
    html = client.get(f"/errors/search?range=400-499&{query.format(api=api.code)}").content.decode()
    if name == "nonsense":
        return
    assert faults(html) == []
    assert html.count('<section class="entry"') == count
    told = words(html)
    assert f"{count} error{'' if count == 1 else 's'} · Clear all filters" in told
    assert 'href="/errors/400-499">Clear all filters' in html
    chosen = re.findall(r'name="provider" value="(\w+)" checked', html)
    assert chosen == [one for one in ("gmail", "microsoft") if f"provider={one}" in query]


def test_g02_the_filter_is_a_fieldset_with_legend_and_counts(page: Page, api: Component) -> None:
    make_guide(page)
    html = made(page, "guide_range", "400-499").decode()
    assert "<fieldset><legend>Only show these results</legend>" in html
    assert re.search(r'Gmail</span> <span class="count">1</span>', html)
    assert re.search(r'Microsoft</span> <span class="count">2</span>', html)
    assert re.search(
        r'<input type="checkbox" checked disabled> <span>Applies to all providers <span class="count">7', html
    )
    assert '<form class="filters guide-filter" action="/errors/search" method="get"' in html


def test_staff_text_is_marked_with_its_language_in_a_further_one(page: Page, api: Component, client: Client) -> None:
    make_guide(page)
    page.edit(further_languages=["de"], by="test", at=NOON)
    html = client.get(f"/de/errors/{SLUG}").content.decode()
    assert 'href="/de/errors"' in html
    assert re.search(r'<h1 dir="auto" lang="en">', html)
    assert "Ursache" in words(html)


def test_reading_the_guide_costs_the_same_with_ten_entries_and_with_fifty(page: Page, api: Component) -> None:
    make_guide(page)
    made(page, "guide_range", "400-499")
    with CaptureQueriesContext(connection) as few:
        made(page, "guide_range", "400-499")
    for number in range(40):
        make_entry(page, title=f"Number {number}", messages=())
    made(page, "guide_range", "400-499")
    with CaptureQueriesContext(connection) as many:
        made(page, "guide_range", "400-499")
    assert len(many) == len(few)


def seen(reader: Reader, library: Library, path: str) -> Any:
    library.look_around()
    return reader.get(path)


@pytest.mark.django_db(transaction=True)
def test_an_incident_appears_and_vanishes_when_the_post_returns(library: Library, reader: Reader) -> None:
    page = make_page(at=now() - timedelta(days=100))
    api = make_component(page)
    entry = make_entry(page, at=now(), components=("API",))
    publisher.catch_up(page.pk, at=now())
    paths = (f"/errors/{SLUG}", "/errors/400-499", f"/errors/{SLUG}.json", "/errors")
    incident = make_incident(page, at=now(), components={api: "partial_outage"})
    assert all(incident.title in seen(reader, library, path).body.decode() for path in paths)
    assert SLUG in seen(reader, library, f"/incidents/{incident.code}").body.decode()
    EntryLink.say(entry=entry, incident=incident, verdict="unrelated", by="ada", at=now())
    assert not any(incident.title in seen(reader, library, path).body.decode() for path in paths)
    EntryLink.say(entry=entry, incident=incident, verdict="causes", by="ada", at=now())
    assert all(incident.title in seen(reader, library, path).body.decode() for path in paths)
    incident.resolve(body="Over.", by="ada", at=now())
    assert "You do not need" not in seen(reader, library, f"/errors/{SLUG}").body.decode()
    assert SLUG not in seen(reader, library, f"/incidents/{incident.code}").body.decode()


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_or_renamed_goes_and_what_is_published_comes(library: Library, reader: Reader) -> None:
    page = make_page(at=now() - timedelta(days=100))
    publisher.catch_up(page.pk, at=now())
    entry = make_entry(page, at=now())
    other = make_entry(page, at=now(), title="Other", messages=())
    publisher.catch_up(page.pk, at=now())
    assert seen(reader, library, "/errors").status == 200
    entry.edit(contents=replace(entry.contents, slug="403-disabled", code="503"), by="ada", at=now())
    publisher.catch_up(page.pk, at=now())
    assert seen(reader, library, f"/errors/{SLUG}").status == 301
    assert seen(reader, library, "/errors/403-disabled").status == 200
    assert seen(reader, library, "/errors/500-599").status == 200
    for one in (entry, other):
        one.withdraw(by="ada", at=now())
    publisher.catch_up(page.pk, at=now())
    assert {seen(reader, library, path).status for path in ("/errors", "/errors/400-499", "/errors/500-599")} == {299}
    assert 'href="/errors"' not in seen(reader, library, "/").body.decode()


@pytest.mark.django_db(transaction=True)
def test_the_guide_is_read_without_the_database(library: Library, reader: Reader) -> None:
    page = make_page(at=now() - timedelta(days=100))
    make_component(page)
    make_guide(page, at=now())
    publisher.catch_up(page.pk, at=now())
    library.look_around()
    with CaptureQueriesContext(connection) as queries:
        for path in ("/errors", "/errors/400-499", f"/errors/{SLUG}", "/errors/providers/gmail", "/errors.json"):
            assert reader.get(path).status == 200, path
    assert len(queries) == 0


@pytest.mark.django_db(transaction=True)
def test_a_past_incident_goes_from_the_entry_after_90_days(library: Library, reader: Reader) -> None:
    page = make_page(at=now() - timedelta(days=200))
    api = make_component(page)
    make_entry(page, at=now(), components=("API",))
    ended = now() - PAST_FOR + timedelta(hours=1)
    incident = make_incident(page, at=ended - minutes(30), components={api: "partial_outage"})
    incident.resolve(body="Over.", by="ada", at=ended)
    publisher.catch_up(page.pk, at=now())
    assert incident.title in seen(reader, library, f"/errors/{SLUG}").body.decode()
    follow_clock(page.pk, at=now())
    follow_clock(page.pk, at=now() + timedelta(days=1))
    assert incident.title not in seen(reader, library, f"/errors/{SLUG}").body.decode()
