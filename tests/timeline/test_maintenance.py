"""Maintenance: schedule, start, finish, move, cancel, remind, repeat."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Event, Incident, Maintenance
from incidents.timeline.refusals import ImplausibleTime, UnknownRecurrence, WindowEndsBeforeItStarts, WrongPhase
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
