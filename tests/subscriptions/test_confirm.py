"""Confirming: the second half of the double opt-in."""

from datetime import timedelta

import pytest

from incidents.subscriptions.models import SubscriberState, SubscriptionRequest
from incidents.subscriptions.refusals import ChoiceGone, IncidentOver, LinkExpired, LinkRefused
from incidents.subscriptions.tokens import CONFIRM, MANAGE, UNSUBSCRIBE, make_token, read_token
from incidents.subscriptions.wishes import Wish
from tests.build import NOON, ask, make_component, make_incident, make_page, make_subscriber, minutes

pytestmark = pytest.mark.django_db


def test_confirming_makes_the_wish_a_subscription() -> None:
    page = make_page()
    api, _web = make_component(page), make_component(page, name="Web")
    request = ask(page, wish=Wish(components=(api,)), at=NOON)
    subscriber = SubscriptionRequest.confirm(request.token, at=NOON + minutes(5))
    assert subscriber.state == SubscriberState.ACTIVE
    assert subscriber.confirmed_at == NOON + minutes(5)
    assert [scope.component for scope in subscriber.scopes.all()] == [api]


def test_confirming_twice_is_as_good_as_once() -> None:
    request = ask(make_page(), at=NOON)
    SubscriptionRequest.confirm(request.token, at=NOON)
    subscriber = SubscriptionRequest.confirm(request.token, at=NOON + minutes(1))
    assert subscriber.confirmed_at == NOON
    assert subscriber.consents == 1


def test_the_link_works_for_two_days() -> None:
    request = ask(make_page(), at=NOON)
    with pytest.raises(LinkExpired):
        SubscriptionRequest.confirm(request.token, at=NOON + timedelta(hours=48, seconds=1))
    assert SubscriptionRequest.confirm(request.token, at=NOON + timedelta(hours=48)).is_active


def test_a_used_link_does_not_bring_back_who_left() -> None:
    request = ask(make_page(), at=NOON)
    subscriber = SubscriptionRequest.confirm(request.token, at=NOON)
    subscriber.leave(at=NOON + minutes(1))
    with pytest.raises(LinkRefused):
        SubscriptionRequest.confirm(request.token, at=NOON + minutes(2))


def test_links_of_earlier_requests_die_with_the_first_confirmation() -> None:
    page = make_page()
    early, late = ask(page, at=NOON), ask(page, at=NOON + minutes(20))
    SubscriptionRequest.confirm(late.token, at=NOON + minutes(21))
    with pytest.raises(LinkRefused):
        SubscriptionRequest.confirm(early.token, at=NOON + minutes(22))


def test_an_incident_that_is_over_by_then_is_said_to_be() -> None:
    page = make_page()
    incident = make_incident(page)
    request = ask(page, wish=Wish(incident=incident), at=NOON)
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    with pytest.raises(IncidentOver):
        SubscriptionRequest.confirm(request.token, at=NOON + minutes(6))


def test_components_that_have_gone_are_left_out_and_none_left_is_refused() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    request = ask(page, wish=Wish(components=(api, web)), at=NOON)
    api.archive(by="test", at=NOON)
    assert request.wish().components == (web,)
    web.archive(by="test", at=NOON)
    with pytest.raises(ChoiceGone):
        SubscriptionRequest.confirm(request.token, at=NOON)


@pytest.mark.parametrize("kind", [MANAGE, UNSUBSCRIBE])
def test_a_token_of_another_kind_is_refused(kind: str) -> None:
    request = ask(make_page(), at=NOON)
    with pytest.raises(LinkRefused):
        SubscriptionRequest.confirm(make_token(kind, request.code), at=NOON)


def test_a_token_with_any_character_changed_is_refused() -> None:
    token = make_token(CONFIRM, "abc")
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        # The last character of a base64 signature has bits that do not count.
        if place < len(token) - 1:
            with pytest.raises(LinkRefused):
                read_token(CONFIRM, changed)


def test_a_token_folded_by_a_mail_program_works() -> None:
    token = make_token(CONFIRM, "abc")
    assert read_token(CONFIRM, f"{token[:20]}\r\n {token[20:]}") == ["abc"]


def test_a_token_signed_with_the_key_before_works(settings: object) -> None:
    token = make_token(CONFIRM, "abc")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another " * 8  # type: ignore[attr-defined]
    assert read_token(CONFIRM, token) == ["abc"]


def test_subscribing_again_starts_afresh() -> None:
    page = make_page()
    api = make_component(page)
    subscriber = make_subscriber(page, wish=Wish(components=(api,)))
    subscriber.leave(at=NOON)
    again = make_subscriber(page, at=NOON + minutes(1))
    assert again == subscriber
    assert again.consents == 2
    assert again.follows().is_everything
    assert again.left_at is None
