"""Every public address, from the catalogue and from Django's own list: no query, no cookie, the right kind."""

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.catalogue import FAMILIES
from incidents.publishing.export import export_page
from incidents.publishing.library import Library
from incidents.publishing.negotiation import VARIES_BY_KIND
from incidents.publishing.readings import Readings
from incidents.publishing.waking import held_back
from incidents.timeline.looks import Look
from incidents.timeline.models import ActionItem, Component, Incident, IncidentTemplate, Page, PagePicture, Postmortem
from tests.build import a_logo, make_component, make_group, make_incident, make_maintenance, make_page, make_subscriber
from tests.guide.making import make_entry
from tests.publishing.making import all_documents
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

HIDDEN = "Hush"
"""Stands in everything readers must not see."""


@pytest.fixture
def page(library: Library) -> Page:
    """A page on which every kind of document exists, and secrets beside them."""
    at = now()
    with held_back():
        page = make_page(at=at - timedelta(days=400))
        api = make_component(page, group=make_group(page))
        secret = make_component(page, name=f"{HIDDEN} mainframe", visibility="staff")
        incident = make_incident(
            page, at=at - timedelta(hours=3), components={api: "major_outage", secret: "major_outage"}
        )
        update = incident.post_update(body="First wording.", by="ada", at=at - timedelta(hours=2))
        update.edit(body="Better wording.", by="ada", at=at - timedelta(hours=1))
        old = at - timedelta(days=200)
        make_incident(page, at=old, title="Long ago").resolve(body="Over.", by="ada", at=old + timedelta(hours=1))
        make_maintenance(page, at=at, components=[api])
        page.edit(publishes_scorecard=True, by="ada", at=at)
        page.dress(Look(corners="round"), by="ada", at=at)
        PagePicture.put(page=page, place="logo", upload=a_logo(), by="ada", at=at)
        hide_things(page, api, at=at)
        make_entry(page, at=at, components=("API",), providers=("Gmail",))
        make_entry(page, at=at, title=f"{HIDDEN} draft", messages=(f"{HIDDEN} words",), publish=False)
        Incident.prepare(page=page, title=f"{HIDDEN} draft", by="ada", at=at)
        Incident.prepare(page=page, title=f"{HIDDEN} suspicion", by="ada", at=at, visibility="suspected")
        other = make_page(name=f"{HIDDEN} other page", host="other.example", at=at)
        make_incident(other, at=at, title=f"{HIDDEN} elsewhere", components={make_component(other): "major_outage"})
    for one in (page, other):
        publisher.catch_up(one.pk, at=at)
    library.look_around()
    return page


def hide_things(page: Page, api: Component, *, at: datetime) -> None:
    """Put everything beside what readers see that staff alone may know."""
    staff = f"{HIDDEN} person"
    make_component(page, name=f"{HIDDEN} part", visibility="staff", group=make_group(page, name=f"{HIDDEN} group"))
    retired = make_component(page, name=f"{HIDDEN} retired")
    retired.archive(by=staff, at=at)
    long_ago = at - timedelta(days=3)
    over = make_incident(page, at=long_ago, title="With a report", components={api: "partial_outage"})
    wrong = over.post_update(body=f"{HIDDEN} words.", by=staff, at=long_ago, notify=False)
    wrong.remove(by=staff, at=long_ago, reason=f"{HIDDEN} reason")
    over.resolve(body="Over.", by=staff, at=long_ago + timedelta(hours=1), components={api: "operational"})
    report = Postmortem.write(incident=over, draft="What we learned.", by=staff, at=at)
    report.publish(by=staff, at=at, notify=False)
    ActionItem.add(postmortem=report, text=f"{HIDDEN} promise", by=staff, at=at, is_public=False)
    ActionItem.add(postmortem=report, text="A promise", owner="Ada", by=staff, at=at, is_public=True)
    Postmortem.write(incident=over, draft=f"{HIDDEN} second thoughts.", by=staff, at=at)
    unwritten = make_incident(page, at=long_ago, title="Without a report")
    unwritten.resolve(body="Over.", by=staff, at=long_ago + timedelta(hours=2))
    Postmortem.write(incident=unwritten, draft=f"{HIDDEN} thoughts.", by=staff, at=at)
    IncidentTemplate.keep(page=page, name=f"{HIDDEN} template", body=f"{HIDDEN} text", by=staff, at=at)
    make_subscriber(page, email=f"{HIDDEN}@example.com", at=at)


SEARCHES = {"components", "errors/search", "history/search", "history/search.atom", "history/search.json"}

DOORS = {"enter", "hosts/ask", "private/<slug:token>/history.<slug:kind>"}
"""What a page that is not public has, and what a server in front asks."""

POSTED = {"affects-me", "errors/ask"}
"""Takes in what a button or a form of published pages says."""

FOR_PROGRAMS = {"api/ask"}
"""Answers what a program asks, in the main language."""

SPOKEN = {
    *(f"<language:language>{'/' if one.route else ''}{one.route}" for one in FAMILIES if one.is_spoken),
    *(f"<language:language>/{one}" for one in SEARCHES if not one.endswith(".json")),
    *("<language:language>/subscribe", "<language:language>/subscribe/expectation"),
    *(f"<language:language>/{one}" for one in POSTED),
    # Only leads to the one without a slash at its end.
    "<language:language>/",
}
"""What a further language of a page has."""


def every_path(page: Page) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    page.refresh_from_db()
    for recipe in all_documents(Readings(page, seen_at=now())):
        yield recipe.path, recipe.family.content_type, recipe.family.headers


def test_every_family_has_a_document_and_every_public_route_a_family(page: Page) -> None:
    made = {recipe.family.name for recipe in all_documents(Readings(page, seen_at=now()))}
    assert made == {family.name for family in FAMILIES}
    routes = {
        str(one.pattern)
        for resolver in get_resolver().url_patterns
        for part in getattr(resolver, "url_patterns", [])
        for one in getattr(part, "url_patterns", [])
        if isinstance(one, URLPattern) and one.callback.__module__.startswith("incidents.publishing")
    }
    assert routes >= {family.route for family in FAMILIES}
    assert routes <= {family.route for family in FAMILIES} | SEARCHES | SPOKEN | DOORS | POSTED | FOR_PROGRAMS


def test_every_other_address_a_stranger_may_ask_for_is_known(client: Any, page: Page) -> None:
    """A new public address is a document, or it is named here with why it is none."""
    others = {
        *("subscribe", "subscribe/confirm/<str:token>", "subscription/<str:token>", "unsubscribe/<str:token>"),
        # Counted for what stands on the form at the moment.
        "subscribe/expectation",
        # Taken in, not read: reports of what mail came back, for whoever holds the secret.
        *("bounces/message", "bounces/provider"),
        # Only lead to the published address.
        *("errors/", "history/", "uptime/"),
        *DOORS,
        *POSTED,
        *FOR_PROGRAMS,
        # Asked of the database for each reader: what they look for cannot be published ahead.
        *SEARCHES,
    }
    found = {
        str(prefix.pattern) + str(one.pattern)
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) != "admin/"
        for prefix in getattr(resolver, "url_patterns", [])
        for one in getattr(prefix, "url_patterns", [])
        if isinstance(one, URLPattern)
    }
    documents = {family.route for family in FAMILIES} | SPOKEN
    assert {one for one in found - documents if not one.startswith("console/")} == others


def test_every_document_is_answered_without_a_query_without_a_cookie_and_as_what_it_is(
    page: Page, reader: Reader
) -> None:
    paths = list(every_path(page))
    assert len(paths) > 60
    with CaptureQueriesContext(connection) as queries:
        for path, content_type, headers in paths:
            reply = reader.get(path)
            assert reply.status == 200, path
            assert reply.headers["content-type"] == content_type, path
            assert "set-cookie" not in reply.headers, path
            by = {"Accept", "Accept-Encoding"} if VARIES_BY_KIND in headers else {"Accept-Encoding"}
            assert set(reply.headers.get("vary", "Accept-Encoding").split(", ")) <= by, path
            assert "public" in reply.headers["cache-control"], path
            assert reply.headers["x-content-type-options"] == "nosniff", path
            assert reader.get(path, if_none_match=reply.headers["etag"]).status == 304, path
            assert reader.get(path, method="HEAD").body == b"", path
    assert len(queries) == 0


def unpacked(file: Path) -> bytes:
    unpack = {".br": brotli.decompress, ".gz": gzip.decompress}.get(file.suffix, bytes)
    return file.name.encode() + unpack(file.read_bytes())


def test_nothing_hidden_stands_in_any_document(page: Page, reader: Reader, library: Library, tmp_path: Path) -> None:
    for path, *_ in every_path(page):
        reply = reader.get(path)
        assert HIDDEN.encode().lower() not in reply.body.lower(), path
        assert HIDDEN not in str(reply.headers), path
    assert HIDDEN.encode() in reader.get("/", host="other.example").body
    raw = b"".join(file.read_bytes() for file in (library.folder / page.code).rglob("*") if file.is_file())
    assert HIDDEN.encode().lower() not in raw.lower()
    tree = tmp_path / "tree"
    export_page(page, tree)
    files = [file for file in tree.rglob("*") if file.is_file()]
    assert len(files) > 60
    assert [file for file in files if HIDDEN.encode().lower() in unpacked(file).lower()] == []


def test_a_document_made_on_demand_is_the_published_one(page: Page, reader: Reader, client: Any) -> None:
    for path in ("/history", "/uptime", "/history.rss", "/api/v2/summary.json", "/badge.svg", "/robots.txt"):
        published, made = reader.get(path), client.get(path)
        assert made.status_code == 200, path
        assert made["Content-Type"] == published.headers["content-type"]
        assert made["Cache-Control"] == published.headers["cache-control"]
