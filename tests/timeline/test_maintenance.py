"""Maintenance: schedule, start, finish, move, cancel, remind, repeat."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Event, Incident, Maintenance
from incidents.timeline.refusals import (
    ImplausibleTime,
    Refused,
    UnknownRecurrence,
    WindowEndsBeforeItStarts,
    WrongPhase,
)
from incidents.timeline.schedule import run_due_maintenance
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TOMORROW = NOON + timedelta(days=1)


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="maintenance").values_list("kind", flat=True))


def test_a_maintenance_runs_through_its_phases_and_takes_its_components_along() -> None:
    page = make_page()
    api = make_component(page)
    maintenance = make_maintenance(page, components=[api])
    assert api.status == "operational"

    maintenance.start(by="t", at=TOMORROW)
    api.refresh_from_db()
    assert api.status == "under_maintenance"

    maintenance.finish(by="t", at=TOMORROW + timedelta(hours=2))
    api.refresh_from_db()
    maintenance.refresh_from_db()
    assert api.status == "operational"
    assert (maintenance.phase.slug, maintenance.impact) == ("completed", "maintenance")
    assert kinds() == ["maintenance.scheduled", "maintenance.started", "maintenance.completed"]


def test_finishing_leaves_a_component_that_an_incident_holds_down() -> None:
    page = make_page()
    api = make_component(page)
    maintenance = make_maintenance(page, components=[api])
    maintenance.start(by="t", at=TOMORROW)
    make_incident(page, at=TOMORROW, components={api: "major_outage"})
    maintenance.finish(by="t", at=TOMORROW + timedelta(hours=1))
    api.refresh_from_db()
    assert api.status == "major_outage"


def test_the_window_must_end_after_it_starts_at_the_verb_and_in_the_database() -> None:
    page = make_page()
    with pytest.raises(WindowEndsBeforeItStarts):
        make_maintenance(page, ends_at=TOMORROW)
    maintenance = make_maintenance(page)
    with pytest.raises(WindowEndsBeforeItStarts):
        maintenance.move(starts_at=TOMORROW, ends_at=TOMORROW, body="x", by="t", at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=maintenance.pk).update(scheduled_until=NOON)


def test_moving_keeps_the_old_window() -> None:
    maintenance = make_maintenance(make_page())
    later = TOMORROW + timedelta(days=7)
    maintenance.move(starts_at=later, ends_at=later + timedelta(hours=1), body="Moved.", by="t", at=NOON)

    maintenance.refresh_from_db()
    assert maintenance.scheduled_for == later
    assert maintenance.window_moves.get().old_starts_at == TOMORROW
    assert kinds()[-1] == "maintenance.moved"


def test_verbs_that_do_not_fit_the_phase_are_refused() -> None:
    maintenance = make_maintenance(make_page())
    with pytest.raises(WrongPhase):
        maintenance.finish(by="t", at=NOON)
    maintenance.cancel(body="Not needed.", by="t", at=NOON)
    for verb in (maintenance.start, maintenance.finish):
        with pytest.raises(WrongPhase):
            verb(by="t", at=NOON)
    assert kinds() == ["maintenance.scheduled", "maintenance.cancelled"]


def test_the_schedule_starts_and_finishes_what_is_due_once() -> None:
    page = make_page()
    make_maintenance(page, auto_start=True, auto_finish=True)
    make_maintenance(page, title="By hand", auto_start=False)

    run_due_maintenance(at=TOMORROW - timedelta(seconds=1))
    assert "maintenance.started" not in kinds()
    run_due_maintenance(at=TOMORROW)
    run_due_maintenance(at=TOMORROW)
    run_due_maintenance(at=TOMORROW + timedelta(hours=2))
    run_due_maintenance(at=TOMORROW + timedelta(hours=2))

    assert kinds().count("maintenance.started") == 1
    assert kinds().count("maintenance.completed") == 1


def test_reminders_go_out_once_and_missed_ones_collapse() -> None:
    maintenance = make_maintenance(make_page(), remind_minutes=[24 * 60 * 2, 24 * 60, 60], auto_start=False)
    run_due_maintenance(at=NOON + timedelta(minutes=1))
    run_due_maintenance(at=NOON + timedelta(minutes=2))
    assert kinds().count("maintenance.reminded") == 1

    run_due_maintenance(at=TOMORROW - timedelta(minutes=30))
    run_due_maintenance(at=TOMORROW + timedelta(minutes=1))
    assert kinds().count("maintenance.reminded") == 2
    maintenance.refresh_from_db()
    assert maintenance.reminded_minutes == [24 * 60, 60]


def test_a_recurring_maintenance_schedules_its_next_window_at_the_same_wall_clock_time() -> None:
    page = make_page(time_zone="Europe/Berlin")
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2027, 3, 21, 3, 0, tzinfo=zone)
    maintenance = make_maintenance(page, starts_at=first, recurrence="FREQ=WEEKLY")
    maintenance.start(by="t", at=first)
    maintenance.finish(by="t", at=first + timedelta(hours=1))

    following = Maintenance.objects.get(phase__canonical="scheduled")
    assert following.window[0].astimezone(zone).isoformat() == "2027-03-28T03:00:00+02:00"


def test_a_recurrence_that_is_no_rule_is_refused() -> None:
    with pytest.raises(UnknownRecurrence):
        make_maintenance(make_page(), recurrence="every sunday")
    assert not Maintenance.objects.exists()


def test_a_window_that_is_over_or_nobody_plans_is_refused() -> None:
    page = make_page()
    for starts_at, ends_at in [
        (NOON - timedelta(hours=2), NOON - timedelta(hours=1)),
        (TOMORROW, TOMORROW + timedelta(days=400)),
        (TOMORROW.replace(year=9999), TOMORROW.replace(year=9999) + timedelta(hours=1)),
    ]:
        with pytest.raises(ImplausibleTime):
            make_maintenance(page, starts_at=starts_at, ends_at=ends_at)
    maintenance = make_maintenance(page)
    with pytest.raises(ImplausibleTime):
        maintenance.move(
            starts_at=NOON - timedelta(hours=2), ends_at=NOON - timedelta(hours=1), body="x", by="t", at=NOON
        )
    assert kinds() == ["maintenance.scheduled"]


# Series

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 3, tzinfo=BERLIN)


def a_series(**fields) -> Maintenance:
    fields.setdefault("recurrence", "FREQ=WEEKLY")
    return make_maintenance(make_page(time_zone="Europe/Berlin"), starts_at=SUNDAY, **fields)


def taken_place(maintenance: Maintenance, *, at: datetime) -> None:
    maintenance.start(by="t", at=at)
    maintenance.finish(by="t", at=at + timedelta(hours=1))


def next_window() -> str:
    coming = Maintenance.objects.get(phase__canonical="scheduled")
    return coming.window[0].astimezone(BERLIN).isoformat()


def test_moving_one_window_of_a_series_does_not_move_those_after_it() -> None:
    maintenance = a_series()
    tuesday = SUNDAY + timedelta(days=2, hours=5)
    maintenance.move(starts_at=tuesday, ends_at=tuesday + timedelta(hours=1), body="Later.", by="t", at=NOON)
    taken_place(maintenance, at=tuesday)
    assert next_window() == "2026-11-29T03:00:00+01:00"


def test_a_window_moved_ahead_of_its_turn_does_not_come_twice() -> None:
    maintenance = a_series()
    saturday = SUNDAY - timedelta(hours=10)
    maintenance.move(starts_at=saturday, ends_at=saturday + timedelta(hours=1), body="Earlier.", by="t", at=NOON)
    taken_place(maintenance, at=saturday)
    assert next_window() == "2026-11-29T03:00:00+01:00"


def test_a_series_of_three_ends_after_the_third() -> None:
    a_series(recurrence="FREQ=WEEKLY;COUNT=3")
    for week in range(3):
        window = Maintenance.objects.get(phase__canonical="scheduled")
        assert window.window[0] == SUNDAY + timedelta(weeks=week)
        taken_place(window, at=window.window[0])
    assert not Maintenance.objects.filter(phase__canonical="scheduled").exists()


def test_cancelling_ends_the_series_or_leaves_the_next_date() -> None:
    a_series().cancel(body="Not this week.", by="t", at=NOON, ends_series=False)
    assert next_window() == "2026-11-29T03:00:00+01:00"
    coming = Maintenance.objects.get(phase__canonical="scheduled")
    assert not Event.objects.filter(kind="maintenance.scheduled").latest("seq").notify
    coming.cancel(body="Never again.", by="t", at=NOON)
    assert not Maintenance.objects.filter(phase__canonical="scheduled").exists()


def test_each_window_of_a_series_tells_its_own_start() -> None:
    maintenance = a_series(body="It begins {start}, for {duration}.", placeholders=True)
    assert maintenance.updates.get().body == "It begins [time: 2026-11-22 03:00 Europe/Berlin], for 2 hours."
    taken_place(maintenance, at=SUNDAY)
    coming = Maintenance.objects.get(phase__canonical="scheduled")
    assert coming.updates.get().body == "It begins [time: 2026-11-29 03:00 Europe/Berlin], for 2 hours."


NAMING = {"title": "Upgrade of {components}", "body": "We upgrade {components}.", "placeholders": True}


@pytest.mark.parametrize("ends_by", ["hand", "itself", "cancelling"])
def test_a_series_about_components_goes_on_when_all_of_them_are_removed(ends_by: str) -> None:
    page = make_page()
    api = make_component(page)
    window = make_maintenance(page, components=[api], recurrence="FREQ=DAILY", auto_finish=True, **NAMING)
    window.start(by="t", at=TOMORROW)
    api.archive(by="t", at=TOMORROW)
    if ends_by == "hand":
        window.finish(by="t", at=TOMORROW + timedelta(hours=1))
    elif ends_by == "itself":
        run_due_maintenance(at=TOMORROW + timedelta(hours=2))
    else:
        window.cancel(body="Not today.", ends_series=False, by="t", at=TOMORROW + timedelta(hours=1))
    window.refresh_from_db()
    assert not window.is_open
    coming = Maintenance.objects.get(phase__canonical="scheduled")
    assert (coming.title, coming.updates.get().body) == ("Upgrade of Acme", "We upgrade Acme.")
    assert coming.series_words["title"] == NAMING["title"]
    taken_place(coming, at=coming.window[0])


def test_a_series_names_the_components_that_are_left() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    window = make_maintenance(page, components=[api, web], recurrence="FREQ=DAILY", **NAMING)
    api.archive(by="t", at=NOON)
    taken_place(window, at=TOMORROW)
    assert Maintenance.objects.get(phase__canonical="scheduled").title == "Upgrade of Web"


def test_names_that_grew_too_long_for_a_title_keep_no_window_from_ending() -> None:
    page = make_page()
    api = make_component(page)
    window = make_maintenance(page, components=[api], recurrence="FREQ=DAILY", **NAMING)
    api.edit(name="A" * 250, by="t", at=NOON)
    taken_place(window, at=TOMORROW)
    assert Maintenance.objects.get(phase__canonical="scheduled").title == "Upgrade of Acme"


def test_a_blank_or_a_fact_that_is_missing_keeps_a_plan_back() -> None:
    page = make_page()
    for body in ("It touches {components}.", "We replace {?what}.", "Then {next_update}."):
        with pytest.raises(Refused):
            make_maintenance(page, body=body, placeholders=True)
    assert not Maintenance.objects.exists()


# What happens by itself


def arranged(maintenance: Maintenance, **changes) -> Maintenance:
    said = {
        "auto_start": True,
        "auto_finish": False,
        "sets_components": True,
        "remind_minutes": [60],
        "recurrence": "",
        **changes,
    }
    return maintenance.arrange(by="t", at=NOON, **said)


def test_switches_reminders_and_repetition_are_changed_in_silence() -> None:
    maintenance = arranged(make_maintenance(make_page()), auto_finish=True, recurrence="freq=daily")
    maintenance.refresh_from_db()
    assert (maintenance.auto_finish, maintenance.remind_minutes, maintenance.recurrence) == (True, [60], "FREQ=DAILY")
    event = Event.objects.latest("seq")
    assert (event.kind, event.notify) == ("maintenance.arranged", False)


def test_a_repetition_added_to_a_moved_window_counts_from_where_it_is_now() -> None:
    maintenance = make_maintenance(make_page())
    later = TOMORROW + timedelta(days=2)
    maintenance.move(starts_at=later, ends_at=later + timedelta(hours=1), body="Later.", by="t", at=NOON)
    arranged(maintenance, recurrence="FREQ=WEEKLY")
    taken_place(maintenance, at=later)
    assert Maintenance.objects.get(phase__canonical="scheduled").window[0] == later + timedelta(weeks=1)


def test_what_is_over_or_no_rule_is_not_arranged() -> None:
    maintenance = make_maintenance(make_page())
    with pytest.raises(UnknownRecurrence):
        arranged(maintenance, recurrence="FREQ=SECONDLY")
    maintenance.cancel(body="No.", by="t", at=NOON)
    before = Event.objects.count()
    with pytest.raises(WrongPhase):
        arranged(maintenance, auto_finish=True)
    maintenance.refresh_from_db()
    assert (maintenance.auto_finish, Event.objects.count()) == (False, before)


def test_components_stay_as_they_are_where_that_was_asked() -> None:
    page = make_page()
    api = make_component(page)
    maintenance = make_maintenance(page, components=[api], sets_components=False)
    maintenance.start(by="t", at=TOMORROW)
    api.refresh_from_db()
    assert api.status == "operational"
    maintenance.finish(by="t", at=TOMORROW + timedelta(hours=1))
    api.refresh_from_db()
    assert api.status == "operational"
