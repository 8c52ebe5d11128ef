"""POST /affects-me: the button of published pages, its answer, and the numbers pages and staff are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.publishing.library import Library
from incidents.publishing.publisher import follow_clock, publish_everything
from incidents.readers.models import PER_NETWORK, ReaderReport
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_component, make_incident, make_maintenance, make_page, make_staff
from tests.publishing.published import Reader

pytestmark = pytest.mark.django_db

BUTTON = "This affects me too"


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100)).edit(takes_reports=True, by="test", at=now())


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now(), components={api: "partial_outage"})


def press(client: Client, **said: Any) -> Any:
    return client.post("/affects-me", said)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_button_stands_where_the_page_asks(client: Client, page: Page, api: Component, incident: Incident) -> None:
    places = ("/", f"/incidents/{incident.code}", f"/c/{api.code}")
    assert all(BUTTON in text(client, place) for place in places)
    incident.resolve(body="Over.", by="test", at=now())
    assert BUTTON not in text(client, f"/incidents/{incident.code}")
    page.edit(takes_reports=False, by="test", at=now())
    assert not any(BUTTON in text(client, place) for place in places)


def test_no_maintenance_asks(client: Client, page: Page) -> None:
    window = make_maintenance(page, at=now())
    assert BUTTON not in text(client, f"/incidents/{window.code}")
    assert press(client, incident=window.code).status_code == 404


def test_one_tap_is_noted_and_answered(client: Client, page: Page, api: Component, incident: Incident) -> None:
    answer = press(client, component=api.code)
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    report = ReaderReport.objects.get()
    said = f"Thanks, noted at {report.at:%H:%M} UTC."
    assert f'<h1 tabindex="-1" autofocus>{said}</h1>' in answer.content.decode()
    assert f'href="/c/{api.code}"' in answer.content.decode()
    again = client.post("/affects-me", {"component": api.code}, headers={"accept": "text/plain"})
    assert again.content.decode() == said
    assert ReaderReport.objects.count() == 1
    assert press(client, incident=incident.code).status_code == 200


def test_what_is_not_there_for_readers_is_refused_alike(client: Client, page: Page, api: Component) -> None:
    hidden = make_component(page, name="Hidden", visibility="staff")
    foreign = make_component(make_page(name="Other", host="other.example.com"), name="Foreign")
    gone = make_component(page, name="Gone").archive(by="test", at=now())
    answers = set()
    for said in (
        *({"component": code} for code in (hidden.code, foreign.code, gone.code, "x", "\x00", "")),
        {"incident": "abcdefghijkl"},
        {},
    ):
        answer = press(client, **said)
        answers.add((answer.status_code, answer.content))
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert not ReaderReport.objects.exists()


def test_a_page_that_does_not_ask_a_foreign_site_and_a_crowd_are_refused(
    client: Client, page: Page, api: Component
) -> None:
    headers = {"origin": "https://evil.example"}
    assert client.post("/affects-me", {"component": api.code}, headers=headers).status_code == 403
    page.edit(takes_reports=False, by="test", at=now())
    assert press(client, component=api.code).status_code == 404
    assert client.get("/affects-me").status_code == 405
    assert not ReaderReport.objects.exists()
    page.edit(takes_reports=True, by="test", at=now())
    for number in range(PER_NETWORK):
        press(client, component=api.code, device=f"device {number}")
    assert press(client, component=api.code, device="one more").status_code == 429


def test_staff_see_the_numbers_and_readers_do_not(
    client: Client, page: Page, api: Component, incident: Incident
) -> None:
    for number in range(3):
        press(client, component=api.code, device=f"device {number}")
    press(client, incident=incident.code, device="device 0")
    for place in ("/", f"/incidents/{incident.code}", f"/c/{api.code}"):
        assert "reported this" not in text(client, place)
    client.force_login(make_staff())
    console = text(client, "/console/")
    assert "Readers say they are affected" in console
    assert "3 readers in the last hour" in console
    assert "This affects 3 readers in the last hour" in text(client, f"/console/incidents/{incident.code}")


def test_a_page_may_tell_the_number_in_words(client: Client, page: Page, api: Component, incident: Incident) -> None:
    page.edit(publishes_reports=True, by="test", at=now())
    press(client, component=api.code)
    assert "1 person reported this in the last hour." in text(client, f"/c/{api.code}")
    for number in range(36):
        press(client, component=api.code, device=f"device {number}")
    for place in (f"/c/{api.code}", f"/incidents/{incident.code}"):
        assert "37 people reported this in the last hour." in text(client, place)


@pytest.mark.django_db(transaction=True)
def test_published_pages_follow_the_number_by_the_minute(
    client: Client, page: Page, api: Component, library: Library
) -> None:
    page.edit(publishes_reports=True, by="test", at=now())
    began = now()
    for _ in publish_everything(page.pk, at=began):
        pass

    def seen() -> str:
        library.look_around()
        return Reader(library).get(f"/c/{api.code}").body.decode()

    assert press(client, component=api.code).status_code == 200
    assert BUTTON in seen()
    assert "reported this" not in seen()
    follow_clock(page.pk, at=began + timedelta(minutes=1))
    follow_clock(page.pk, at=began + timedelta(minutes=2))
    assert "1 person reported this in the last hour." in seen()
    follow_clock(page.pk, at=began + timedelta(minutes=63))
    assert "reported this" not in seen()


def test_staff_switch_it_in_the_settings(client: Client, page: Page) -> None:
    client.force_login(make_staff())
    shown = text(client, "/console/page")
    assert 'name="takes_reports"' in shown
    assert 'name="publishes_reports"' in shown
