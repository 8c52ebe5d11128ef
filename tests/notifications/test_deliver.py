"""Delivering: leases, marks, failures in words. The relay is a real one on this machine."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications import leases
from incidents.notifications.channels.answers import failure
from incidents.notifications.channels.contract import Fault, SendFailure
from incidents.notifications.channels.email import SmtpChannel, relay_from_settings
from incidents.notifications.delivering import BATCH, deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery, DeliveryState, Lane
from incidents.notifications.outcomes import Outcome
from incidents.notifications.writing import Writer
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Incident, Page
from tests.build import NOON, ask, make_incident, make_page, make_subscriber, make_subscribers, minutes
from tests.servers.finding import free_port
from tests.servers.mail import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def post(page: Page, *, body: str = "Some requests fail.") -> Incident:
    """Open an incident and freeze its recipients."""
    incident = make_incident(page, body=body)
    fan_out(event_id=page.events.order_by("-seq")[0].pk)
    return incident


def page_with_reader(*addresses: str) -> Page:
    """Return a page with confirmed subscribers whose own mails are done with."""
    page = make_page()
    for address in addresses or ("sam@example.com",):
        make_subscriber(page, email=address)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=NOON)
    return page


def news() -> Delivery:
    return Delivery.objects.exclude(event=None).get()


def outcome_of(delivery: Delivery, why: SendFailure | None = None) -> Outcome:
    return Outcome(delivery.pk, delivery.subscriber_id, delivery.attempts, delivery.created_at, "250 OK", why)


def test_what_is_due_is_sent_and_marked(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    assert deliver_batch() == 1
    assert [mail.recipients for mail in use_smtp_server.received] == [["sam@example.com"]]
    sent = news()
    assert (sent.state, sent.attempts, sent.last_answer) == ("sent", 1, "250 OK: kept")
    assert sent.sent_at is not None


def test_what_was_sent_is_not_sent_again(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    deliver_batch()
    assert deliver_batch() == 0
    assert len(use_smtp_server.received) == 1


def test_a_confirmation_goes_before_news(use_smtp_server: MailServer) -> None:
    page = page_with_reader()
    post(page)
    ask(page, email="new@example.com", at=NOON)
    for told in (["new@example.com"], ["new@example.com", "sam@example.com"]):
        deliver_batch(limit=1)
        assert [mail.recipients[0] for mail in use_smtp_server.received] == told


def test_a_crash_between_answer_and_mark_repeats_the_message_under_its_id(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    _lease, claimed = leases.claim(channel="email", limit=10)
    with SmtpChannel(relay_from_settings()) as channel:
        channel.send(Writer(claimed, at=now()).write(claimed[0]))
    # The worker dies here: nothing was marked, the lease still runs.
    assert deliver_batch() == 0
    Delivery.objects.filter(pk=claimed[0].pk).update(lease_until=Now() - timedelta(seconds=1))
    assert deliver_batch() == 1
    first, second = (mail.message["Message-ID"] for mail in use_smtp_server.received)
    assert first == second == f"<{claimed[0].message_id}>"
    assert (news().state, news().attempts) == ("sent", 1)


def test_workers_that_die_use_up_nobody_s_patience() -> None:
    post(page_with_reader())
    for _ in range(6):
        leases.claim(channel="email", limit=1)
        Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
        leases.take_back()
    assert news().attempts == 0
    lease, (delivery,) = leases.claim(channel="email", limit=1)
    leases.settle(lease, [outcome_of(delivery, failure(Fault.RECIPIENT_TEMPORARY, "450 4.2.1 Busy"))])
    assert (news().state, news().attempts) == ("retrying", 1)


def claim_and_die() -> int:
    """Claim what is due and end without a word; return how many were claimed."""
    _lease, claimed = leases.claim(channel="email", limit=10)
    Delivery.objects.exclude(lease="").update(lease_until=Now() - timedelta(seconds=1))
    leases.take_back()
    return len(claimed)


def test_what_workers_die_with_again_and_again_is_claimed_alone() -> None:
    post(page_with_reader("ann@example.com", "sam@example.com"))
    assert [claim_and_die() for _ in range(leases.ALONE_FROM + 2)] == [2] * leases.ALONE_FROM + [1, 1]


@pytest.mark.parametrize("way", [leases.claim_rows, leases.claim_values])
@pytest.mark.parametrize(("lost", "together"), [(4, 70), (6, 70), (7, 64), (9, 16), (12, 2), (13, 1), (14, 1)])
def test_the_oftener_workers_die_with_it_the_smaller_its_group(
    way: Callable[..., list[Any]], lost: int, together: int
) -> None:
    post(page_with_reader(*(f"reader{number}@example.com" for number in range(70))))
    Delivery.objects.exclude(event=None).update(lost=lost)
    assert len(way(leases.Lease("email"), limit=100)) == together


@pytest.mark.parametrize("way", [leases.claim_rows, leases.claim_values])
def test_the_worst_of_a_group_says_how_large_it_is(way: Callable[..., list[Any]]) -> None:
    post(page_with_reader(*(f"reader{number}@example.com" for number in range(10))))
    keys = list(Delivery.objects.exclude(event=None).order_by("lane", "next_try_at", "pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys).update(lost=leases.SUSPECT_FROM)
    Delivery.objects.filter(pk=keys[2]).update(lost=leases.ALONE_FROM - 2)
    assert [one.pk for one in way(leases.Lease("email"), limit=100)] == keys[:4]
    Delivery.objects.filter(pk=keys[6]).update(lost=leases.ALONE_FROM)
    assert [one.pk for one in way(leases.Lease("email"), limit=100)] == keys[4:6]


def test_what_ends_its_workers_alone_is_set_aside_in_the_end() -> None:
    post(page_with_reader())
    assert sum(claim_and_die() for _ in range(leases.SET_ASIDE_AT + 1)) == leases.SET_ASIDE_AT
    assert (news().state, news().attempts, news().last_answer) == ("failed", 0, leases.SET_ASIDE)


def test_an_answer_ends_the_suspicion() -> None:
    post(page_with_reader())
    for _ in range(leases.ALONE_FROM):
        claim_and_die()
    lease, (delivery,) = leases.claim(channel="email", limit=1)
    leases.settle(lease, [outcome_of(delivery, failure(Fault.RECIPIENT_TEMPORARY, "450 4.2.1 Busy"))])
    assert (news().lost, news().refusals, news().attempts) == (0, 1, 1)


def test_a_batch_with_one_suspect_says_that_more_may_be_due(use_smtp_server: MailServer) -> None:
    post(page_with_reader("ann@example.com", "sam@example.com"))
    Delivery.objects.exclude(event=None).update(lost=leases.ALONE_FROM)
    assert deliver_batch() == BATCH
    assert len(use_smtp_server.received) == 1
    assert deliver_batch() == BATCH
    assert deliver_batch() == 0
    assert len(use_smtp_server.received) == 2


def test_a_lease_lost_meanwhile_does_not_hide_that_the_message_was_sent() -> None:
    post(page_with_reader())
    lease, (delivery,) = leases.claim(channel="email", limit=1)
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    leases.take_back()
    leases.settle(lease, [outcome_of(delivery)])
    assert news().state == DeliveryState.SENT


def test_a_worker_that_lost_its_lease_cannot_put_a_delivery_off() -> None:
    post(page_with_reader())
    lease, (delivery,) = leases.claim(channel="email", limit=1)
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    leases.claim(channel="email", limit=1)
    leases.settle(lease, [outcome_of(delivery, failure(Fault.CONTENT, "too late"))])
    assert news().state == DeliveryState.LEASED


def test_what_a_dead_worker_held_is_overtaken_by_what_came_since() -> None:
    page = page_with_reader()
    incident = post(page)
    leases.claim(channel="email", limit=1)
    incident.post_update(body="More.", by="test", at=NOON + minutes(5))
    fan_out(event_id=page.events.order_by("-seq")[0].pk)
    assert leases.claim(channel="email", limit=5)[1] == []
    Delivery.objects.filter(state="leased").update(lease_until=Now() - timedelta(seconds=1))
    assert [delivery.kind for delivery in leases.claim(channel="email", limit=5)[1]] == ["incident_updated"]
    assert Delivery.objects.filter(state=DeliveryState.SUPERSEDED).count() == 1


def test_a_mailbox_that_does_not_exist_bounces(use_smtp_server: MailServer) -> None:
    post(page_with_reader("gone@example.com", "sam@example.com"))
    use_smtp_server.refuse("gone@example.com", "550 5.1.1 No such user here")
    deliver_batch()
    bounced = Delivery.objects.exclude(event=None).get(address="gone@example.com")
    assert bounced.state == DeliveryState.BOUNCED
    assert bounced.last_answer == ("The mailbox does not exist or takes no mail: 550 5.1.1 No such user here")
    assert [mail.recipients for mail in use_smtp_server.received] == [["sam@example.com"]]


def test_a_full_mailbox_is_tried_again_later(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    use_smtp_server.refuse("sam@example.com", "452 4.2.2 Mailbox full")
    before = now()
    deliver_batch()
    waiting = news()
    assert (waiting.state, waiting.lane) == (DeliveryState.RETRYING, Lane.RETRY)
    assert "452 4.2.2 Mailbox full" in waiting.last_answer
    assert waiting.next_try_at - before > timedelta(seconds=25)
    assert waiting.next_try_at - now() < timedelta(seconds=61)
    assert deliver_batch() == 0
    use_smtp_server.refusals.clear()
    Delivery.objects.update(next_try_at=Now())
    assert deliver_batch() == 1
    assert news().state == DeliveryState.SENT


def test_a_mailbox_is_given_up_after_five_waits(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    use_smtp_server.refuse("sam@example.com", "450 4.2.1 Try later")
    for _ in range(6):
        Delivery.objects.update(next_try_at=Now())
        deliver_batch()
    assert news().state == DeliveryState.FAILED
    assert news().last_answer.startswith("Given up after 6 tries.")


def test_a_retry_is_overtaken_by_a_newer_update(use_smtp_server: MailServer) -> None:
    page = page_with_reader()
    incident = post(page)
    use_smtp_server.refuse("sam@example.com", "450 4.2.1 Try later")
    deliver_batch()
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    fan_out(event_id=page.events.order_by("-seq")[0].pk)
    states = Delivery.objects.exclude(event=None).order_by("seq").values_list("state", flat=True)
    assert list(states) == ["superseded", "queued"]


def test_a_relay_that_refuses_us_is_nobody_s_bounce(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    use_smtp_server.refuse("sam@example.com", "550 5.7.26 This mail is unauthenticated")
    deliver_batch()
    assert news().state == DeliveryState.RETRYING
    assert news().fault == "sender"
    assert "550 5.7.26" in news().last_answer


def test_a_relay_that_is_down_costs_nobody_the_message(settings: Any) -> None:
    post(page_with_reader("sam@example.com", "ada@example.com"))
    settings.MAIL_IS_KEPT = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    began = time.monotonic()
    deliver_batch()
    assert time.monotonic() - began < settings.EMAIL_TIMEOUT
    tried, untried = Delivery.objects.exclude(event=None).order_by("-attempts")
    assert (tried.state, tried.attempts) == (DeliveryState.RETRYING, 1)
    assert "The relay cannot be reached" in tried.last_answer
    assert (untried.state, untried.attempts) == (DeliveryState.QUEUED, 0)


def test_who_left_before_it_was_sent_gets_nothing(use_smtp_server: MailServer) -> None:
    post(page_with_reader())
    Subscriber.objects.get().leave(at=NOON)
    deliver_batch()
    assert use_smtp_server.received == []
    assert news().state == DeliveryState.SUPPRESSED


def test_who_left_the_incident_before_it_was_sent_gets_nothing(use_smtp_server: MailServer) -> None:
    incident = post(page_with_reader())
    Subscriber.objects.get().leave_incident(incident, at=NOON)
    deliver_batch()
    assert use_smtp_server.received == []
    assert news().state == DeliveryState.SUPPRESSED


def test_a_request_with_nothing_left_to_confirm_ends_in_words(use_smtp_server: MailServer) -> None:
    page = make_page()
    request = ask(page)
    type(request).objects.update(wanted={"components": ["gone"], "incident": ""})
    deliver_batch()
    assert use_smtp_server.received == []
    assert Delivery.objects.get().last_answer == "One of the chosen components does not exist any more."


def test_nothing_is_begun_on_a_lease_that_is_not_fresh(
    use_smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(page_with_reader("sam@example.com", "ada@example.com"))
    monkeypatch.setattr(leases, "SHARE_OF_LEASE", 0)
    assert deliver_batch() == 0
    assert use_smtp_server.received == []
    states = Delivery.objects.exclude(event=None).values_list("state", "attempts")
    assert list(states) == [("queued", 0), ("queued", 0)]


@pytest.mark.parametrize("readers", [1, 50])
def test_claiming_and_writing_cost_the_same_whatever_the_size_of_the_batch(
    readers: int, django_assert_max_num_queries: Any
) -> None:
    page = make_page()
    make_subscribers(page, readers)
    post(page)
    with django_assert_max_num_queries(14):
        _lease, claimed = leases.claim(channel="email", limit=100)
        writer = Writer(claimed, at=now())
        assert len({writer.write(delivery).content for delivery in claimed}) == readers


@pytest.mark.django_db(transaction=True)
def test_several_workers_side_by_side_send_nothing_twice(use_smtp_server: MailServer) -> None:
    page = make_page()
    make_subscribers(page, 120)
    post(page)

    def work() -> None:
        while deliver_batch(limit=15):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while deliver_batch():
        pass
    told = [mail.recipients[0] for mail in use_smtp_server.received]
    assert len(told) == len(set(told)) == 120
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_folder_of_kept_mails_that_cannot_be_made_is_said_in_words(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_IS_KEPT = True
    (tmp_path / "file").write_text("in the way")
    settings.KEPT_MAIL_DIR = tmp_path / "file" / "mail"
    post(page_with_reader())
    deliver_batch()
    assert news().state == DeliveryState.RETRYING
    assert "cannot be written" in news().last_answer


@pytest.mark.parametrize("way", [leases.claim_rows, leases.claim_values])
def test_suspects_in_between_keep_nobody_above_suspicion_waiting(way: Callable[..., list[Any]]) -> None:
    post(page_with_reader(*(f"reader{number}@example.com" for number in range(20))))
    keys = list(Delivery.objects.exclude(event=None).order_by("next_try_at", "pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys[::2]).update(lost=leases.ALONE_FROM)
    assert [row.pk for row in way(leases.Lease("email"), limit=8)] == keys[1:16:2]
