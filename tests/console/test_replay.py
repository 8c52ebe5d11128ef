"""Sending one message to an endpoint again, from its row in the report."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import Delivery, DeliveryState
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Page
from tests.build import make_outsider, make_page
from tests.notifications.channels.building import freeze, make_endpoint, make_news

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(page: Page) -> Delivery:
    """A message that failed for a day."""
    make_endpoint(page, "https://hooks.example.com/a")
    make_news(page)
    then = now() - timedelta(days=2)
    Delivery.objects.update(state=DeliveryState.FAILED, attempts=8, fault="recipient_temporary", created_at=then)
    return Delivery.objects.get()


def replay_of(delivery: Delivery) -> str:
    return f"/console/deliveries/{delivery.pk}/replay"


def test_a_message_is_sent_again_under_its_identity_with_tries_of_a_new_day(ada: Client, failed: Delivery) -> None:
    update = failed.event.update if failed.event else None
    assert update is not None
    report = f"/console/incidents/{update.incident.code}/updates/{update.code}/deliveries"
    assert replay_of(failed) in ada.get(report).content.decode()
    answer = ada.post(replay_of(failed))
    assert (answer.status_code, answer.headers["location"]) == (303, report)
    again = Delivery.objects.get()
    assert (again.state, again.attempts, again.fault, again.message_id) == ("queued", 0, "", failed.message_id)
    assert now() - again.created_at < timedelta(minutes=1)


def test_one_that_was_sent_can_be_sent_again_as_well(ada: Client, failed: Delivery) -> None:
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=now())
    assert ada.post(replay_of(failed)).status_code == 303
    assert Delivery.objects.get().state == DeliveryState.QUEUED


@pytest.mark.parametrize("state", ["queued", "leased", "retrying", "superseded"])
def test_what_has_not_ended_or_was_overtaken_is_refused(ada: Client, failed: Delivery, state: str) -> None:
    Delivery.objects.update(state=state, lease_until=now())
    answer = ada.post(replay_of(failed))
    assert answer.status_code == 422
    assert "Only a message to an endpoint that has ended" in answer.content.decode()
    assert Delivery.objects.get().state == state


def test_an_older_update_is_not_sent_after_a_newer_one(ada: Client, failed: Delivery, page: Page) -> None:
    incident = failed.incident
    assert incident is not None
    incident.post_update(body="We found it.", by="test", at=now())
    freeze(page)
    answer = ada.post(replay_of(failed))
    assert answer.status_code == 422
    assert "A newer update has followed" in answer.content.decode()


def test_nothing_is_sent_to_an_endpoint_that_was_switched_off(ada: Client, failed: Delivery) -> None:
    Subscriber.objects.get().disable(reason="410 gone", at=now())
    assert ada.post(replay_of(failed)).status_code == 422
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_a_mail_has_no_such_button(ada: Client, failed: Delivery) -> None:
    Delivery.objects.update(channel="email")
    assert ada.post(replay_of(failed)).status_code == 422


def test_outsiders_and_other_pages_get_nowhere(ada: Client, client: Client, failed: Delivery) -> None:
    assert client.post(replay_of(failed)).status_code == 302
    client.force_login(make_outsider())
    assert client.post(replay_of(failed)).status_code == 403
    Delivery.objects.update(page=make_page(name="Other", host="other.example.com"))
    assert ada.post(replay_of(failed)).status_code == 404
    assert ada.get(replay_of(failed)).status_code == 405
    assert Delivery.objects.get().state == DeliveryState.FAILED
