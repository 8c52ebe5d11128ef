"""Freeze: what is automatic stands still, for a reason and not for ever."""

from datetime import datetime

import pytest

from incidents.models import Event, Freeze, Incident
from incidents.timeline.models import FreezeKind, is_frozen
from incidents.timeline.refusals import EmptyText, ImplausibleTime, UnknownChoice
from incidents.timeline.schedule import run_due_maintenance
from tests.build import NOON, make_maintenance, make_page, make_staff, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOUR = NOON + minutes(60)


def test_a_freeze_holds_until_its_time_and_not_longer() -> None:
    page = make_page()
    Freeze.begin(page=page, kind="mail", reason="Wrong list.", ends_at=HOUR, by=make_staff(), at=NOON)
    held = [is_frozen(page, FreezeKind.MAIL, at=at) for at in (NOON, HOUR - minutes(1), HOUR)]
    assert held == [True, True, False]
    assert not is_frozen(page, FreezeKind.AUTOMATION, at=NOON)


def test_it_is_lifted_once_and_history_tells_of_both() -> None:
    page = make_page()
    freeze = Freeze.begin(page=page, kind="mail", reason="Wrong list.", ends_at=HOUR, by="ada", at=NOON)
    for _ in range(2):
        freeze.lift(by="bob", at=NOON + minutes(1))
    assert not is_frozen(page, FreezeKind.MAIL, at=NOON + minutes(2))
    events = Event.objects.filter(kind__startswith="freeze.").order_by("pk")
    assert [(event.kind, event.actor_name) for event in events] == [("freeze.begun", "ada"), ("freeze.lifted", "bob")]


def test_a_second_one_takes_the_place_of_the_first() -> None:
    page = make_page()
    for reason in ("First.", "Second."):
        Freeze.begin(page=page, kind="mail", reason=reason, ends_at=HOUR, by="ada", at=NOON)
    assert [freeze.reason for freeze in Freeze.objects.in_force(at=NOON)] == ["Second."]


@pytest.mark.parametrize(
    ("kind", "reason", "ends_at", "refusal"),
    [
        ("nonsense", "Why.", HOUR, UnknownChoice),
        ("mail", " ", HOUR, EmptyText),
        ("mail", "Why.", NOON, ImplausibleTime),
        ("mail", "Why.", NOON + minutes(60 * 24 + 1), ImplausibleTime),
    ],
)
def test_without_a_reason_an_end_or_a_kind_nothing_is_frozen(
    kind: str, reason: str, ends_at: datetime, refusal: type[Exception]
) -> None:
    page = make_page()
    with pytest.raises(refusal):
        Freeze.begin(page=page, kind=kind, reason=reason, ends_at=ends_at, by="ada", at=NOON)
    assert not Freeze.objects.exists()


def test_while_automation_is_frozen_no_maintenance_starts_ends_or_is_announced() -> None:
    page = make_page()
    soon = make_maintenance(page, starts_at=NOON + minutes(10), ends_at=HOUR, remind_minutes=[60])
    freeze = Freeze.begin(page=page, kind="automation", reason="Drill.", ends_at=HOUR, by="ada", at=NOON)
    for minute in (1, 20):
        run_due_maintenance(at=NOON + minutes(minute))
    assert Event.objects.filter(kind__in=["maintenance.reminded", "maintenance.started"]).count() == 0
    freeze.lift(by="ada", at=NOON + minutes(21))
    run_due_maintenance(at=NOON + minutes(21))
    assert Incident.objects.get(pk=soon.pk).is_running


def test_the_freeze_of_one_page_is_not_that_of_another() -> None:
    mine, other = make_page(), make_page(name="Other", host="other.example")
    maintenance = make_maintenance(other, starts_at=NOON + minutes(10), ends_at=HOUR)
    Freeze.begin(page=mine, kind="automation", reason="Drill.", ends_at=HOUR, by="ada", at=NOON)
    run_due_maintenance(at=NOON + minutes(10))
    assert Incident.objects.get(pk=maintenance.pk).is_running
