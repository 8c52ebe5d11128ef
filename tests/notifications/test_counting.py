"""What refusals count against those who are told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import Fault, SendFailure
from incidents.notifications.counting import count, judge_probes
from incidents.notifications.models import Delivery, DeliveryState, MailKind
from incidents.notifications.outcomes import Outcome
from incidents.subscriptions.models import Subscriber
from tests.build import NOON, make_page, make_subscriber, make_subscribers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = timedelta(days=1)
UNKNOWN = failure_of(Answer(550, "5.1.1 No such user", RECIPIENT))
SHUT = failure_of(Answer(550, "5.2.1 Mailbox disabled", RECIPIENT))
FULL = failure_of(Answer(452, "4.2.2 Mailbox full", RECIPIENT))
GREY = failure_of(Answer(451, "4.7.1 Greylisted", RECIPIENT))


@pytest.fixture
def sam() -> Subscriber:
    return make_subscriber(make_page())


def refuse(subscriber: Subscriber, reason: SendFailure | None, *, at: datetime = NOON, **fields: Any) -> Subscriber:
    values = {"attempts": 1, "created_at": at, "answer": "", "failure": reason, **fields}
    count([Outcome(delivery_id=1, subscriber_id=subscriber.pk, **values)], at=at)
    subscriber.refresh_from_db()
    return subscriber


def test_a_mailbox_that_does_not_exist_is_switched_off_at_once(sam: Subscriber) -> None:
    refuse(sam, UNKNOWN)
    assert (sam.state, sam.disabled_at) == ("disabled", NOON)
    assert "5.1.1 No such user" in sam.disabled_reason


def test_another_lasting_refusal_switches_off_at_the_third(sam: Subscriber) -> None:
    assert [refuse(sam, SHUT).state for _ in range(3)] == ["active", "active", "disabled"]


@pytest.mark.parametrize(
    "reason",
    [
        failure_of(Answer(550, "5.7.26 Unauthenticated", RECIPIENT)),
        failure_of(Answer(553, "5.7.1 Sender not owned by user", RECIPIENT)),
        failure_of(Answer(535, "5.7.8 Bad credentials", ENVELOPE)),
        failure_of(Answer(421, "4.7.0 Slow down", ENVELOPE)),
        failure_of(Answer(552, "5.3.4 Too big", CONTENT)),
        failure_of(Answer(550, "5.6.7 SMTPUTF8", RECIPIENT)),
        failure(Fault.CONNECTION, "refused"),
        None,
    ],
)
def test_nothing_else_ever_counts(sam: Subscriber, reason: SendFailure | None) -> None:
    for day in range(60):
        refuse(sam, reason, at=NOON + day * DAY)
    assert (sam.state, sam.hard_failures, sam.soft_failures) == ("active", 0, 0)


def test_a_full_mailbox_counts_once_a_day(sam: Subscriber) -> None:
    for _ in range(5):
        refuse(sam, FULL)
    assert (sam.soft_failures, sam.soft_failed_on) == (1, NOON.date())
    assert refuse(sam, FULL, at=NOON + DAY).soft_failures == 2


def test_a_month_without_trouble_is_a_new_beginning(sam: Subscriber) -> None:
    refuse(sam, FULL)
    refuse(sam, FULL, at=NOON + DAY)
    assert refuse(sam, FULL, at=NOON + 40 * DAY).soft_failures == 1


def test_many_are_counted_as_one_is() -> None:
    page = make_page()
    make_subscribers(page, 30)
    one = make_subscriber(page)
    refuse(one, FULL)
    for day in (0, 0, 1, 45):
        at = NOON + day * DAY
        everybody = Subscriber.objects.exclude(pk=one.pk)
        count([Outcome(1, key, 1, at, "", FULL) for key in everybody.values_list("pk", flat=True)], at=at)
        refuse(one, FULL, at=at)
    told = set(Subscriber.objects.values_list("soft_failures", "soft_failed_on", "state"))
    assert told == {(1, (NOON + 45 * DAY).date(), "active")}


def test_counting_many_costs_the_same_as_counting_one(django_assert_max_num_queries: Any) -> None:
    page = make_page()
    make_subscribers(page, 50)
    keys = list(Subscriber.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(4):
        count([Outcome(1, key, 1, NOON, "", FULL) for key in keys], at=NOON)


def test_asking_many_costs_the_same_as_asking_one(django_assert_max_num_queries: Any) -> None:
    make_subscribers(make_page(), 50)
    Subscriber.objects.update(soft_failures=9, soft_failed_on=(NOON - DAY).date())
    keys = list(Subscriber.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(4):
        count([Outcome(1, key, 1, NOON, "", FULL) for key in keys], at=NOON)
    assert Delivery.objects.filter(kind=MailKind.PROBE).count() == 50


def test_patience_asked_for_by_greylisting_does_not_count(sam: Subscriber) -> None:
    assert refuse(sam, GREY, attempts=2).soft_failures == 0
    assert refuse(sam, GREY, attempts=3).soft_failures == 1


def full_for(sam: Subscriber, days: int) -> None:
    for day in range(days):
        refuse(sam, FULL, at=NOON + day * DAY)


def test_before_the_tenth_day_one_mail_asks_whether_the_mailbox_works(sam: Subscriber) -> None:
    full_for(sam, 9)
    assert not Delivery.objects.filter(kind=MailKind.PROBE).exists()
    refuse(sam, FULL, at=NOON + 9 * DAY)
    refuse(sam, FULL, at=NOON + 9 * DAY)
    probe = Delivery.objects.get(kind=MailKind.PROBE)
    assert (probe.address, probe.subscriber, sam.state) == ("sam@example.com", sam, "active")


def test_a_probe_that_comes_back_switches_off(sam: Subscriber) -> None:
    full_for(sam, 10)
    at = NOON + 9 * DAY
    answer = "Given up after 6 tries. The mailbox is full"
    Delivery.objects.filter(kind="probe").update(state=DeliveryState.FAILED, last_answer=answer, created_at=at)
    assert judge_probes(at=at) == 1
    sam.refresh_from_db()
    assert (sam.state, sam.disabled_reason) == ("disabled", answer)


def test_a_probe_that_is_taken_starts_anew(sam: Subscriber) -> None:
    full_for(sam, 10)
    at = NOON + 9 * DAY
    Delivery.objects.filter(kind="probe").update(state=DeliveryState.SENT, sent_at=at, created_at=at)
    assert judge_probes(at=at) == 1
    sam.refresh_from_db()
    assert (sam.state, sam.soft_failures) == ("active", 0)
    assert judge_probes(at=at) == 0


def test_who_left_meanwhile_is_left_alone(sam: Subscriber) -> None:
    sam.leave(at=NOON)
    assert (refuse(sam, UNKNOWN).state, sam.hard_failures) == ("left", 0)
