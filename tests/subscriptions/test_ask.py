"""Asking for a subscription: one mail to the owner, the same answer for everybody."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.notifications.models import Delivery
from incidents.subscriptions.models import ChannelKind, RequestKind, Subscriber, SubscriberState, SubscriptionRequest
from incidents.subscriptions.refusals import AddressRefused, TooManyRequests
from incidents.subscriptions.wishes import Wish
from tests.build import EVERYTHING, NOON, ask, make_component, make_page, make_subscriber, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_new_address_waits_for_its_owner() -> None:
    request = ask(make_page())
    assert request.kind == RequestKind.CONFIRM
    assert request.subscriber.state == SubscriberState.PENDING
    assert not request.subscriber.scopes.exists()


def test_the_mail_is_kept_in_the_same_transaction() -> None:
    request = ask(make_page())
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.address, delivery.state) == ("confirm", "sam@example.com", "queued")
    assert delivery.subscription_request == request


def test_an_active_subscriber_gets_the_way_to_the_subscription_instead() -> None:
    page = make_page()
    make_subscriber(page)
    request = ask(page, at=NOON)
    assert request.kind == RequestKind.MANAGE
    assert list(Delivery.objects.order_by("pk").values_list("kind", flat=True)) == ["confirm", "manage_link"]


def test_an_address_of_another_letter_case_is_the_same_subscriber() -> None:
    page = make_page()
    make_subscriber(page, email="Sam@example.com")
    assert ask(page, email="sam@EXAMPLE.com", at=NOON).subscriber.address == "Sam@example.com"


def test_a_second_request_within_ten_minutes_sends_nothing_but_changes_the_wish() -> None:
    page = make_page()
    component = make_component(page)
    first = ask(page, at=NOON)
    second = ask(page, wish=Wish(components=(component,)), at=NOON + minutes(9))
    assert second == first
    assert Delivery.objects.count() == 1
    assert SubscriptionRequest.objects.get().wanted["components"] == [component.code]


def test_a_request_after_ten_minutes_sends_again() -> None:
    page = make_page()
    ask(page, at=NOON)
    ask(page, at=NOON + minutes(11))
    assert Delivery.objects.count() == 2


def test_somebody_who_left_is_asked_anew_at_once() -> None:
    page = make_page()
    subscriber = make_subscriber(page, at=NOON)
    subscriber.leave(at=NOON + minutes(1))
    request = ask(page, at=NOON + minutes(2))
    assert request.kind == RequestKind.CONFIRM
    assert Subscriber.objects.get().state == SubscriberState.LEFT


def test_one_network_may_ask_so_often_an_hour_and_no_more() -> None:
    page = make_page()
    for number in range(10):
        ask(page, email=f"a{number}@example.com", client=f"192.0.2.{number}", at=NOON)
    with pytest.raises(TooManyRequests):
        ask(page, email="one.more@example.com", client="192.0.2.99", at=NOON + minutes(59))
    assert not Subscriber.objects.filter(address="one.more@example.com").exists()
    assert ask(page, email="one.more@example.com", client="192.0.3.1", at=NOON)
    assert ask(page, email="next.hour@example.com", client="192.0.2.99", at=NOON + timedelta(hours=1))


def test_neighbours_in_one_ipv6_network_are_counted_together() -> None:
    page = make_page()
    for number in range(10):
        ask(page, email=f"a{number}@example.com", client=f"2001:db8::{number:x}", at=NOON)
    with pytest.raises(TooManyRequests):
        ask(page, client="2001:db8::ffff", at=NOON)


def test_a_bad_address_leaves_nothing_behind() -> None:
    page = make_page()
    with pytest.raises(AddressRefused):
        ask(page, email="a@example")
    assert not Subscriber.objects.exists()
    assert not Delivery.objects.exists()


def test_the_same_address_may_follow_two_pages() -> None:
    one, other = make_page(), make_page(name="Other", host="other.example.com")
    assert make_subscriber(one) != make_subscriber(other)


def test_many_endpoints_with_one_owner_send_that_owner_one_link_in_ten_minutes(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
    page = make_page()
    for number in range(20):
        request = SubscriptionRequest.ask(
            page=page,
            channel=ChannelKind.WEBHOOK,
            address=f"http://127.0.0.1:9/{number}",
            contact_email="victim@example.org",
            wish=EVERYTHING,
            client=f"192.{number}.2.1",
            at=NOON,
        )
        SubscriptionRequest.confirm_challenge(request, request.challenge, at=NOON)
    assert Subscriber.objects.active().count() == 20
    assert Delivery.objects.filter(address="victim@example.org").count() == 1
    for number in range(20):
        SubscriptionRequest.ask(
            page=page,
            channel=ChannelKind.WEBHOOK,
            address=f"http://127.0.0.1:9/{number}",
            wish=EVERYTHING,
            client=f"192.{number}.3.1",
            at=NOON + minutes(11 * (number + 1)),
        )
    assert Delivery.objects.filter(address="victim@example.org").count() == 3
