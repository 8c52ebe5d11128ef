"""Leaving: everything, one incident, and changing what is followed."""

import pytest

from incidents.subscriptions.links import manage_path, subscriber_behind
from incidents.subscriptions.models import SubscriberState
from incidents.subscriptions.refusals import NothingChosen, NotSubscribed
from incidents.subscriptions.tokens import MANAGE
from incidents.subscriptions.wishes import Wish
from tests.build import NOON, make_component, make_incident, make_page, make_subscriber, minutes

pytestmark = pytest.mark.django_db


def test_leaving_keeps_the_address_as_suppression() -> None:
    subscriber = make_subscriber(make_page())
    subscriber.leave(at=NOON)
    assert (subscriber.state, subscriber.left_at) == (SubscriberState.LEFT, NOON)
    assert not subscriber.scopes.exists()


def test_leaving_twice_keeps_the_first_time() -> None:
    subscriber = make_subscriber(make_page())
    subscriber.leave(at=NOON)
    subscriber.leave(at=NOON + minutes(5))
    assert subscriber.left_at == NOON


def test_leaving_one_incident_keeps_the_rest() -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page)
    subscriber.leave_incident(incident, at=NOON)
    subscriber.leave_incident(incident, at=NOON)
    assert subscriber.is_active
    assert [muted.incident for muted in subscriber.muted.all()] == [incident]


def test_leaving_the_only_incident_followed_is_leaving() -> None:
    page = make_page()
    incident = make_incident(page)
    subscriber = make_subscriber(page, wish=Wish(incident=incident))
    subscriber.leave_incident(incident, at=NOON)
    assert subscriber.state == SubscriberState.LEFT


def test_choosing_replaces_the_scope_and_keeps_incidents() -> None:
    page = make_page()
    api, incident = make_component(page), make_incident(page)
    subscriber = make_subscriber(page, wish=Wish(incident=incident))
    subscriber.choose(Wish(components=(api,)), at=NOON)
    assert subscriber.follows().components == (api,)
    assert subscriber.incidents_followed() == [incident]
    subscriber.choose(None, at=NOON)
    assert subscriber.follows_only_incidents


def test_choosing_nothing_at_all_is_refused() -> None:
    subscriber = make_subscriber(make_page())
    with pytest.raises(NothingChosen):
        subscriber.choose(None, at=NOON)
    assert subscriber.follows().is_everything


def test_who_left_cannot_choose() -> None:
    subscriber = make_subscriber(make_page())
    subscriber.leave(at=NOON)
    with pytest.raises(NotSubscribed):
        subscriber.choose(Wish(), at=NOON)


def test_links_of_an_ended_subscription_stay_dead_after_a_new_one() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    token = manage_path(subscriber).rsplit("/", 1)[1]
    assert subscriber_behind(MANAGE, token) == subscriber
    subscriber.leave(at=NOON)
    make_subscriber(page, at=NOON + minutes(1))
    with pytest.raises(NotSubscribed):
        subscriber_behind(MANAGE, token)
