"""The circuit breaker: one row for all workers."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from incidents.notifications import breaker
from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import ChannelDown, Fault, SendFailure
from incidents.notifications.fanout import fan_out
from incidents.notifications.gate import Gate
from incidents.notifications.models import Alarm, ChannelState, Delivery, FanOut, MailKind
from incidents.notifications.noting import REFUSALS_LIMIT
from incidents.notifications.outcomes import Outcome
from tests.build import NOON, make_incident, make_page, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


REFUSED = failure_of(Answer(550, "5.7.26 This mail is unauthenticated", CONTENT))
UNKNOWN = failure_of(Answer(550, "5.1.1 No such user", RECIPIENT))
TOO_BIG = failure_of(Answer(552, "5.3.4 Message too big", CONTENT))
SLOWER = failure_of(Answer(421, "4.7.0 Slow down", ENVELOPE))


def tried(reason: SendFailure | None = None, event_id: int | None = None) -> Outcome:
    return Outcome(1, 1, 1, NOON, "250 OK" if reason is None else "", reason, event_id=event_id)


def warm() -> Gate:
    """Return the gate of a channel that took something just now."""
    way = breaker.gate("email")
    breaker.note("email", [tried()])
    return way


def state() -> ChannelState:
    return ChannelState.objects.get(channel="email")


def attempts_until_paused(channel: str = "email", reason: SendFailure = REFUSED) -> int:
    """Send as a worker with sixteen connections does: begin what may begin, then settle it all."""
    attempts = 0
    while attempts < 200:
        way = breaker.gate(channel)
        begun = sum(1 for _ in range(min(16, way.most_at_once())) if way.may_begin())
        if not begun:
            break
        attempts += begun
        breaker.note(channel, [tried(reason)] * begun)
    return attempts


def test_a_channel_that_refuses_us_is_paused_after_twenty_tries_and_no_more() -> None:
    make_staff()
    make_page()
    assert attempts_until_paused() == REFUSALS_LIMIT
    assert breaker.gate("email").is_shut()
    assert "5.7.26" in state().paused_because


def test_a_channel_that_begins_to_refuse_in_full_flow_stops_within_twenty() -> None:
    warm()
    assert attempts_until_paused() <= REFUSALS_LIMIT


def test_one_message_taken_starts_the_count_again() -> None:
    warm()
    breaker.note("email", [tried(REFUSED)] * 19)
    breaker.note("email", [tried()])
    breaker.note("email", [tried(REFUSED)] * 19)
    assert not state().is_paused
    breaker.note("email", [tried(REFUSED)])
    assert state().is_paused


def test_what_is_the_recipient_s_fault_neither_counts_nor_clears_us() -> None:
    warm()
    breaker.note("email", [tried(REFUSED), tried(UNKNOWN)] * 19)
    assert (state().refusals, state().is_paused) == (19, False)
    breaker.note("email", [tried(UNKNOWN)] * 50)
    assert not state().is_paused


def test_staff_is_told_at_once_in_words_with_the_fix(caplog: pytest.LogCaptureFixture) -> None:
    make_page()
    make_staff()
    with caplog.at_level(logging.ERROR):
        attempts_until_paused()
    alarm = Alarm.objects.get()
    assert alarm.sentence == "Email is paused: 20 messages in a row were refused because of us."
    assert "SPF record" in alarm.fix
    assert "Nobody was unsubscribed" in alarm.fix
    assert "Email is paused" in caplog.text
    mail = Delivery.objects.get(kind=MailKind.ALARM)
    assert (mail.address, mail.lane, mail.alarm) == ("ada@example.com", 0, alarm)


def test_a_paused_channel_lets_one_probe_out_after_a_while() -> None:
    attempts_until_paused()
    ChannelState.objects.update(probe_at=Now())
    way = breaker.gate("email")
    assert not way.is_shut()
    assert [way.may_begin() for _ in range(3)] == [True, False, False]
    assert not breaker.gate("email").may_begin()
    breaker.note("email", [tried(REFUSED)])
    assert state().is_paused
    wait = state().probe_at - ChannelState.objects.annotate(read_at=Now()).get().read_at  # type: ignore[operator]
    assert timedelta(minutes=9) < wait < timedelta(minutes=11)


def test_a_relay_that_was_mended_heals_without_a_click() -> None:
    make_page()
    attempts_until_paused()
    ChannelState.objects.update(probe_at=Now())
    assert breaker.gate("email").may_begin()
    breaker.note("email", [tried()])
    assert not state().is_paused
    assert not Alarm.objects.going_on().exists()
    way = breaker.gate("email")
    assert all(way.may_begin() for _ in range(100))


def test_the_first_message_after_a_silence_goes_alone() -> None:
    warm()
    ChannelState.objects.update(taken_at=Now() - timedelta(minutes=2))
    way = breaker.gate("email")
    assert way.most_at_once() == 1
    assert [way.may_begin() for _ in range(3)] == [True, False, False]
    assert way.is_watching()
    breaker.note("email", [tried()])
    assert way.may_begin()
    assert way.most_at_once() > 16
    assert not way.is_watching()


def test_a_permit_a_dead_worker_took_comes_free() -> None:
    way = breaker.gate("email")
    assert way.may_begin()
    assert not way.may_begin()
    ChannelState.objects.update(permit_until=Now() - timedelta(seconds=1))
    assert breaker.gate("email").may_begin()


def test_an_answer_about_the_recipient_gives_the_permit_back() -> None:
    way = breaker.gate("email")
    assert way.may_begin()
    breaker.note("email", [tried(UNKNOWN)])
    assert way.may_begin()


def test_all_well_costs_no_query(django_assert_num_queries: Any) -> None:
    way = warm()
    with django_assert_num_queries(0):
        assert all(way.may_begin() for _ in range(500))
        breaker.note("email", [tried()] * 500)
        breaker.note("email", [tried(UNKNOWN)] * 5)


def test_content_that_is_refused_twenty_times_in_a_row_holds_the_update_back() -> None:
    page = make_page()
    make_staff()
    make_incident(page)
    event = page.events.get(kind="incident.opened")
    fan_out(event_id=event.pk)
    way = warm()
    breaker.note("email", [tried(TOO_BIG, event.pk)] * 19)
    breaker.note("email", [tried(None, event.pk)])
    breaker.note("email", [tried(TOO_BIG, event.pk)] * 19)
    assert not way.holds(event.pk)
    breaker.note("email", [tried(TOO_BIG, event.pk)])
    assert way.holds(event.pk)
    assert not way.holds(None)
    mark = FanOut.objects.get()
    assert "5.3.4 Message too big" in mark.held_because
    assert not state().is_paused
    assert "held back: its text was refused 20 times" in Alarm.objects.get().sentence


def test_who_waited_for_the_permit_learns_that_the_update_was_held_back_meanwhile() -> None:
    page = make_page()
    make_staff()
    make_incident(page)
    event = page.events.get(kind="incident.opened")
    fan_out(event_id=event.pk)
    breaker.note("email", [tried(TOO_BIG, event.pk)] * 19)
    waiting = Gate("email")
    waiting.refresh()
    assert not waiting.holds(event.pk)
    breaker.note("email", [tried(TOO_BIG, event.pk)])
    assert not waiting.may_begin(event.pk)
    assert waiting.holds(event.pk)
    # The permit went back: another update may go.
    assert waiting.may_begin()


def test_an_endpoint_s_refusals_do_not_shut_the_way_for_the_others() -> None:
    reason = failure(Fault.SENDER, "HTTP 401")
    way = breaker.gate("webhook")
    breaker.note("webhook", [tried(reason)] * 50 + [tried(SLOWER)] * 50)
    assert not breaker.gate("webhook").is_shut()
    assert all(way.may_begin() for _ in range(100))


def test_a_rate_answer_halves_what_was_sent_and_it_grows_back(settings: Any) -> None:
    way = warm()
    for _ in range(400):
        assert way.may_begin()
    breaker.note("email", [tried(SLOWER)])
    assert state().rate == pytest.approx(100, rel=0.1)
    assert way.is_watching()
    allowed = sum(way.may_begin() for _ in range(400))
    assert allowed <= 50
    ChannelState.objects.update(slowed_at=Now() - timedelta(seconds=60))
    assert breaker.gate("email").may_begin()
    assert breaker.gate("email").most_at_once() > 16


def test_a_storm_of_rate_answers_ends_at_the_floor_and_not_below() -> None:
    way = warm()
    ChannelState.objects.update(taken_at=Now() - timedelta(seconds=5))
    breaker.gate("email")
    breaker.note("email", [tried(SLOWER)] * 40)
    assert state().rate == 1
    assert way.most_at_once() == 1
    assert sum(way.may_begin() for _ in range(50)) <= 1


def test_one_burst_halves_once_while_messages_are_taken_too() -> None:
    warm()
    ChannelState.objects.update(rate=64, slowed_at=Now() - timedelta(seconds=2))
    breaker.gate("email")
    breaker.note("email", [tried(SLOWER), tried(), tried(SLOWER), tried(SLOWER)])
    assert 32 < (state().rate or 0) < 64


def test_a_ceiling_of_the_operator_is_kept(settings: Any) -> None:
    settings.SEND_MOST_PER_SECOND = 20
    way = warm()
    assert sum(way.may_begin() for _ in range(200)) <= 10
    assert way.most_at_once() <= 20
    assert not way.is_watching()


def test_a_relay_that_cannot_be_reached_is_remembered_until_it_takes_something() -> None:
    warm()
    down = ChannelDown("The relay cannot be reached: refused", fault=Fault.CONNECTION)
    breaker.note("email", [tried(down)])
    assert state().down_because == "The relay cannot be reached: refused"
    assert not state().is_paused
    breaker.note("email", [tried()])
    assert state().down_since is None
