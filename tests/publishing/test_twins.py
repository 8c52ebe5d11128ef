"""Every page people read is also Markdown and JSON: at its address with a suffix, and for who asks for it there."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.markdown import render_markdown
from incidents.publishing import paths, publisher
from incidents.publishing.catalogue import FAMILIES, document_at
from incidents.publishing.negotiation import VARIES_BY_KIND, kind
from incidents.timeline.models import ActionItem, Page, Postmortem
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.making import made
from tests.publishing.published import Reader

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", ""),
        ("*/*", ""),
        (BROWSER, ""),
        ("text/markdown", "md"),
        ("text/markdown, text/html, */*", "md"),
        ("application/json", "json"),
        ("application/json, text/plain, */*", "json"),
        ("text/html, application/json;q=0.9", ""),
        ("text/html;q=0.5, application/json;q=0.9", "json"),
        ("text/markdown;q=0, application/json;q=0", ""),
        ("application/json;version=2", "json"),
        ("application/json;q=oops", ""),
        ("TEXT/MARKDOWN", "md"),
    ],
)
def test_who_names_a_form_and_prefers_no_html_gets_it(accept: str, wanted: str) -> None:
    assert kind(accept) == wanted


@pytest.mark.parametrize(
    ("path", "markdown", "data"),
    [
        ("/", "/index.md", "/index.json"),
        ("/de", "/de/index.md", "/index.json"),
        ("/history?page=3", "/history.md?page=3", "/history.json?page=3"),
        ("/history/calendar", "/history.md", "/history.json"),
        ("/history/calendar/2", "/history.md?page=2", "/history.json?page=2"),
        ("/de/incidents/abc", "/de/incidents/abc.md", "/incidents/abc.json"),
    ],
)
def test_a_twin_has_the_address_of_its_page_with_a_suffix(path: str, markdown: str, data: str) -> None:
    assert (paths.twin(path, "md"), paths.twin(path, "json")) == (markdown, data)


def test_every_page_that_varies_by_kind_has_both_twins() -> None:
    for family in FAMILIES:
        if VARIES_BY_KIND in family.headers:
            is_numbered = family.name in ("history", "month_table")
            path = family.path(("2",) if is_numbered else ("a" * 12, "b" * 12)[: family.route.count("<")])
            for suffix in ("md", "json"):
                twin = document_at(paths.twin(path, suffix))
                assert twin is not None, (family.name, suffix)
                assert twin.path == paths.twin(path, suffix)


@pytest.fixture
def told() -> Page:
    """A page with an open incident, one with a postmortem, a maintenance, a group."""
    page = make_page()
    api = make_component(page, group=make_group(page))
    make_component(page, name="Web *app*")
    make_maintenance(page, components=[api])
    over = make_incident(page, at=NOON - timedelta(days=3), title="Disk full", components={api: "major_outage"})
    over.resolve(body="Over.", by="ada", at=NOON - timedelta(days=3) + minutes(50), components={api: "operational"})
    report = Postmortem.write(incident=over, draft="## Cause\n\nA **disk**.", by="ada", at=NOON - timedelta(days=1))
    report.publish(by="ada", at=NOON - timedelta(days=1), notify=False)
    ActionItem.add(postmortem=report, text="More disks", owner="Ada", by="ada", at=NOON, is_public=True)
    make_incident(page, at=NOON - minutes(20), components={api: "partial_outage"}, body="Some *requests* fail.")
    page.refresh_from_db()
    return page


@pytest.mark.django_db
def test_the_first_page_as_markdown_says_what_the_page_says(told: Page) -> None:
    text = made(told, "index_markdown").decode()
    assert text.startswith("# Acme status\n\n**Partial outage: API**\n")
    for words in ("## Active incident", "Elevated error rates on the API", "Some _requests_ fail.", "## Components"):
        assert words in text
    assert "### Core platform" in text
    assert "[Web \\*app\\*](" in text
    assert "Disk full" in text
    html = render_markdown(text)
    assert html.count("<h3>") == 1


@pytest.mark.django_db
def test_the_first_page_as_json_has_sentence_states_and_addresses(told: Page) -> None:
    page = json.loads(made(told, "index_json"))
    assert (page["sentence"], page["state"], page["indicator"]) == ("Partial outage: API", "partial_outage", "major")
    (incident,) = page["open_incidents"]
    assert incident["title"] == "Elevated error rates on the API"
    assert incident["started_at"] == "2026-11-21T11:40:00Z"
    assert incident["url"].endswith(f"/incidents/{incident['code']}")
    assert [one["title"] for one in page["past_incidents"]] == ["Disk full"]
    assert [one["title"] for one in page["scheduled_maintenance"]] == ["Database upgrade"]
    states = {one["name"]: one["state"] for group in page["groups"] for one in group["components"]}
    assert states == {"API": "partial_outage", "Web *app*": "operational"}


@pytest.mark.django_db
def test_an_incident_has_updates_postmortem_and_promises_in_both(told: Page) -> None:
    code = told.incidents.get(title="Disk full").code
    text = made(told, "incident_markdown", code).decode()
    for words in (
        "# Disk full",
        "**Resolved**",
        "- Worst state: Major outage",
        "## Postmortem",
        "A **disk**.",
        "- More disks",
    ):
        assert words in text
    assert "- API: Major outage → Operational" in text
    assert text.count("A **disk**.") == 1
    incident = json.loads(made(told, "incident_json", code))["incident"]
    assert [one["phase"] for one in incident["updates"]] == ["postmortem", "resolved", "investigating"]
    assert incident["postmortem"]["actions"][0] == {
        "text": "More disks",
        "owner": "Ada",
        "state": "planned",
        "due_on": None,
        "done_on": None,
        "reason": None,
    }


@pytest.mark.django_db
def test_lists_say_what_their_pages_say(told: Page) -> None:
    uptime, history, promises = (made(told, name, *subject).decode() for name, subject in LISTS)
    assert uptime.startswith("# Acme uptime\n\nA major outage counts whole")
    assert re.search(r"\[API\]\(\S+\): Partial outage · 99\.9\d% uptime", uptime)
    assert "## November 2026\n\n- [Elevated error rates on the API](" in history
    assert "· Resolved · Nov 18, 2026 - 12:00 to 12:50 UTC · Core platform (API)" in history
    assert "- More disks · Ada · Planned ([Disk full](" in promises


LISTS = (("uptime_markdown", ()), ("history_markdown", ("1",)), ("promises_markdown", ()))


@pytest.mark.django_db(transaction=True)
def test_the_front_answers_in_the_form_that_is_asked_for(told: Page, reader: Reader) -> None:
    publisher.catch_up(told.pk, at=NOON)
    reader.library.look_around()
    html = reader.get("/", accept=BROWSER)
    assert html.headers["content-type"].startswith("text/html")
    assert html.headers["vary"] == "Accept, Accept-Encoding"
    text = reader.get("/", accept="text/markdown")
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.headers["content-location"] == "/index.md"
    assert text.headers["vary"] == "Accept, Accept-Encoding"
    assert text.headers["cache-control"].startswith("private")
    assert text.body == reader.get("/index.md").body
    assert "public" in reader.get("/index.md").headers["cache-control"]
    again = reader.get("/", accept="text/markdown", if_none_match=text.headers["etag"])
    assert (again.status, again.headers["vary"]) == (304, "Accept, Accept-Encoding")
    assert reader.get("/", if_none_match=text.headers["etag"]).status == 200
    assert json.loads(reader.get("/history", accept="application/json").body)["months"]
    assert reader.get("/robots.txt", accept="application/json").headers["content-type"].startswith("text/plain")


@pytest.mark.django_db
def test_what_is_not_published_is_answered_in_that_form_too(told: Page, client: Client) -> None:
    code = told.incidents.get(title="Disk full").code
    for accept, content_type in (("text/markdown", "text/markdown"), ("application/json", "application/json")):
        answer = client.get(f"/incidents/{code}", headers={"accept": accept})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(content_type)
        assert answer["Vary"] == "Accept, Accept-Encoding"
        assert answer["Cache-Control"].startswith("private")
        assert b"Disk full" in answer.content
    assert client.get(f"/incidents/{code}", headers={"accept": BROWSER})["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_a_twin_of_nothing_is_not_found(told: Page, client: Client) -> None:
    for path in ("/incidents/nothing.md", "/c/nothing.json", "/g/nothing.md", "/history.md?page=0", "/nothing.md"):
        assert client.get(path).status_code == 404, path
    assert client.post("/index.md").status_code == 405


@pytest.mark.django_db
def test_pages_lead_to_their_twins(told: Page) -> None:
    html = made(told, "index").decode()
    assert '<link rel="alternate" type="text/markdown" href="/index.md">' in html
    assert '<link rel="alternate" type="application/json" href="/index.json">' in html


def test_twins_never_hold_up_what_readers_wait_for() -> None:
    twins = [family for family in FAMILIES if family.name.endswith(("_markdown", "_json"))]
    assert len(twins) > 10
    assert not any(family.is_urgent for family in twins)
