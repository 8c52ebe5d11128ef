"""What becomes of a delivery after a try."""

from datetime import timedelta

import pytest

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import ChannelDown, Fault, SendFailure
from incidents.notifications.doubts import SAID
from incidents.notifications.models import DeliveryState, Lane
from incidents.notifications.outcomes import Outcome
from incidents.notifications.verdicts import RECIPIENT_WAITS, Counts, Verdict, verdict
from tests.build import NOON, minutes

SECOND = timedelta(seconds=1)


def judged(
    reason: SendFailure | None,
    *,
    attempts: int = 1,
    age: timedelta = SECOND,
    waits: tuple[timedelta, ...] | None = None,
    channel: str = "email",
    refusals: int = 0,
    unanswered: int = 0,
) -> Verdict:
    answer = "250 OK" if reason is None else ""
    outcome = Outcome(1, 1, attempts, NOON - age, answer, reason, channel=channel, waits=waits, refusals=refusals)
    outcome.unanswered = unanswered
    return verdict(outcome, at=NOON)


def test_what_was_taken_is_sent_and_counts_nothing() -> None:
    taken = judged(None)
    assert (taken.state, taken.answer, taken.counts, taken.fault) == (DeliveryState.SENT, "250 OK", Counts.NOTHING, "")


@pytest.mark.parametrize(
    ("answer", "state", "counts"),
    [
        (Answer(550, "5.1.1 User unknown", RECIPIENT), DeliveryState.BOUNCED, Counts.UNKNOWN),
        (Answer(550, "5.2.1 Disabled", RECIPIENT), DeliveryState.BOUNCED, Counts.HARD),
        (Answer(452, "4.2.2 Full", RECIPIENT), DeliveryState.RETRYING, Counts.SOFT),
        (Answer(550, "5.7.26 Unauthenticated", RECIPIENT), DeliveryState.RETRYING, Counts.NOTHING),
        (Answer(535, "5.7.8 Bad", ENVELOPE), DeliveryState.RETRYING, Counts.NOTHING),
        (Answer(421, "4.7.0 Slow", ENVELOPE), DeliveryState.RETRYING, Counts.NOTHING),
        (Answer(552, "5.3.4 Big", CONTENT), DeliveryState.FAILED, Counts.NOTHING),
        (Answer(550, "5.6.7 SMTPUTF8", RECIPIENT), DeliveryState.FAILED, Counts.NOTHING),
    ],
)
def test_each_class_has_its_end_or_its_retry(answer: Answer, state: DeliveryState, counts: Counts) -> None:
    judgement = judged(failure_of(answer))
    assert (judgement.state, judgement.counts) == (state, counts)
    assert (judgement.wait is None) == (state != DeliveryState.RETRYING)


@pytest.mark.parametrize("refusals", range(5))
def test_a_mailbox_is_tried_again_after_the_five_waits_whatever_else_failed(refusals: int) -> None:
    wait = judged(failure(Fault.RECIPIENT_TEMPORARY, "450"), attempts=9, refusals=refusals).wait
    planned = RECIPIENT_WAITS[refusals]
    assert wait is not None
    assert planned * 0.9 <= wait <= planned


def test_a_mailbox_is_given_up_after_them() -> None:
    given_up = judged(failure(Fault.RECIPIENT_TEMPORARY, "450 4.2.1"), attempts=6, refusals=5)
    assert (given_up.state, given_up.wait, given_up.counts) == (DeliveryState.FAILED, None, Counts.SOFT)
    assert given_up.answer == "Given up after 6 tries. The mailbox takes no mail right now: 450 4.2.1"


@pytest.mark.parametrize("fault", [Fault.SENDER, Fault.QUOTA, Fault.CONNECTION])
@pytest.mark.parametrize(("attempts", "bound"), [(1, 2), (3, 8), (9, 512), (10, 900), (40, 900)])
def test_what_is_not_the_recipient_s_fault_waits_by_chance_below_a_growing_bound(
    fault: Fault, attempts: int, bound: int
) -> None:
    waits = [judged(failure(fault, "421"), attempts=attempts).wait for _ in range(200)]
    seconds = [wait.total_seconds() for wait in waits if wait is not None]
    assert len(seconds) == 200
    assert 1 <= min(seconds) < 1 + (bound - 1) * 0.2
    assert 1 + (bound - 1) * 0.8 < max(seconds) <= bound


def test_it_is_not_given_up_within_a_day_whatever_the_tries() -> None:
    assert judged(failure(Fault.SENDER, "550"), attempts=90, age=minutes(60 * 23)).state == DeliveryState.RETRYING
    assert judged(failure(Fault.SENDER, "550"), attempts=90, age=minutes(60 * 24)).state == DeliveryState.FAILED


def test_a_wait_asked_for_is_kept_to_and_never_shortened() -> None:
    for _ in range(50):
        wait = judged(failure(Fault.QUOTA, "429", retry_after=minutes(2))).wait
        assert wait is not None
        assert minutes(2) <= wait <= minutes(2.2)


def test_a_short_wait_asked_for_does_not_shorten_the_mailbox_s_own() -> None:
    wait = judged(failure(Fault.RECIPIENT_TEMPORARY, "450", retry_after=SECOND), attempts=3, refusals=2).wait
    assert wait is not None
    assert wait >= minutes(13)


def test_a_channel_brings_its_own_waits() -> None:
    waits = (5 * SECOND, minutes(5))
    own = judged(failure(Fault.QUOTA, "502"), attempts=1, waits=waits).wait
    assert own is not None
    assert own <= 5 * SECOND
    assert judged(failure(Fault.QUOTA, "502"), attempts=3, waits=waits).state == DeliveryState.FAILED


@pytest.mark.parametrize("fault", [Fault.RECIPIENT_TEMPORARY, Fault.CONNECTION])
@pytest.mark.parametrize(("attempts", "seconds"), list(enumerate([5, 300, 1800, 7200, 18000, 36000], start=1)))
def test_an_endpoint_is_tried_again_by_standard_webhooks(fault: Fault, attempts: int, seconds: int) -> None:
    wait = judged(failure(fault, "HTTP 500"), attempts=attempts, channel="webhook").wait
    assert wait is not None
    assert seconds * 0.9 <= wait.total_seconds() <= seconds


def test_an_endpoint_has_a_last_try_after_a_day_and_is_switched_off_then() -> None:
    reason = failure(Fault.RECIPIENT_TEMPORARY, "HTTP 500")
    last = judged(reason, attempts=7, age=minutes(60 * 18), channel="webhook")
    assert (last.state, last.wait, last.counts) == (DeliveryState.RETRYING, minutes(60 * 6), Counts.SOFT)
    over = judged(reason, attempts=8, age=minutes(60 * 24), channel="webhook")
    assert (over.state, over.counts) == (DeliveryState.FAILED, Counts.UNKNOWN)


def test_a_provider_of_ours_that_is_down_is_not_the_reader_s_fault() -> None:
    assert judged(failure(Fault.CONNECTION, "HTTP 503"), age=minutes(1500), channel="sms").counts == Counts.NOTHING


def test_second_tries_run_in_a_lane_of_their_own() -> None:
    assert judged(failure(Fault.QUOTA, "421")).lane == Lane.RETRY


def in_doubt(*, is_silent: bool) -> SendFailure:
    doubt = failure(
        Fault.CONNECTION, "the relay said nothing for 30 seconds" if is_silent else "the connection broke off"
    )
    doubt.is_doubtful, doubt.is_silent = True, is_silent
    return doubt


def test_a_relay_that_never_says_what_became_of_a_mail_gets_it_three_times() -> None:
    first, second, third = (judged(in_doubt(is_silent=True), unanswered=before) for before in range(3))
    assert first.wait is not None
    assert first.wait <= timedelta(seconds=2)
    assert second.wait is not None
    assert second.wait >= minutes(5)
    assert (third.state, third.wait, third.counts) == (DeliveryState.FAILED, None, Counts.NOTHING)
    assert third.answer.startswith(SAID)


@pytest.mark.parametrize(("before", "shortest"), [(0, 0), (1, 0), (2, 5), (3, 30), (9, 30)])
def test_who_hangs_up_instead_of_an_answer_is_given_more_time_each_time(before: int, shortest: int) -> None:
    judgement = judged(in_doubt(is_silent=False), unanswered=before)
    assert judgement.state == DeliveryState.RETRYING
    assert judgement.wait is not None
    assert judgement.wait >= minutes(shortest)
    assert shortest or judgement.wait <= timedelta(seconds=2)


@pytest.mark.parametrize(("attempts", "lane"), [(1, None), (3, None), (4, Lane.RETRY)])
def test_a_connection_that_broke_off_sends_nobody_behind_mailboxes_that_are_full(
    attempts: int, lane: Lane | None
) -> None:
    assert judged(failure(Fault.CONNECTION, "the connection broke off"), attempts=attempts).lane == lane


def test_who_waits_for_a_silent_relay_or_one_that_is_down_waits_with_the_second_tries() -> None:
    down = ChannelDown("The relay cannot be reached.", fault=Fault.CONNECTION)
    assert judged(in_doubt(is_silent=True)).lane == judged(down).lane == Lane.RETRY


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (3, 8), (6, 64)])
def test_a_reset_now_and_then_makes_no_news_late(attempts: int, seconds: int) -> None:
    """A mailbox that refused before, or a worker that was killed, has used up tries as well."""
    broken = failure(Fault.CONNECTION, "the connection broke off")
    broken.is_doubtful = True
    wait = judged(broken, attempts=attempts, age=timedelta(minutes=4)).wait
    assert wait is not None
    assert wait <= timedelta(seconds=seconds)
