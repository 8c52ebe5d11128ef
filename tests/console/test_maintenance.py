"""Maintenance: plan, start, finish, move, cancel."""

from datetime import timedelta
from typing import Any

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Event, IncidentTemplate, Maintenance, Page
from tests.build import make_component, make_maintenance, make_page, minutes
from tests.console.filling import form_at, send

NEW, TO = "/console/maintenances/new", "/console/maintenances"


def window(**said: Any) -> dict[str, Any]:
    return {
        "title": "Upgrade",
        "body": "We upgrade.",
        "starts_at": "2031-03-01T01:00",
        "ends_at": "2031-03-01T03:00",
        **said,
    }


def test_a_window_is_planned_in_the_zone_of_the_page(ada: Client, page: Page, api: Component) -> None:
    page.edit(time_zone="Europe/Berlin", by="test", at=now())
    said = window(components=[api.code], remind_minutes=["1440", "60"], auto_finish="on")
    answer = send(ada, NEW, TO, **said)
    made = Maintenance.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/console/incidents/{made.code}")
    assert made.scheduled_for is not None
    assert made.scheduled_for.isoformat() == "2031-03-01T00:00:00+00:00"
    assert (made.auto_start, made.auto_finish, made.remind_minutes) == (True, True, [1440, 60])
    assert [row.component for row in made.affected.all()] == [api]


def test_the_form_names_the_zone_and_the_preview_both_clocks(ada: Client, page: Page) -> None:
    page.edit(time_zone="Europe/Berlin", by="test", at=now())
    assert "Europe/Berlin" in ada.get(NEW).content.decode()
    text = ada.post(f"{TO}/preview", window(), headers={"HX-Request": "true"}).content.decode()
    assert "Sat Mar 01, 2031 - 00:00 UTC" in text
    assert "Sat Mar 01, 2031 - 02:00 UTC" in text
    assert not Maintenance.objects.exists()


def test_sent_twice_it_plans_once(ada: Client, page: Page) -> None:
    form = {**form_at(ada, NEW, action=TO), **window()}
    assert ada.post(TO, form)["Location"] == ada.post(TO, form)["Location"]
    assert Maintenance.objects.count() == 1


def test_bad_input_changes_nothing(ada: Client, page: Page) -> None:
    page.edit(time_zone="Europe/Berlin", by="test", at=now())
    before = Event.objects.count()
    foreign = make_component(make_page(name="Other", host="other.example", at=page.created_at))
    other = Event.objects.count()
    for bad in (
        {"title": ""},
        {"body": ""},
        {"starts_at": ""},
        {"ends_at": "2031-03-01T01:00"},
        {"ends_at": "2031-02-01T01:00"},
        {"starts_at": "2031-03-30T02:30", "ends_at": "2031-03-30T05:00"},
        {"components": [foreign.code]},
        {"remind_minutes": ["7"]},
    ):
        answer = send(ada, NEW, TO, **window(**bad))
        assert answer.status_code == 422, bad
    assert Event.objects.count() == other > before
    assert not Maintenance.objects.exists()


def test_a_template_fills_the_plan(ada: Client, page: Page, api: Component) -> None:
    template = IncidentTemplate.keep(
        page=page,
        kind="maintenance",
        name="Database",
        title="Database upgrade",
        body="We upgrade.",
        components={api: "under_maintenance"},
        by="test",
        at=page.created_at,
    )
    form = form_at(ada, f"{NEW}?template={template.pk}", action=TO)
    assert (form["title"], form["components"]) == ("Database upgrade", api.code)


def test_it_starts_and_finishes_by_hand(ada: Client, page: Page, api: Component) -> None:
    made = make_maintenance(page, at=now() - minutes(5), components=[api])
    assert send(ada, f"{TO}/{made.code}/start").status_code == 303
    api.refresh_from_db()
    assert api.status == "under_maintenance"
    assert send(ada, f"{TO}/{made.code}/start").status_code == 422
    assert send(ada, f"{TO}/{made.code}/finish", body="Done early.").status_code == 303
    api.refresh_from_db()
    made.refresh_from_db()
    assert (api.status, made.phase.slug) == ("operational", "completed")
    assert made.updates.newest_first()[0].body == "Done early."


def test_it_moves_and_keeps_the_old_window(ada: Client, page: Page) -> None:
    made = make_maintenance(page, at=now())
    said = {"starts_at": "2031-03-01T01:00", "ends_at": "2031-03-01T03:00"}
    assert send(ada, f"{TO}/{made.code}/window", body="", **said).status_code == 422
    assert send(ada, f"{TO}/{made.code}/window", body="Later.", **said).status_code == 303
    made.refresh_from_db()
    assert made.scheduled_for is not None
    assert made.scheduled_for.year == 2031
    assert made.window_moves.count() == 1


def test_it_is_cancelled_with_words(ada: Client, page: Page) -> None:
    made = make_maintenance(page, at=now())
    assert send(ada, f"{TO}/{made.code}/cancel", body="").status_code == 422
    assert send(ada, f"{TO}/{made.code}/cancel", body="Not needed.").status_code == 303
    made.refresh_from_db()
    assert made.phase.slug == "cancelled"
    assert ada.get(f"{TO}/{made.code}/explode").status_code == 404
    assert ada.post(f"{TO}/{made.code}/explode").status_code == 404


def test_an_update_on_it_cannot_choose_a_phase_that_has_a_verb(ada: Client, page: Page) -> None:
    made = make_maintenance(page, at=now() - minutes(1))
    address = f"/console/incidents/{made.code}"
    assert send(ada, address, f"{address}/updates", body="x", phase="completed").status_code == 422
    assert send(ada, address, f"{address}/updates", body="We look forward to it.").status_code == 303
    assert ada.get(f"{address}/postmortem").status_code == 404


def test_the_list_shows_windows(ada: Client, page: Page) -> None:
    make_maintenance(page, at=now(), starts_at=now() + timedelta(days=3))
    assert "Database upgrade" in ada.get(TO).content.decode()
