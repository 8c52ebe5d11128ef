"""What staff does about messages that did not get through."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications.breaker import gate, note
from incidents.notifications.channels.answers import CONTENT, Answer, failure_of
from incidents.notifications.channels.judging import later
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.figures import backlogs, figures_of, is_running
from incidents.notifications.leases import claim, settle
from incidents.notifications.mending import (
    ReasonMissing,
    pause_channel,
    release,
    resume_channel,
    retry_failed,
    retry_failed_on,
)
from incidents.notifications.models import Alarm, ChannelState, Delivery, DeliveryState, FanOut
from incidents.subscriptions.models import Subscriber
from tests.build import NOON, make_page, make_staff, minutes
from tests.notifications.delivered import leave, outcome_of, told, update_of
from tests.servers.mail import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REFUSED = failure_of(Answer(550, "5.7.26 Unauthenticated", CONTENT))
BIG = failure_of(Answer(552, "5.3.4 Too big", CONTENT))


def states() -> dict[str, int]:
    return {line: number for figures in figures_of(Delivery.objects.all()) for line, number in figures.states.items()}


def test_what_failed_waits_again_and_what_bounced_does_not() -> None:
    _incident, event = told(make_page(), readers=5)
    leave(event, "failed", "failed", "bounced", "sent", "retrying", attempts=6)
    assert retry_failed(update_of(event), by="ada") == 2
    assert states() == {"queued": 2, "bounced": 1, "sent": 1, "retrying": 1}
    assert Delivery.objects.filter(state="queued", attempts=0, lane=2).count() == 2
    assert retry_failed(update_of(event), by="ada") == 0


def test_what_a_newer_update_overtook_is_not_sent_again() -> None:
    page = make_page()
    incident, event = told(page)
    leave(event, *["failed"] * 4)
    incident.post_update(body="More.", by="test", at=NOON + minutes(5))
    fan_out(event_id=page.events.latest("seq").pk)
    assert retry_failed(update_of(event), by="ada") == 0
    assert Delivery.objects.filter(event=event, state="superseded").count() == 4


@pytest.mark.parametrize("channel", ["email", "webhook"])
def test_what_is_sent_again_after_more_than_a_day_has_the_tries_of_a_new_day(channel: str) -> None:
    _incident, event = told(make_page(), readers=1)
    Subscriber.objects.update(channel=channel)
    leave(event, "failed", channel=channel, created_at=now() - timedelta(hours=30), attempts=40)
    assert retry_failed(update_of(event), by="ada") == 1
    lease, [row] = claim(channel=channel, limit=1)
    settle(lease, [outcome_of(row, later("not now"), channel=channel)])
    assert states() == {"retrying": 1}
    assert Subscriber.objects.get().is_active


def test_what_failed_on_a_channel_waits_again() -> None:
    _incident, event = told(make_page())
    leave(event, "failed", "failed", "sent")
    assert retry_failed_on("email", since=now() - timedelta(hours=1), by="ada") == 2
    assert retry_failed_on("webhook", since=now() - timedelta(hours=1), by="ada") == 0


def paused_by_the_breaker(event: Any) -> None:
    rows = leave(event, *["retrying"] * 4, fault="sender", next_try_at=now() + timedelta(minutes=14))
    gate("email")
    for _ in range(20):
        note("email", [outcome_of(rows[0], REFUSED)])
    assert gate("email").is_shut()


def test_resuming_sends_everything_that_waits_once(use_smtp_server: MailServer) -> None:
    make_staff()
    page = make_page()
    _incident, event = told(page)
    paused_by_the_breaker(event)
    alarm = Alarm.objects.get()
    resume_channel("email", by="ada", at=now())
    assert not gate("email").is_shut()
    while deliver_batch():
        pass
    resume_channel("email", by="ada", at=now())
    while deliver_batch():
        pass
    readers = [mail.recipients[0] for mail in use_smtp_server.received if "reader" in mail.recipients[0]]
    assert sorted(readers) == [f"reader{number}@example.com" for number in range(4)]
    alarm.refresh_from_db()
    assert alarm.over_at is not None


def test_a_channel_that_is_still_broken_is_paused_anew_after_five() -> None:
    _incident, event = told(make_page())
    paused_by_the_breaker(event)
    resume_channel("email", by="ada", at=now())
    attempts = 0
    row = Delivery.objects.filter(event=event)[0]
    while gate("email").may_begin():
        note("email", [outcome_of(row, REFUSED)])
        attempts += 1
    assert attempts == 5


def test_staff_pauses_with_a_reason_and_nothing_heals_that_by_itself() -> None:
    _incident, event = told(make_page())
    with pytest.raises(ReasonMissing):
        pause_channel("email", because=" \n", by="ada", at=now())
    assert not ChannelState.objects.filter(paused_at__isnull=False).exists()
    pause_channel("email", because="The relay moves house", by="ada", at=now())
    assert gate("email").is_shut()
    note("email", [outcome_of(Delivery.objects.filter(event=event)[0])])
    assert gate("email").is_shut()
    resume_channel("email", by="ada", at=now())
    assert gate("email").may_begin()


def held(event: Any) -> None:
    rows = leave(event, "failed", "failed", "queued", "queued", fault="content")
    for _ in range(20):
        note("email", [outcome_of(rows[0], BIG)])
    assert gate("email").holds(event.pk)


def test_a_held_update_is_released_once() -> None:
    make_staff()
    _incident, event = told(make_page())
    held(event)
    assert release(update_of(event), by="ada", at=now()) == 2
    assert not gate("email").holds(event.pk)
    assert states()["queued"] == 4 + Alarm.objects.count()
    assert not Alarm.objects.going_on().exists()
    assert release(update_of(event), by="ada", at=now()) == 0
    assert FanOut.objects.get().held_at is None


def test_a_channel_s_figures_add_up() -> None:
    _incident, event = told(make_page(), readers=8)
    leave(event, "sent", "sent", "failed", "bounced", "retrying", "queued", "superseded", "held", fault="")
    Delivery.objects.filter(state="retrying").update(fault="quota")
    Delivery.objects.filter(state="sent").update(sent_at=Now())
    (line,) = figures_of(Delivery.objects.filter(event=event))
    assert (line.channel, line.total, line.sent, line.backlog, line.troubled) == ("email", 8, 2, 2, 2)
    assert line.faults == {"quota": 1}
    assert line.rate == pytest.approx(0.2)
    assert line.time_left == timedelta(seconds=10)
    assert line.is_running
    assert is_running([line])
    assert line.oldest_at is not None


def test_the_backlog_is_told_by_channel() -> None:
    _incident, event = told(make_page())
    leave(event, "sent", "queued", "queued", "queued", sent_at=now())
    assert (backlogs()["email"].backlog, backlogs()["email"].sent_lately) == (3, 1)
    leave(event, *["sent"] * 4, sent_at=now())
    assert not backlogs()["email"].is_running
    assert DeliveryState.QUEUED not in backlogs()["email"].states


def test_figures_cost_one_query_whatever_their_number(django_assert_num_queries: Any) -> None:
    _incident, event = told(make_page(), readers=40)
    with django_assert_num_queries(1):
        figures_of(Delivery.objects.filter(event=event))
