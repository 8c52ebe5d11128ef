"""A real Celery worker on a real broker: rings and lost rings both end in one mail each."""

import time

import pytest

from incidents.lib.clock import now
from incidents.notifications.doorbell import FAN_OUT, ring
from incidents.notifications.models import Delivery, DeliveryState
from incidents.timeline.models import Event
from tests.build import make_incident, make_page, make_subscribers
from tests.servers.mail import MailServer
from tests.servers.worker import RunningWorker, ring_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_update_makes_one_mail_for_each_reader(
    celery_worker_process: RunningWorker, smtp_server: MailServer
) -> None:
    page = make_page()
    make_subscribers(page, 25)
    make_incident(page, at=now())
    # The ring came through; a sweep freezes recipients without that task.
    celery_worker_process.wait_for("Task notifications.fan_out[")
    smtp_server.wait_for(25)
    wait_until_marked(25)
    # A second ring for the same event, and a silent one, tell nobody anything.
    event = Event.objects.get(kind="incident.opened")
    ring(FAN_OUT, event_id=event.pk)
    make_incident(page, at=now(), notify=False)
    time.sleep(1)
    assert sorted(mail.recipients[0] for mail in smtp_server.received) == sorted(
        f"reader{number}@example.com" for number in range(25)
    )
    assert set(Delivery.objects.filter(event=event).values_list("attempts", flat=True)) == {1}


def test_a_ring_that_was_lost_is_made_up_by_the_sweeper(
    celery_worker_process: RunningWorker, smtp_server: MailServer
) -> None:
    page = make_page()
    make_subscribers(page, 2)
    # This process rings a broker of its own that nobody listens at.
    ring_at("memory://")
    make_incident(page, at=now())
    smtp_server.wait_for(2)
    assert "Task notifications.fan_out[" not in celery_worker_process.output()
    wait_until_marked(2)


def wait_until_marked(count: int) -> None:
    """Return once so many deliveries are marked as sent; the mark follows the mail by a moment."""
    deadline = time.monotonic() + 60
    while Delivery.objects.filter(state=DeliveryState.SENT).count() < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
