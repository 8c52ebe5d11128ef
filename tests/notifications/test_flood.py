"""The flood stop: the sixth mail in ten minutes waits and comes with the others as one."""

from typing import Any

import pytest
from django.db.models.functions import Now

from incidents.notifications import flood
from incidents.notifications.fanout import fan_out
from incidents.notifications.flood import members_of, release
from incidents.notifications.models import Delivery, DeliveryState
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Event, Incident, Page
from tests.build import NOON, make_incident, make_page, make_subscriber, make_subscribers, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page(settings: Any) -> Page:
    settings.FLOOD_MAILS = 5
    settings.FLOOD_MINUTES = 10
    page = make_page()
    make_subscribers(page, 1)
    return page


def post(page: Page, incident: Incident, number: int, *, is_sent: bool = True) -> Event:
    """Post an update, freeze its recipients, and send what is not held."""
    incident.post_update(body=f"Update number {number}.", by="test", at=NOON + minutes(number))
    return freeze(page, is_sent=is_sent)


def freeze(page: Page, *, is_sent: bool = True) -> Event:
    event = page.events.latest("seq")
    fan_out(event_id=event.pk)
    if is_sent:
        Delivery.objects.filter(state=DeliveryState.QUEUED).update(state=DeliveryState.SENT, sent_at=Now())
    return event


def flooded(page: Page, updates: int = 8) -> Incident:
    """Return an incident of so many updates, the first of which is its opening."""
    incident = make_incident(page)
    freeze(page)
    for number in range(1, updates):
        post(page, incident, number)
    return incident


def states() -> list[str]:
    return list(Delivery.objects.exclude(event=None).order_by("seq", "pk").values_list("state", flat=True))


def let_time_pass() -> None:
    Delivery.objects.filter(state=DeliveryState.HELD).update(next_try_at=Now())


def test_five_mails_go_at_once_and_the_next_are_held(page: Page) -> None:
    flooded(page)
    assert states() == ["sent"] * 5 + ["held"] * 3


def test_what_is_held_is_due_together(page: Page) -> None:
    flooded(page)
    due = Delivery.objects.filter(state=DeliveryState.HELD).values_list("next_try_at", flat=True)
    assert len(set(due)) == 1
    assert release() == 0
    assert states().count("held") == 3


def test_it_goes_out_as_one_mail_the_newest_carrying_the_others(page: Page) -> None:
    flooded(page)
    let_time_pass()
    assert release() == 1
    assert states() == ["sent"] * 5 + ["superseded"] * 2 + ["queued"]
    digest = Delivery.objects.get(kind="digest")
    told = Delivery.objects.filter(digest=digest).order_by("seq")
    assert members_of([digest.pk]) == {digest.pk: [*(row.event_id for row in told), digest.event_id]}
    assert {row.last_answer for row in told} == {flood.TOLD}
    assert release() == 0


def test_a_single_held_mail_stays_what_it_is(page: Page) -> None:
    flooded(page, 6)
    let_time_pass()
    release()
    last = Delivery.objects.latest("seq")
    assert (last.state, last.kind) == ("queued", "incident_updated")


def test_several_incidents_come_in_one_digest(page: Page) -> None:
    flooded(page, 6)
    for title in ("Search is slow", "Login fails"):
        make_incident(page, title=title, at=NOON + minutes(30))
        freeze(page)
    let_time_pass()
    assert release() == 1
    digest = Delivery.objects.get(kind="digest")
    assert len(members_of([digest.pk])[digest.pk]) == 3


def test_what_comes_before_a_digest_was_sent_goes_into_the_next(page: Page) -> None:
    incident = flooded(page)
    let_time_pass()
    release()
    post(page, incident, 20, is_sent=False)
    assert Delivery.objects.filter(state=DeliveryState.HELD).count() == 1
    assert Delivery.objects.get(kind="digest").state == "queued"
    let_time_pass()
    assert release() == 1
    (digest,) = Delivery.objects.filter(state="queued")
    assert digest.kind == "digest"
    assert len(members_of([digest.pk])[digest.pk]) == 4
    assert Delivery.objects.filter(state="superseded", digest=digest).count() == 3


def test_who_had_few_mails_is_not_held(page: Page) -> None:
    incident = flooded(page, 5)
    make_subscriber(page, email="new@example.com")
    post(page, incident, 9)
    held = Delivery.objects.filter(state=DeliveryState.HELD)
    assert [row.address for row in held] == ["reader0@example.com"]
    assert Delivery.objects.get(address="new@example.com", event__isnull=False).state == "sent"


def test_who_left_meanwhile_gets_no_digest(page: Page) -> None:
    flooded(page)
    Subscriber.objects.get().leave(at=NOON)
    let_time_pass()
    release()
    assert states() == ["sent"] * 5 + ["suppressed"] * 3


def test_an_update_that_was_taken_back_is_not_in_the_digest(page: Page) -> None:
    incident = flooded(page)
    newest = incident.updates.standing().newest_first()[0]
    newest.remove(reason="Wrong incident", by="test", at=NOON + minutes(9))
    let_time_pass()
    release()
    assert states()[5:8] == ["superseded", "queued", "suppressed"]


def test_endpoints_get_everything_at_once(page: Page) -> None:
    Subscriber.objects.update(channel="webhook", address="https://example.com/hook")
    flooded(page)
    assert states() == ["sent"] * 8


def test_it_is_switched_off_by_a_setting(page: Page, settings: Any) -> None:
    settings.FLOOD_MAILS = 0
    flooded(page)
    assert states() == ["sent"] * 8


def test_a_quiet_page_pays_two_small_queries(page: Page, django_assert_max_num_queries: Any) -> None:
    incident = make_incident(page)
    freeze(page)
    incident.post_update(body="More.", by="test", at=NOON + minutes(1))
    event = page.events.latest("seq")
    with django_assert_max_num_queries(2):
        assert flood.hold(event) == 0


def test_many_readers_cost_the_same_number_of_queries(page: Page, django_assert_max_num_queries: Any) -> None:
    make_subscribers_more(page)
    flooded(page)
    let_time_pass()
    with django_assert_max_num_queries(14):
        assert release() == 31
    assert Delivery.objects.filter(kind="digest", state="queued").count() == 31


def make_subscribers_more(page: Page) -> None:
    for number in range(30):
        make_subscriber(page, email=f"more{number}@example.com")
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=Now())
