"""Posting: what is due over HTTP goes out once, in order, and a slow endpoint costs the others nothing."""

import itertools
import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications.models import Delivery, DeliveryState, Lane, MailKind
from incidents.notifications.posting import post_due
from incidents.notifications.stopping import start_delivering, stop_delivering
from incidents.subscriptions.models import Subscriber, SubscriberState
from tests.build import make_component, make_page
from tests.notifications.channels.building import freeze, make_endpoint, make_news, post_all, states
from tests.servers.finding import free_port
from tests.servers.hooks import HookServer, Reply

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_every_endpoint_is_told_once(hooks: HookServer) -> None:
    page = make_page()
    for number in range(30):
        make_endpoint(page, f"{hooks.url}/{number}")
    make_news(page)
    assert post_due() is False
    assert states(page) == [DeliveryState.SENT] * 30
    assert sorted(one.path for one in hooks.taken) == sorted(f"/{number}" for number in range(30))
    assert post_due() is False
    assert len(hooks.taken) == 30


def test_a_delivery_keeps_the_endpoints_words(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, hooks.answer("/a", Reply(202, b"thank you")))
    make_news(page)
    post_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_answer, delivery.attempts) == ("sent", "202 thank you", 1)


def test_a_failure_is_tried_again_under_the_same_identity(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, hooks.answer("/a", Reply(500, b"oops"), Reply(200)))
    make_news(page)
    before = now()
    post_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.lane) == (DeliveryState.RETRYING, Lane.RETRY)
    assert delivery.next_try_at - before > timedelta(seconds=3)
    assert delivery.next_try_at - now() < timedelta(seconds=6)
    Delivery.objects.update(next_try_at=Now())
    post_due()
    first, second = hooks.at("/a")
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert states(page) == [DeliveryState.SENT]


def test_an_endpoint_is_asked_one_thing_at_a_time_in_order(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, hooks.answer("/a", Reply(pause=0.3)))
    for number in range(3):
        make_news(page, title=f"Incident {number}")
    post_due()
    taken = hooks.at("/a")
    titles = [json.loads(one.body)["incident"]["name"] for one in taken]
    assert titles == ["Incident 0", "Incident 1", "Incident 2"]
    assert all(later.at - earlier.at >= 0.3 for earlier, later in itertools.pairwise(taken))


def test_endpoints_that_hang_do_not_delay_the_others(hooks: HookServer, settings: Any) -> None:
    # More hang than half the places: the others are through before the first of them is cut off.
    settings.HOOK_SECONDS, settings.HOOK_REQUESTS = 12, 34
    page = make_page()
    for number in range(100):
        hangs = number % 5 == 0
        make_endpoint(page, hooks.answer(f"/{number}", Reply(pause=60 if hangs else 0)))
    make_news(page)
    began = time.monotonic()
    post_due()
    last = max(one.at for one in hooks.taken if int(one.path[1:]) % 5)
    assert last - began < settings.HOOK_SECONDS
    assert states(page).count(DeliveryState.SENT) == 80
    assert states(page).count(DeliveryState.RETRYING) == 20
    assert set(Delivery.objects.filter(state="retrying").values_list("last_answer", flat=True)) == {
        "127.0.0.1 did not answer in 12 seconds."
    }


def test_nobody_who_has_left_is_begun_with(hooks: HookServer, settings: Any) -> None:
    settings.HOOK_REQUESTS = 1
    page = make_page()
    first = make_endpoint(page, hooks.answer("/0", Reply(pause=2.5)))
    others = [make_endpoint(page, f"{hooks.url}/{number}") for number in range(1, 4)]
    make_news(page)
    Delivery.objects.filter(subscriber=first).update(next_try_at=Now() - timedelta(minutes=1))
    leaving = threading.Thread(target=leave, args=[hooks, [other.pk for other in others]])
    leaving.start()
    post_due()
    leaving.join()
    assert states(page) == [DeliveryState.SENT, *[DeliveryState.SUPPRESSED] * 3]
    assert len(hooks.taken) == 1


def leave(hooks: HookServer, keys: list[int]) -> None:
    """Let subscribers leave while the first post is under way, from a thread of its own."""
    hooks.wait_for(1)
    Subscriber.objects.filter(pk__in=keys).update(state=SubscriberState.LEFT, left_at=Now())
    connection.close()


def test_what_cannot_be_begun_in_time_goes_back(hooks: HookServer, settings: Any) -> None:
    settings.HOOK_REQUESTS = 1
    page = make_page()
    for number in range(4):
        make_endpoint(page, hooks.answer(f"/{number}", Reply(pause=4)))
    make_news(page)
    assert post_due(seconds=3) is True
    assert states(page).count(DeliveryState.SENT) == 1
    left = Delivery.objects.filter(state=DeliveryState.QUEUED)
    assert [(one.attempts, one.lease) for one in left] == [(0, "")] * 3


def test_a_worker_told_to_stop_begins_nothing_more_and_keeps_what_is_answered(hooks: HookServer, settings: Any) -> None:
    settings.HOOK_REQUESTS = 1
    page = make_page()
    for number in range(3):
        make_endpoint(page, hooks.answer(f"/{number}", Reply(pause=1.5)))
    make_news(page)
    stopping = threading.Thread(target=stop_in_the_middle, args=[hooks])
    stopping.start()
    try:
        post_due()
    finally:
        stopping.join()
        start_delivering()
    assert sorted(states(page)) == [DeliveryState.QUEUED, DeliveryState.QUEUED, DeliveryState.SENT]


def stop_in_the_middle(hooks: HookServer) -> None:
    """Tell the worker to stop while the first post is under way, from a thread of its own."""
    hooks.wait_for(1)
    stop_delivering()


def test_an_update_that_was_overtaken_is_not_posted(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, f"{hooks.url}/a")
    incident = make_news(page)
    incident.post_update(body="We found it.", phase=page.phase("identified"), by="test", at=now())
    freeze(page)
    post_due()
    assert states(page) == [DeliveryState.SUPERSEDED, DeliveryState.SENT]
    assert len(hooks.taken) == 1


def test_every_channel_has_its_own_way(hooks: HookServer) -> None:
    page = make_page()
    make_component(page)
    for channel in ("webhook", "slack", "teams", "discord", "google_chat", "mattermost"):
        make_endpoint(page, f"{hooks.url}/{channel}", channel=channel)
    hooks.answer("/bot123:token/sendMessage", Reply(200, b'{"ok":true,"result":{}}'))
    make_endpoint(page, "-100123", channel="telegram")
    hooks.answer("/2010-04-01/Accounts/ACaccount/Messages.json", Reply(201, b'{"sid":"SM1","status":"queued"}'))
    make_endpoint(page, "+15550123", channel="sms")
    make_news(page)
    post_all()
    assert states(page) == [DeliveryState.SENT] * 8
    assert len(hooks.taken) == 8


@pytest.mark.parametrize("body", [b'{"code":[1]}', b'{"error_code":{"a":1},"status":[1]}'])
def test_an_answer_of_an_odd_form_keeps_nobody_else_waiting(hooks: HookServer, body: bytes) -> None:
    page = make_page()
    hooks.answer("/2010-04-01/Accounts/ACaccount/Messages.json", Reply(400, body))
    make_endpoint(page, "+15550123", channel="sms")
    make_endpoint(page, f"{hooks.url}/slack", channel="slack")
    make_news(page)
    post_due()
    assert states(page) == [DeliveryState.RETRYING, DeliveryState.SENT]


def test_a_gone_endpoint_is_switched_off_and_its_owner_told(hooks: HookServer) -> None:
    page = make_page()
    subscriber = make_endpoint(page, hooks.answer("/a", Reply(410, b"gone")))
    make_news(page)
    post_due()
    subscriber.refresh_from_db()
    assert subscriber.state == SubscriberState.DISABLED
    told = Delivery.objects.get(channel="email")
    assert (told.kind, told.address, told.state) == (MailKind.ENDPOINT_OFF, "owner@example.com", "queued")


def test_an_owner_is_told_of_a_failing_endpoint_once_and_long_before_it_is_switched_off(hooks: HookServer) -> None:
    page = make_page()
    subscriber = make_endpoint(page, hooks.answer("/a", Reply(503)))
    make_news(page)
    for attempt in range(1, 7):
        Delivery.objects.filter(channel="webhook").update(next_try_at=Now())
        post_due()
        assert Delivery.objects.filter(kind=MailKind.ENDPOINT_FAILING).count() == (attempt >= 4)
    subscriber.refresh_from_db()
    assert subscriber.state == SubscriberState.ACTIVE


def test_an_endpoint_that_failed_for_a_day_is_switched_off(hooks: HookServer) -> None:
    page = make_page()
    subscriber = make_endpoint(page, hooks.answer("/a", Reply(500)))
    make_news(page)
    Delivery.objects.update(created_at=Now() - timedelta(hours=24, seconds=5), attempts=7)
    post_due()
    subscriber.refresh_from_db()
    assert subscriber.state == SubscriberState.DISABLED
    assert Delivery.objects.get(channel="webhook").state == DeliveryState.FAILED
    assert Delivery.objects.filter(kind=MailKind.ENDPOINT_OFF).count() == 1


def test_a_day_without_a_network_switches_nobody_off(hooks: HookServer) -> None:
    page = make_page()
    silent = make_endpoint(page, f"http://127.0.0.1:{free_port()}/")
    make_news(page)
    a_day_ago = Now() - timedelta(hours=24, seconds=5)
    Delivery.objects.update(created_at=a_day_ago, attempts=7)
    post_due()
    silent.refresh_from_db()
    assert silent.state == SubscriberState.ACTIVE
    assert Delivery.objects.get(channel="webhook").state == DeliveryState.FAILED
    # With another that took something meanwhile, the silence is its own.
    make_endpoint(page, f"{hooks.url}/a")
    make_news(page)
    Delivery.objects.filter(subscriber=silent).update(created_at=a_day_ago, attempts=7, next_try_at=Now())
    Delivery.objects.exclude(subscriber=silent).update(state="sent", sent_at=Now())
    post_due()
    silent.refresh_from_db()
    assert silent.state == SubscriberState.DISABLED


def test_a_time_the_endpoint_asks_for_is_kept_to(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, hooks.answer("/a", Reply(429, headers={"Retry-After": "120"})))
    make_news(page)
    post_due()
    assert Delivery.objects.get().next_try_at - now() > timedelta(seconds=115)


def test_a_redirect_is_a_failure_and_leads_nowhere(hooks: HookServer) -> None:
    page = make_page()
    target = f"{hooks.url}/elsewhere"
    make_endpoint(page, hooks.answer("/a", Reply(307, headers={"Location": target})))
    make_news(page)
    post_due()
    assert Delivery.objects.get().state == DeliveryState.RETRYING
    assert hooks.at("/elsewhere") == []
