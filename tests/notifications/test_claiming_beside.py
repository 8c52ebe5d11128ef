"""Claims and marks travel beside the sending: what is lost on the way is asked for anew, and nothing stays leased."""

import time

import pytest
from django.db import connection

from incidents.notifications.batch import Batch
from incidents.notifications.breaker import gate
from incidents.notifications.claiming import Claimer
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.links import Link, LinkLost, borrowed_link
from incidents.notifications.models import Delivery, DeliveryState
from incidents.subscriptions.models import ChannelKind, Subscriber
from tests.build import NOON, make_page
from tests.notifications.delivered import told
from tests.servers.mail import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def lose(link: Link) -> None:
    """End a link's connection at the other end."""
    process = link.connection.info.backend_pid
    with connection.cursor() as cursor:
        # Returns when it has ended, within so many milliseconds.
        cursor.execute("SELECT pg_terminate_backend(%s, 30000)", [process])


def fetch_until_heard(batch: Batch) -> None:
    for _ in range(600):
        batch.fetch()
        time.sleep(0.05)


def asked(link: Link) -> int:
    link.ask(b"SELECT 1")
    return link.wait().ntuples


def leased() -> int:
    return Delivery.objects.filter(state=DeliveryState.LEASED).count()


@pytest.mark.both_databases
def test_who_left_before_the_claim_gets_nothing(use_smtp_server: MailServer) -> None:
    told(make_page(), readers=30)
    Subscriber.objects.filter(address="reader7@example.com").update(state="left", left_at=NOON)
    deliver_batch()
    assert ["reader7@example.com"] not in [mail.recipients for mail in use_smtp_server.received]
    assert Delivery.objects.filter(state=DeliveryState.SUPPRESSED).count() == 1
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 29


@pytest.mark.both_databases
def test_a_batch_goes_on_while_its_seconds_last(use_smtp_server: MailServer) -> None:
    told(make_page(), readers=60)
    assert deliver_batch(limit=20, seconds=60) == 60
    assert len(use_smtp_server.received) == 60


@pytest.mark.both_databases
def test_a_batch_without_seconds_keeps_to_its_limit(use_smtp_server: MailServer) -> None:
    told(make_page(), readers=60)
    assert deliver_batch(limit=20) == 20
    assert (len(use_smtp_server.received), leased()) == (20, 0)


def test_what_was_claimed_and_not_heard_of_is_given_back() -> None:
    told(make_page(), readers=40)
    with borrowed_link() as link:
        assert link is not None
        batch = Batch(gate(ChannelKind.EMAIL), limit=40)
        batch.claimer = Claimer(link)
        batch.fetch()
        batch.close()
    assert leased() == 0
    assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 40


def test_a_claimer_that_is_lost_is_done_without() -> None:
    told(make_page(), readers=40)
    with borrowed_link() as link:
        assert link is not None
        batch = Batch(gate(ChannelKind.EMAIL), limit=40)
        batch.claimer = Claimer(link)
        lose(link)
        with pytest.raises(LinkLost):
            fetch_until_heard(batch)
        batch.claim_in_turn()
        batch.fetch()
        assert batch.waiting > 0
        batch.close()
    assert leased() == 0


def test_a_link_that_was_lost_is_not_lent_again() -> None:
    with borrowed_link() as first:
        assert first is not None
        lose(first)
        with pytest.raises(LinkLost):
            asked(first)
    with borrowed_link() as second:
        assert second is not None
        assert asked(second) == 1


def test_a_statement_the_database_refuses_is_a_loss() -> None:
    with borrowed_link() as link:
        assert link is not None
        link.ask(b"SELECT nonsense")
        with pytest.raises(LinkLost, match="nonsense"):
            link.wait()
