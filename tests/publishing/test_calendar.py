from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from incidents.timeline.models import Incident, Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.making import made

pytestmark = pytest.mark.django_db


def events(page: Page) -> list[Any]:
    return list(Calendar.from_ical(made(page, "calendar")).walk("VEVENT"))


def test_each_maintenance_is_an_event_of_its_window_in_utc() -> None:
    page = make_page(host="status.acme.example", time_zone="America/Los_Angeles")
    api = make_component(page, group=make_group(page, name="Core"))
    window = make_maintenance(page, components=[api], body="We *move* it.\n\nReading works.")
    make_incident(page)
    (event,) = events(page)
    assert event["SUMMARY"] == "Acme: Database upgrade"
    assert event["DTSTART"].dt == NOON + timedelta(days=1)
    assert event["DTEND"].dt == NOON + timedelta(days=1, hours=2)
    assert event["DTSTAMP"].dt == NOON
    assert event["URL"] == f"http://status.acme.example/incidents/{window.code}"
    assert event["STATUS"] == "CONFIRMED"
    assert "We move it. Reading works." in event["DESCRIPTION"]
    assert "This maintenance affects: Core (API)." in event["DESCRIPTION"]


def test_the_lines_are_those_of_rfc_5545() -> None:
    page = make_page()
    make_maintenance(page, title="Über; lange, \\ Wartung " + "ä" * 100)
    body = made(page, "calendar")
    lines = body.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b""
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert events(page)[0]["SUMMARY"].endswith("ä" * 100)
    assert any(line.startswith(b"DTSTART:20261122T120000Z") for line in lines)


def test_an_event_keeps_its_name_when_the_window_moves_and_counts_the_moves() -> None:
    page = make_page()
    window = make_maintenance(page)
    before = events(page)[0]
    window.move(
        starts_at=NOON + timedelta(days=3),
        ends_at=NOON + timedelta(days=3, hours=1),
        body="Later.",
        by="test",
        at=NOON + minutes(5),
    )
    page.edit(host="status.elsewhere.example", by="test", at=NOON + minutes(6))
    after = events(page)[0]
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt == NOON + timedelta(days=3)


def test_what_is_called_off_stays_and_says_so() -> None:
    page = make_page()
    window = make_maintenance(page)
    window.cancel(body="Not needed.", by="test", at=NOON + minutes(5))
    (event,) = events(page)
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] == 1


def test_an_empty_calendar_is_a_calendar() -> None:
    page = make_page(name="Acme & Söhne")
    assert events(page) == []
    calendar = Calendar.from_ical(made(page, "calendar"))
    assert (calendar["X-WR-CALNAME"], calendar["METHOD"]) == ("Acme & Söhne maintenance", "PUBLISH")


def test_the_hundred_windows_that_begin_last_are_inside() -> None:
    page = make_page(at=datetime(2025, 1, 1, tzinfo=UTC))
    for number in range(103):
        make_maintenance(page, title=f"Window {number}", starts_at=NOON + timedelta(days=number))
    assert [str(event["SUMMARY"]) for event in events(page)] == [
        f"Acme: Window {number}" for number in range(102, 2, -1)
    ]


def test_drafts_and_staff_components_are_not_in_it() -> None:
    page = make_page()
    vault = make_component(page, name="Vault", visibility="staff")
    make_maintenance(page, components=[vault])
    Incident.prepare(page=page, title="Secret", by="test", at=NOON)
    assert b"Vault" not in made(page, "calendar")
    assert len(events(page)) == 1


def test_its_address_answers_with_its_own_type(client: Client) -> None:
    make_page()
    answer = client.get("/history.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.post("/history.ics").status_code == 405
