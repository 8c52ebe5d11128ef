"""Components and groups: their verbs, and the history of states."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Component, ComponentGroup, Event, StatusChange
from incidents.timeline.refusals import (
    AlreadyRemoved,
    DuplicateName,
    EmptyText,
    ForeignComponent,
    TextTooLong,
    TimeInTheFuture,
    UnknownStatus,
    WindowEndsBeforeItStarts,
)
from tests.build import NOON, make_component, make_group, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_setting_a_state_writes_one_step_of_history_and_one_event() -> None:
    api = make_component(make_page())
    change = api.set_status("major_outage", by="ada", at=NOON)

    assert change is not None
    assert (change.old, change.new, change.by_name) == ("operational", "major_outage", "ada")
    assert Event.objects.latest("seq").kind == "component.changed"
    assert Event.objects.latest("seq").notify is False, "a state alone mails nobody"


def test_setting_the_state_it_is_in_changes_nothing() -> None:
    api = make_component(make_page())
    events = Event.objects.count()
    assert api.set_status("operational", by="ada", at=NOON) is None
    assert Event.objects.count() == events


def test_a_name_is_taken_once_per_group_whatever_its_case() -> None:
    page = make_page()
    group = make_group(page)
    make_component(page, name="API")
    make_component(page, name="API", group=group)
    with pytest.raises(DuplicateName):
        make_component(page, name="api")
    other = make_component(page, name="Web")
    with pytest.raises(DuplicateName):
        other.edit(name="API", by="t", at=NOON)


def test_bad_input_is_refused() -> None:
    page, elsewhere = make_page(), make_page(name="Other")
    api = make_component(page)
    with pytest.raises(EmptyText):
        make_component(page, name="  ")
    with pytest.raises(ForeignComponent):
        make_component(page, name="Web", group=make_group(elsewhere))
    with pytest.raises(UnknownStatus):
        api.set_status("fine", by="t", at=NOON)
    assert Component.objects.on(page).count() == 1


def test_an_archived_component_keeps_its_past_and_takes_no_new_state() -> None:
    page = make_page()
    api = make_component(page)
    make_incident(page, components={api: "major_outage"}).resolve(body="Over.", by="t", at=NOON)
    api.refresh_from_db()
    api.archive(by="t", at=NOON + minutes(1))

    assert not Component.objects.on(page).living().exists()
    assert StatusChange.objects.count() == 2
    for verb in (lambda: api.set_status("operational", by="t", at=NOON), lambda: api.archive(by="t", at=NOON)):
        with pytest.raises(AlreadyRemoved):
            verb()


def test_a_group_says_no_more_when_edited_than_when_added() -> None:
    group = make_group(make_page())
    with pytest.raises(TextTooLong):
        group.edit(description="x" * 2_001, by="t", at=NOON)
    group.edit(description="What\x00 customers\u202e call.", by="t", at=NOON)
    group.refresh_from_db()
    assert group.description == "What customers call."


def test_removing_a_component_twice_at_once_is_said_and_noted_once() -> None:
    api = make_component(make_page())
    loaded = Component.objects.get(pk=api.pk)
    api.archive(by="t", at=NOON)
    with pytest.raises(AlreadyRemoved):
        loaded.archive(by="t", at=NOON)
    assert api.page.events.filter(kind="component.archived").count() == 1


def test_removing_a_group_leaves_its_components_on_the_page() -> None:
    page = make_page()
    group = make_group(page)
    api = make_component(page, group=group)
    group.remove(by="t", at=NOON)
    api.refresh_from_db()
    assert api.group is None
    assert not ComponentGroup.objects.exists()


def test_correcting_history_leaves_the_recorded_changes_and_a_trace() -> None:
    api = make_component(make_page())
    api.set_status("major_outage", by="t", at=NOON - timedelta(hours=3))
    api.set_status("operational", by="t", at=NOON - timedelta(hours=1))
    recorded = list(api.status_changes.values())

    api.correct_history(
        starts_at=NOON - timedelta(hours=3),
        ends_at=NOON - timedelta(hours=2),
        status="degraded_performance",
        reason="The monitor was wrong.",
        by="ada",
        at=NOON,
    )

    assert list(api.status_changes.values()) == recorded
    event = Event.objects.latest("seq")
    assert (event.kind, event.actor_name) == ("component.history_corrected", "ada")
    assert event.payload["reason"] == "The monitor was wrong."


def test_a_correction_needs_a_past_window_and_a_reason() -> None:
    api = make_component(make_page())
    good = {"starts_at": NOON - minutes(2), "ends_at": NOON - minutes(1), "status": "operational", "reason": "r"}
    for refusal, bad in [
        (WindowEndsBeforeItStarts, {"ends_at": NOON - minutes(2)}),
        (TimeInTheFuture, {"ends_at": NOON + minutes(1)}),
        (EmptyText, {"reason": ""}),
        (UnknownStatus, {"status": "fine"}),
    ]:
        with pytest.raises(refusal):
            api.correct_history(by="t", at=NOON, **{**good, **bad})
    assert not api.corrections.exists()


def test_the_database_refuses_what_no_verb_would_write() -> None:
    api = make_component(make_page())
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(component=api, old="operational", new="operational", at=NOON, by_name="t")
    with pytest.raises(IntegrityError), transaction.atomic():
        Component.objects.filter(pk=api.pk).update(status="fine")
