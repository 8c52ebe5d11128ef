"""Moving, cancelling and rearranging a maintenance: own actions, each with the mail it sends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from incidents.lib.clock import now
from incidents.notifications.mail.rendering import Marks, render_story
from incidents.notifications.mail.telling import story_of
from incidents.notifications.models import Delivery
from incidents.timeline.models import Event, Maintenance, Page, Update
from tests.build import make_maintenance, make_subscribers
from tests.console.filling import form_at, send

TO = "/console/maintenances"
LATER = {"starts_at": "2031-03-01T01:00", "length": "120", "body": "The disks come later."}


@pytest.fixture
def planned(page: Page) -> Maintenance:
    make_subscribers(page, 3)
    return make_maintenance(page, at=now(), starts_at=now() + timedelta(days=3))


def kept() -> tuple[int, int, int]:
    return Event.objects.count(), Update.objects.count(), Delivery.objects.count()


def test_the_mail_of_a_move_is_shown_and_nothing_of_it_remains(ada: Client, planned: Maintenance) -> None:
    before = kept()
    for headers in ({}, {"HX-Request": "true"}):
        text = ada.post(
            f"{TO}/{planned.code}/window/preview", {**LATER, "notify": "on"}, headers=headers
        ).content.decode()
        assert "Moved to Mar 1" in text
        assert "The disks come later." in text
        assert "3 email" in text
    planned.refresh_from_db()
    assert (kept(), planned.window_moves.count()) == (before, 0)
    assert planned.window[0].year != 2031


def test_the_mail_of_a_move_is_the_mail_that_is_sent(ada: Client, page: Page, planned: Maintenance) -> None:
    shown = ada.post(f"{TO}/{planned.code}/window/preview", {**LATER, "notify": "on"}).content.decode()
    assert send(ada, f"{TO}/{planned.code}/window", **LATER).status_code == 303
    planned.refresh_from_db()
    assert planned.window_moves.count() == 1
    sent = render_story(story_of(Event.objects.latest("seq"), language="en", zone=page.zone), Marks.fresh())
    assert sent.subject.startswith("Moved to")
    assert escape(sent.subject) in shown
    assert escape(sent.text.partition("\n\n")[0]) in shown


def test_a_move_warns_of_everything_but_itself(ada: Client, page: Page, planned: Maintenance) -> None:
    make_maintenance(page, at=now(), title="Other", starts_at=planned.window[0] + timedelta(hours=1))
    shown = ada.get(f"{TO}/{planned.code}/window").content.decode()
    assert "It overlaps “Other”" in shown
    assert "It overlaps “Database upgrade”" not in shown


def test_a_move_nobody_is_told_of_says_so(ada: Client, planned: Maintenance) -> None:
    text = ada.post(f"{TO}/{planned.code}/window/preview", LATER).content.decode()
    assert "Nobody is mailed: the page and its feeds only." in text
    assert "Page and feeds only" in text
    assert 'class="letter"' not in text, "also not one that was sent before"


def test_a_bad_move_changes_nothing(ada: Client, planned: Maintenance) -> None:
    before = kept()
    for bad in ({"length": "", "ends_at": "2031-02-01T01:00"}, {"starts_at": ""}, {"body": ""}, {"length": "x"}):
        assert send(ada, f"{TO}/{planned.code}/window", **{**LATER, **bad}).status_code == 422, bad
        assert ada.post(f"{TO}/{planned.code}/window/preview", {**LATER, **bad, "notify": "on"}).status_code == 200
    assert kept() == before


def test_the_mail_of_a_cancellation_is_shown_and_nothing_of_it_remains(ada: Client, planned: Maintenance) -> None:
    before = kept()
    shown = ada.post(f"{TO}/{planned.code}/cancel/preview", {"body": "Not needed.", "notify": "on"})
    assert "Cancelled" in shown.content.decode()
    assert "Not needed." in shown.content.decode()
    planned.refresh_from_db()
    assert (kept(), planned.phase.slug) == (before, "scheduled")
    assert ada.post(f"{TO}/{planned.code}/explode/preview", {"body": "x"}).status_code == 404


def test_cancelling_one_date_leaves_the_series_and_ending_it_does_not(ada: Client, page: Page) -> None:
    start = now().replace(microsecond=0) + timedelta(days=1)
    weekly = make_maintenance(page, at=now(), starts_at=start, recurrence="FREQ=WEEKLY")
    assert "ends_series" not in form_at(ada, f"{TO}/{weekly.code}/cancel")
    assert send(ada, f"{TO}/{weekly.code}/cancel", body="Not this week.").status_code == 303
    coming = Maintenance.objects.get(phase__canonical="scheduled")
    assert coming.window[0] == weekly.window[0] + timedelta(weeks=1)
    assert send(ada, f"{TO}/{coming.code}/cancel", body="Never again.", ends_series="on").status_code == 303
    assert not Maintenance.objects.filter(phase__canonical="scheduled").exists()


def test_a_maintenance_that_does_not_repeat_has_no_series_to_end(ada: Client, planned: Maintenance) -> None:
    assert "End the whole series" not in ada.get(f"{TO}/{planned.code}/cancel").content.decode()
    assert send(ada, f"{TO}/{planned.code}/cancel", body="No.", ends_series="on").status_code == 303


def test_what_happens_by_itself_is_changed_in_silence(ada: Client, planned: Maintenance) -> None:
    to = f"{TO}/{planned.code}/arrangement"
    shown = form_at(ada, to)
    assert shown["auto_start"] == "on"
    said = {"auto_start": None, "auto_finish": "on", "remind_minutes": ["1440"], "repeats": "FREQ=WEEKLY;INTERVAL=2"}
    assert send(ada, to, **said).status_code == 303
    planned.refresh_from_db()
    assert (planned.auto_start, planned.auto_finish) == (False, True)
    assert (planned.remind_minutes, planned.recurrence) == ([1440], "FREQ=WEEKLY;INTERVAL=2")
    assert not Event.objects.latest("seq").notify
    assert form_at(ada, to)["repeats"] == "FREQ=WEEKLY;INTERVAL=2"


def test_the_coming_dates_are_shown_before_saving(ada: Client, planned: Maintenance) -> None:
    to = f"{TO}/{planned.code}/arrangement"
    text = ada.post(f"{to}/preview", {"repeats": "FREQ=DAILY"}, headers={"HX-Request": "true"}).content.decode()
    assert text.count("<li>") == 5
    planned.refresh_from_db()
    assert planned.recurrence == ""


def test_a_bad_arrangement_changes_nothing(ada: Client, planned: Maintenance) -> None:
    to, before = f"{TO}/{planned.code}/arrangement", kept()
    for bad in (
        {"repeats": "rule", "recurrence": "FREQ=MINUTELY"},
        {"remind_minutes": ["7"]},
        {"repeats": "x"},
        {"repeats": "FREQ=DAILY", "repeats_until": "yesterday"},
    ):
        assert send(ada, to, **bad).status_code == 422, bad
        assert ada.post(f"{to}/preview", bad).status_code == 200
    planned.cancel(body="No.", by="test", at=now())
    before = kept()
    assert send(ada, to, auto_finish="on").status_code == 422
    assert kept() == before


def test_moving_and_cancelling_ask_before_more_than_the_limit_are_told(
    ada: Client, page: Page, planned: Maintenance
) -> None:
    page.edit(confirm_recipients=2, by="test", at=now())
    before = kept()
    for what, said in (("window", LATER), ("cancel", {"body": "Not needed."})):
        asked = send(ada, f"{TO}/{planned.code}/{what}", **said)
        assert asked.status_code == 422
        assert "3 people are told, more than the 2 of this page." in asked.content.decode()
    assert kept() == before
    assert send(ada, f"{TO}/{planned.code}/window", **LATER, many_are_meant="on").status_code == 303
    assert send(ada, f"{TO}/{planned.code}/cancel", body="Not needed.", many_are_meant="on").status_code == 303
