"""Fan-out: everybody who asked gets one delivery, whatever is repeated or breaks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.models import Delivery, DeliveryState, FanOut
from incidents.subscriptions.models import JournalFile, Scope, Subscriber, Suppression
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Event, Incident, Page
from tests.build import (
    NOON,
    make_component,
    make_incident,
    make_maintenance,
    make_page,
    make_subscriber,
    make_subscribers,
    minutes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def newest_event(page: Page) -> Event:
    return page.events.order_by("-seq")[0]


def roll_back(action: Callable[[], object]) -> None:
    """Do something in a transaction that does not hold."""
    with transaction.atomic():
        action()
        transaction.set_rollback(True)


def told(page: Page) -> list[tuple[str, str, str]]:
    rows = Delivery.objects.on(page).exclude(event=None).order_by("seq", "address")
    return list(rows.values_list("kind", "address", "state"))


def test_every_recipient_gets_one_delivery() -> None:
    page = make_page()
    api = make_component(page)
    make_subscriber(page)
    make_subscriber(page, email="ada@example.com", wish=Wish(components=(api,)))
    make_subscriber(page, email="web@example.com", wish=Wish(components=(make_component(page, name="Web"),)))
    make_incident(page, components={api: "major_outage"})
    assert fan_out(event_id=newest_event(page).pk) == 2
    assert told(page) == [
        ("incident_opened", "ada@example.com", "queued"),
        ("incident_opened", "sam@example.com", "queued"),
    ]


def test_each_delivery_knows_its_message_id_from_the_start() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    make_incident(page)
    event = newest_event(page)
    fan_out(event_id=event.pk)
    assert Delivery.objects.get(event=event).message_id == f"e{event.pk}.{subscriber.code}@testserver"


def test_run_twice_it_delivers_once() -> None:
    page = make_page()
    make_subscriber(page)
    make_incident(page)
    event = newest_event(page)
    assert fan_out(event_id=event.pk) == fan_out(event_id=event.pk) == 1
    assert Delivery.objects.filter(event=event).count() == 1


def test_run_again_after_its_mark_was_lost_it_delivers_once() -> None:
    page = make_page()
    make_subscriber(page)
    make_incident(page)
    event = newest_event(page)
    fan_out(event_id=event.pk)
    FanOut.objects.all().delete()
    fan_out(event_id=event.pk)
    assert Delivery.objects.filter(event=event).count() == 1


def test_a_crash_in_the_middle_leaves_nothing_half_done() -> None:
    page = make_page()
    make_subscriber(page)
    make_incident(page)
    event = newest_event(page)
    roll_back(lambda: fan_out(event_id=event.pk))
    assert not FanOut.objects.exists()
    assert not Delivery.objects.filter(event=event).exists()
    assert list(missing()) == [event]


def test_what_is_rolled_back_is_told_to_nobody() -> None:
    page = make_page()
    make_subscriber(page)
    roll_back(lambda: make_incident(page))
    assert not missing().exists()


def test_a_silent_update_is_told_to_nobody() -> None:
    page = make_page()
    make_subscriber(page)
    make_incident(page, notify=False)
    assert not missing().exists()
    assert fan_out(event_id=newest_event(page).pk) == 0


def test_a_draft_is_told_to_nobody_and_its_first_update_to_all() -> None:
    page = make_page()
    make_subscriber(page)
    draft = Incident.prepare(page=page, title="Suspicion", by="test", at=NOON)
    assert not missing().exists()
    draft.post_update(body="It is real.", by="test", at=NOON)
    fan_out(event_id=newest_event(page).pk)
    assert [kind for kind, _, _ in told(page)] == ["incident_opened"]


def test_what_was_imported_or_back_filled_is_told_to_nobody() -> None:
    page = make_page()
    make_subscriber(page)
    make_incident(page, backfilled=True)
    assert fan_out(event_id=newest_event(page).pk) == 0
    imported = make_incident(page)
    Incident.objects.filter(pk=imported.pk).update(imported_from="https://status.example.com")
    assert fan_out(event_id=newest_event(page).pk) == 0
    assert not missing().exists()


def test_an_update_removed_before_anybody_was_told_is_told_to_nobody() -> None:
    page = make_page()
    make_subscriber(page)
    incident = make_incident(page)
    update = incident.post_update(body="Wrong page.", by="test", at=NOON + minutes(1))
    event = newest_event(page)
    update.remove(by="test", at=NOON + minutes(2), reason="wrong incident")
    assert fan_out(event_id=event.pk) == 0


def test_an_older_update_not_yet_sent_is_overtaken() -> None:
    page = make_page()
    make_subscriber(page)
    incident = make_incident(page)
    fan_out(event_id=newest_event(page).pk)
    make_incident(page, title="Another")
    fan_out(event_id=newest_event(page).pk)
    incident.post_update(body="More.", by="test", at=NOON + minutes(5), phase=page.phase("identified"))
    fan_out(event_id=newest_event(page).pk)
    assert [(kind, state) for kind, _, state in told(page)] == [
        ("incident_opened", "superseded"),
        ("incident_opened", "queued"),
        ("incident_updated", "queued"),
    ]


def test_an_older_update_fanned_out_late_is_overtaken_at_once() -> None:
    page = make_page()
    make_subscriber(page)
    incident = make_incident(page)
    older = newest_event(page)
    incident.post_update(body="More.", by="test", at=NOON + minutes(5))
    fan_out(event_id=newest_event(page).pk)
    fan_out(event_id=older.pk)
    assert [state for _, _, state in told(page)] == ["superseded", "queued"]


def test_what_was_sent_is_not_overtaken() -> None:
    page = make_page()
    make_subscriber(page)
    incident = make_incident(page)
    fan_out(event_id=newest_event(page).pk)
    Delivery.objects.exclude(event=None).update(state=DeliveryState.SENT, sent_at=NOON)
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    fan_out(event_id=newest_event(page).pk)
    assert [state for _, _, state in told(page)] == ["sent", "queued"]


def test_each_step_of_a_maintenance_has_a_mail_of_its_own() -> None:
    page = make_page()
    make_subscriber(page)
    work = make_maintenance(page, remind_minutes=[60])
    start = work.scheduled_for
    assert start is not None
    work.move(starts_at=start, ends_at=start + minutes(90), body="Later.", by="test", at=NOON)
    work.remind(minutes=60, by="test", at=start - minutes(60))
    work.start(by="test", at=start)
    work.post_update(body="Half done.", by="test", at=start + minutes(10))
    work.finish(by="test", at=start + minutes(20))
    make_maintenance(page).cancel(body="Not needed.", by="test", at=NOON)
    for event in list(missing()):
        fan_out(event_id=event.pk)
    assert [kind.removeprefix("maintenance_") for kind, _, _ in told(page)] == [
        *("planned", "moved", "reminder", "started", "updated", "completed"),
        *("planned", "cancelled"),
    ]


def test_an_incident_s_follower_gets_the_resolving_update_and_no_postmortem() -> None:
    page = make_page()
    incident = make_incident(page)
    make_subscriber(page, wish=Wish(incident=incident))
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    incident.post_update(body="Report.", by="test", at=NOON + minutes(9), phase=page.phase("postmortem"))
    for event in list(missing()):
        fan_out(event_id=event.pk)
    assert [kind for kind, _, state in told(page) if state == "queued"] == ["incident_resolved"]


@pytest.mark.parametrize("subscribers", [0, 500])
def test_fan_out_costs_the_same_whatever_the_number_of_subscribers(
    subscribers: int, django_assert_max_num_queries: Any
) -> None:
    page = make_page()
    make_subscribers(page, subscribers)
    make_incident(page)
    event = newest_event(page)
    with django_assert_max_num_queries(14):
        assert fan_out(event_id=event.pk) == subscribers


def test_posting_costs_the_same_whatever_the_number_of_subscribers(
    django_capture_on_commit_callbacks: Any,
) -> None:
    page = make_page()
    with django_capture_on_commit_callbacks(execute=True):
        # The first post of a page also publishes all of it; what every later one costs is the question.
        incident = make_incident(page)
    counts = []
    for subscribers in (0, 500):
        make_subscribers(page, subscribers)
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
            incident.post_update(body="More.", by="test", at=NOON + minutes(5))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_left_since_the_backup_gets_nothing_from_the_restored_database() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    make_subscriber(page, email="stays@example.com")
    state = {"state": subscriber.state, "left_at": None}
    subscriber.leave(at=NOON)
    Subscriber.objects.filter(pk=subscriber.pk).update(**state)
    Scope.objects.create(subscriber=subscriber, created_at=NOON)
    Suppression.objects.all().delete()
    JournalFile.objects.all().delete()
    make_incident(page)
    assert fan_out(event_id=newest_event(page).pk) == 1
    assert Delivery.objects.get(event__isnull=False).address == "stays@example.com"
