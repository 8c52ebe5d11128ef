"""Pages nobody planned for: nothing on them, very much on them, names in every script, days of odd length."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from icalendar import Calendar

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.follower import sweep
from incidents.publishing.library import Library
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.waking import held_back
from incidents.timeline.models import Page
from tests.build import make_component, make_group, make_incident, make_maintenance, make_page
from tests.publishing.making import all_documents
from tests.publishing.published import Reader
from tests.publishing.reading import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

NAMES = [
    "Ünïcödé ß",
    "支付 API",
    "שירות תשלומים",
    "Café é",
    "🚀 Rocket",
    "<b>bold</b> & 'quoted' \"twice\"",
    "]]>",
    "%s {0} {{ x }} {% y %}",
    "../../etc/passwd",
    "a" * 200,
    "İstanbul ı",
    "نظام",
]


def everything(page: Page, *, at: datetime) -> dict[str, bytes]:
    """Return every document of a page as made at an instant."""
    page.refresh_from_db()
    readings = Readings(page, seen_at=at)
    made: dict[str, bytes] = {}
    for recipe in all_documents(readings):
        try:
            made[recipe.path] = recipe.make(readings)
        except NothingThere:
            continue
    return made


def assert_sound(documents: dict[str, bytes]) -> None:
    for path, body in documents.items():
        if path.endswith((".png", ".ico")):
            continue
        text = body.decode()
        if path.endswith(".json") or ".json?" in path:
            json.loads(text)
        elif path.endswith((".rss", ".atom")):
            assert not feedparser.parse(body).bozo, path
        elif path.endswith(".ics"):
            Calendar.from_ical(text)
        elif text.startswith("<!DOCTYPE html>") and not path.startswith("/embed"):
            assert faults(text) == [], path


def test_a_page_with_nothing_on_it_has_every_document_of_a_page(library: Library, reader: Reader) -> None:
    page = make_page(at=now())
    publisher.catch_up(page.pk, at=now())
    library.look_around()
    assert_sound(everything(page, at=now()))
    for path in ("/", "/history", "/uptime", "/history.rss", "/history.ics", "/api/v2/summary.json", "/badge.svg"):
        assert reader.get(path).status == 200, path
    summary = json.loads(reader.get("/api/v2/summary.json").body)
    assert (summary["components"], summary["incidents"]) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stands_as_it_was_typed_in_every_document(library: Library, name: str) -> None:
    with held_back():
        page = make_page(name=name[:100], at=now() - timedelta(days=3))
        api = make_component(page, name=name[:100], group=make_group(page, name=f"{name[:90]} group"))
        make_incident(page, title=name, body=name, at=now(), components={api: "major_outage"})
        make_maintenance(page, title=name, body=name, at=now(), components=[api])
    documents = everything(page, at=now())
    assert_sound(documents)
    summary = json.loads(documents["/api/v2/summary.json"])
    assert [one["name"] for one in summary["incidents"]] == [name]
    assert feedparser.parse(documents["/history.rss"]).feed.title.startswith(name[:100])
    (event,) = Calendar.from_ical(documents["/history.ics"].decode()).walk("VEVENT")
    assert name in str(event["SUMMARY"])


def test_more_than_a_hundred_components_are_published_whole(library: Library, reader: Reader) -> None:
    with held_back():
        page = make_page(at=now() - timedelta(days=3))
        parts = [make_component(page, name=f"Part {number:03}") for number in range(120)]
    publisher.catch_up(page.pk, at=now())
    incident = make_incident(page, at=now(), components={parts[119]: "major_outage"})
    sweep()
    library.look_around()
    assert incident.title in reader.get("/").body.decode()
    assert b"Part 119" in reader.get("/").body
    assert "Major outage" in reader.get(f"/c/{parts[119].code}").body.decode()
    assert len(json.loads(reader.get("/api/v2/components.json").body)["components"]) == 120


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        # Here clocks change at midnight: the day has no 00:00.
        ("America/Santiago", datetime(2026, 9, 6, 4, 30, tzinfo=UTC)),
        # A whole day was left out in 2011.
        ("Pacific/Apia", datetime(2011, 12, 31, 10, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 45, tzinfo=UTC)),
    ],
)
def test_days_of_odd_length_make_sound_documents(library: Library, zone: str, day: datetime) -> None:
    with held_back():
        page = make_page(at=day - timedelta(days=100), time_zone=zone)
        api = make_component(page)
        incident = make_incident(page, at=day - timedelta(hours=3), components={api: "major_outage"})
        incident.resolve(body="Over.", by="ada", at=day, components={api: "operational"})
        make_maintenance(page, at=day, components=[api])
    for at in (day, day + timedelta(hours=1), day + timedelta(days=1)):
        documents = everything(page, at=at)
        assert_sound(documents)
        (public,) = json.loads(documents["/api/v2/incidents.json"])["incidents"]
        assert datetime.fromisoformat(public["resolved_at"]) == day
