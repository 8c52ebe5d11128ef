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
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from incidents.notifications.channels.email import SmtpChannel
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.smtp.session import Relay
from tests.build import make_incident, make_page, make_subscribers
from tests.faults.sinks.running import mail_sink
from tests.notifications.delivered import told
from tests.servers.mail import MailServer
from tests.servers.worker import address_of_test_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WORKER = "import django; django.setup(); from incidents.notifications.delivering import deliver_batch; deliver_batch()"


@pytest.mark.parametrize("connections", [1, 8])
def test_nobody_is_lost_and_at_most_one_message_repeats_for_each_connection(
    use_smtp_server: MailServer, connections: int
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
        "SMTP_CONNECTIONS": str(connections),
    }
    others = sessions()
    # In the middle of messages: they came and are never answered.
    use_smtp_server.answers = 40
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    use_smtp_server.wait_for(40 + connections)
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
    assert len(ids) - 300 <= connections
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


@pytest.mark.parametrize(("lost", "at_once"), [(1, 8), (2, 4)])
def test_what_was_lost_again_has_few_beside_it_so_that_few_can_arrive_once_more(
    tmp_path: Path, settings: Any, lost: int, at_once: int
) -> None:
    settings.SMTP_CONNECTIONS = 8
    told(make_page(), readers=60)
    Delivery.objects.update(lost=lost)
    with mail_sink(tmp_path, seconds_per_message=0.02) as sink:
        relay = SmtpChannel(Relay("127.0.0.1", sink.port))
        while deliver_batch(channel=relay):
            pass
        assert sink.ledger.most_connections() == at_once
    assert not Delivery.objects.exclude(state=DeliveryState.SENT).exists()
