"""Moving a subscription to another address: asked for on its page, done when the owner of that address agrees."""

from typing import Any

import pytest

from incidents.subscriptions.models import ChannelKind, Scope, Subscriber, SubscriberState, SubscriptionRequest
from tests.build import NOON, make_incident, make_page, make_subscriber, minutes

pytestmark = pytest.mark.django_db


def moved(subscriber: Subscriber, address: str) -> Subscriber:
    asked = SubscriptionRequest.ask_to_move(subscriber=subscriber, address=address, client="192.0.2.1", at=NOON)
    return SubscriptionRequest.confirm(asked.token, at=NOON + minutes(1))


def test_what_is_followed_muted_and_paused_moves_along() -> None:
    page = make_page()
    incident = make_incident(page)
    former = make_subscriber(page)
    former.leave_incident(incident, at=NOON)
    former.pause(at=NOON)
    present = moved(former, "sam@example.org")
    former.refresh_from_db()
    assert (former.state, present.state) == (SubscriberState.LEFT, SubscriberState.ACTIVE)
    assert [muted.incident for muted in present.muted.all()] == [incident]
    assert present.is_paused(at=NOON + minutes(1))
    assert present.scopes.count() == 1


@pytest.mark.parametrize("typed", ["sam@example.com", "Sam@Example.com"])
def test_moving_to_the_address_one_has_ends_nothing(typed: str) -> None:
    subscriber = make_subscriber(make_page())
    moved(subscriber, typed)
    subscriber.refresh_from_db()
    assert subscriber.is_active
    assert subscriber.scopes.count() == 1


def test_whoever_answers_for_a_webhook_answers_for_it_at_its_new_address(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
    former = Subscriber.objects.create(
        page=make_page(),
        channel=ChannelKind.WEBHOOK,
        address="http://127.0.0.1:9/former",
        address_key="former",
        contact_email="ada@example.org",
        state=SubscriberState.ACTIVE,
        created_at=NOON,
        confirmed_at=NOON,
    )
    Scope.objects.create(subscriber=former, created_at=NOON)
    present = moved(former, "http://127.0.0.1:9/present")
    assert present.contact_email == "ada@example.org"
    assert present.signing_secret
