"""A worker killed in the middle of a message: nobody is lost, only that one message can repeat."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from math import inf
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from incidents.notifications import leases
from incidents.notifications.channels.contract import Message
from incidents.notifications.channels.email import SmtpChannel
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.doubts import announce
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.smtp.session import Relay
from tests.build import make_incident, make_page, make_subscribers
from tests.faults.databases import until
from tests.faults.sinks.running import mail_sink
from tests.notifications.delivered import told
from tests.servers.mail import MailServer
from tests.servers.worker import address_of_test_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WORKER = "import django; django.setup(); from incidents.notifications.delivering import deliver_batch; deliver_batch()"


@pytest.mark.parametrize("at_once", [1, 8])
def test_nobody_is_lost_and_at_most_one_message_repeats_for_each_connection(
    use_smtp_server: MailServer, at_once: int
) -> None:
    page = make_page()
    make_subscribers(page, 300)
    make_incident(page)
    fan_out(event_id=page.events.order_by("-seq")[0].pk)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "statuspage.settings",
        "DATABASE_URL": address_of_test_database(),
        "EMAIL_URL": use_smtp_server.url,
        "SMTP_CONNECTIONS": str(at_once),
    }
    others = sessions()
    # In the middle of messages: they came and are never answered.
    use_smtp_server.answers = 40
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    use_smtp_server.wait_for(40 + at_once)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_until_ended(others)
    use_smtp_server.answers = inf
    held = Delivery.objects.filter(state=DeliveryState.LEASED)
    assert 0 < held.count() < 300
    held.update(lease_until=Now() - timedelta(seconds=1))
    finishing = threading.Thread(target=use_smtp_server.wait_for, args=[300])
    finishing.start()
    while deliver_batch():
        pass
    finishing.join()
    ids = [mail.message["Message-ID"] for mail in use_smtp_server.received]
    assert len(set(ids)) == 300
    assert len(ids) - 300 <= at_once
    assert not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def sessions() -> int:
    """Return how many sessions of others the database has; none where it is a file."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def wait_until_ended(others: int) -> None:
    """Return once the database has ended what a dead worker had begun, a moment after its process."""
    deadline = time.monotonic() + 60
    while sessions() > others:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_may_have_arrived_is_written_down_before_it_goes_once_more(tmp_path: Path) -> None:
    told(make_page(), readers=1)
    Delivery.objects.update(unanswered=1)
    with mail_sink(tmp_path, seconds_per_message=1.0) as sink:
        sending = threading.Thread(target=deliver_apart, args=[sink.port])
        sending.start()
        until(30, lambda: sink.ledger.arrivals, "the mail arrives")
        # Nobody has answered yet.
        under_way = Delivery.objects.filter(state=DeliveryState.LEASED)
        assert under_way.filter(unanswered=2, next_try_at__gt=Now() + timedelta(minutes=4)).exists()
        sending.join()
    assert not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def test_a_refusal_takes_back_that_it_may_have_arrived(tmp_path: Path) -> None:
    told(make_page(), readers=1)
    Delivery.objects.update(unanswered=1)
    with mail_sink(tmp_path, content_refused="452 4.3.1 No room") as sink:
        deliver_batch(channel=SmtpChannel(Relay("127.0.0.1", sink.port)))
    (delivery,) = Delivery.objects.all()
    assert (delivery.state, delivery.unanswered) == (DeliveryState.RETRYING, 1)


def test_whoever_is_killed_after_that_lets_it_wait() -> None:
    told(make_page(), readers=2)
    first, second = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(unanswered=1)
    lease, rows = leases.claim(channel="email", limit=2)
    announce(lease.key, [Message(str(first.pk), "", "", b"", unanswered=1)])
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=Now() - timedelta(seconds=1))
    assert leases.take_back() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.unanswered, first.lost) == (DeliveryState.RETRYING, 2, 1)
    assert (second.state, second.unanswered, second.lost) == (DeliveryState.RETRYING, 1, 1)
    assert first.next_try_at - second.next_try_at > timedelta(minutes=4)
    _lease, again = leases.claim(channel="email", limit=2)
    assert [row.pk for row in again] == [second.pk]


def deliver_apart(port: int) -> None:
    """Deliver in a thread of its own."""
    deliver_batch(channel=SmtpChannel(Relay("127.0.0.1", port)))
    connections.close_all()
