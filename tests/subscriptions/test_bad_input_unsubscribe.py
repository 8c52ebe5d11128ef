"""The bad-input matrix of the unsubscribe and manage links, B037 to B058, row by row.

Times are those of the test's own thread: what else the machine does says nothing about us.
"""

import re
import statistics
import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.subscriptions.choices import ConsentAct, Leaving
from incidents.subscriptions.links import manage_path, request_link, unsubscribe_path
from incidents.subscriptions.models import (
    ConsentRecord,
    Subscriber,
    SubscriberState,
    SubscriptionRequest,
    Suppression,
)
from incidents.subscriptions.wishes import Wish
from tests.build import ask, make_component, make_page, make_subscriber, make_subscribers

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"


def one_click(client: Client, path: str) -> Any:
    return client.post(path, ONE_CLICK, content_type=FORM)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def is_active() -> bool:
    return Subscriber.objects.get().is_active


def everything() -> list[Any]:
    """Return every row a careless request could have changed."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Subscriber, ConsentRecord, Suppression)]
    return [*rows, SubscriptionRequest.objects.count(), Delivery.objects.count()]


AGENTS = [
    "Mozilla/5.0 (compatible; Outlook SafeLinks)",
    "Barracuda Sentinel (EE)",
    "Mimecast-URL-Protect",
    "Proofpoint-URL-Defense",
    "GoogleImageProxy",
    "Slackbot-LinkExpanding 1.0",
    "facebookexternalhit/1.1",
    "curl/8.0",
    "",
    "Twitterbot/1.0",
]


def test_b037_scanners_and_prefetchers_change_nothing(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    before = everything()
    paths = [unsubscribe_path(subscriber), manage_path(subscriber)]
    for agent in AGENTS:
        for path in paths:
            for method in (client.get, client.head, client.options):
                response = method(path, headers={"user-agent": agent, "sec-purpose": "prefetch;prerender"})
                assert response.status_code in (200, 204)
    for method in (client.put, client.delete, client.patch):
        assert method(paths[0]).status_code == 405
    assert everything() == before


def test_b038_one_click_is_answered_200_at_once(client: Client) -> None:
    path = unsubscribe_path(make_subscriber(make_page()))
    began = time.thread_time()
    response = one_click(Client(enforce_csrf_checks=True), path)
    assert time.thread_time() - began < 0.3
    assert (response.status_code, response.content) == (200, b"")
    assert not response.cookies
    assert not is_active()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_b039_the_same_twenty_times_at_once_leaves_one_record() -> None:
    path = unsubscribe_path(make_subscriber(make_page()))
    codes: list[int] = []

    def press() -> None:
        codes.append(one_click(Client(), path).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 20
    assert one_click(Client(), path).status_code == 200
    assert ConsentRecord.objects.filter(act=ConsentAct.LEFT).count() == 1


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"x=y", FORM),
        (b"List-Unsubscribe=one-click", FORM),
        (b'{"List-Unsubscribe":"One-Click"}', "application/json"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    ],
)
def test_b041_another_body_shows_the_form(client: Client, body: bytes, content_type: str) -> None:
    path = unsubscribe_path(make_subscriber(make_page()))
    response = client.post(path, body, content_type=content_type)
    assert response.status_code == 200
    assert "Unsubscribe from all" in text_of(response)
    assert is_active()


def test_b042_a_token_altered_anywhere_gets_one_neutral_page(client: Client) -> None:
    path = unsubscribe_path(make_subscriber(make_page()))
    start = path.rindex("/") + 1
    pages = set()
    seconds: list[float] = []
    for place in range(start, len(path)):
        for bit in (1, 4):
            letter = chr(ord(path[place]) ^ bit)
            if not (letter.isalnum() or letter in "-_:"):
                continue
            began = time.thread_time()
            response = one_click(client, path[:place] + letter + path[place + 1 :])
            seconds.append(time.thread_time() - began)
            assert response.status_code == 410, path[start:place]
            pages.add(response.content)
    assert len(pages) == 1
    assert is_active()
    half = len(seconds) // 2
    assert abs(statistics.median(seconds[:half]) - statistics.median(seconds[half:])) < 0.02


def test_b043_a_token_of_somebody_erased_gives_no_hint(client: Client) -> None:
    page = make_page()
    erased = make_subscriber(page)
    left = make_subscriber(page, email="left@example.com")
    paths = [unsubscribe_path(erased), unsubscribe_path(left)]
    erased.erase(at=now())
    left.leave(at=now())
    shown = {text_of(client.get(path)) for path in paths}
    assert len(shown) == 1
    assert "You are not subscribed." in shown.pop()
    assert {one_click(client, path).status_code for path in paths} == {200}


def test_b045_a_key_that_was_replaced_still_opens(client: Client, settings: Any) -> None:
    path = unsubscribe_path(make_subscriber(make_page()))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key, long enough to be one, made for this test"
    assert one_click(client, path).status_code == 200
    assert not is_active()


def test_b046_a_token_from_before_a_restore_works(client: Client) -> None:
    """The row came back from a backup with its code; the key is in the backup too."""
    subscriber = make_subscriber(make_page())
    path = unsubscribe_path(subscriber)
    kept = Subscriber.objects.filter(pk=subscriber.pk).values().get()
    subscriber.delete()
    Subscriber.objects.create(**kept)
    one_click(client, path)
    assert not is_active()


@pytest.mark.parametrize(
    "mangle",
    [
        lambda token: token.replace(":", "%253A"),
        lambda token: token.replace(":", "%3A"),
        lambda token: f"{token[:30]}=%0D%0A{token[30:]}",
        lambda token: f"{token[:30]}%0D%0A%20{token[30:]}",
        lambda token: f"%20{token}%20",
    ],
    ids=["encoded twice", "encoded", "quoted-printable", "folded", "spaces"],
)
def test_b047_what_mail_programs_do_to_a_token_is_undone(client: Client, mangle: Any) -> None:
    start, _, token = unsubscribe_path(make_subscriber(make_page())).rpartition("/")
    assert one_click(client, f"{start}/{mangle(token)}").status_code == 200
    assert not is_active()


def test_b047_what_cannot_be_undone_leads_to_a_form(client: Client) -> None:
    start, _, token = unsubscribe_path(make_subscriber(make_page())).rpartition("/")
    for bad in (token.upper(), token[:-5], "x", "%00", "%FF", "x" * 5_000):
        response = one_click(client, f"{start}/{bad}")
        assert response.status_code == 410, bad
        assert 'href="/subscribe"' in text_of(response)
    assert is_active()


def test_b049_a_token_opens_one_kind_of_door_only(client: Client) -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    request = ask(page, email="new@example.com", at=now())
    before = everything()
    leave, manage = unsubscribe_path(subscriber).rpartition("/")[2], manage_path(subscriber).rpartition("/")[2]
    for path in (
        f"/unsubscribe/{request.token}",
        f"/subscription/{request.token}",
        f"/subscribe/confirm/{leave}",
        f"/subscribe/confirm/{manage}",
        f"/subscription/{leave}",
        f"/unsubscribe/{manage}",
    ):
        assert client.get(path).status_code == 410, path
        assert client.post(path, {"confirm": "all", "leave": "all"}).status_code == 410, path
    assert everything() == before


def test_b050_a_new_address_is_confirmed_first_and_kills_the_old_link(client: Client) -> None:
    page = make_page()
    api = make_component(page)
    old = make_subscriber(page, wish=Wish(components=(api,)))
    path = manage_path(old)
    response = client.post(path, {"move": "yes", "address": "new@example.com"})
    assert (response.status_code, response["Location"]) == (303, f"{path}?moving")
    assert client.get(path).status_code == 200
    assert old.follows().components == (api,)
    request = SubscriptionRequest.objects.get(kind="move")
    assert Delivery.objects.get(subscription_request=request).address == "new@example.com"
    confirm = request_link(request).partition("testserver")[2] or f"/subscribe/confirm/{request.token}"
    assert 'instead of <span dir="ltr">sam@example.com</span>' in text_of(client.get(confirm))
    assert "You are subscribed" in text_of(client.post(confirm))
    new = Subscriber.objects.get(address="new@example.com")
    assert new.follows().components == (api,)
    assert "You are not subscribed." in text_of(client.get(path))
    mailed = Delivery.objects.order_by("pk").last()
    assert mailed is not None
    assert (mailed.kind, mailed.address) == ("manage_link", "new@example.com")
    old.refresh_from_db()
    assert old.state == SubscriberState.LEFT


def test_b050_a_bad_new_address_changes_nothing(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    before = everything()
    for bad in ("", "a@b", "a@127.0.0.1", "a@example.com,b@example.com"):
        response = client.post(manage_path(subscriber), {"move": "yes", "address": bad})
        assert response.status_code == 422
        assert 'id="address-error"' in text_of(response)
    assert everything() == before


def test_b051_hidden_and_foreign_components_on_the_manage_page(client: Client) -> None:
    page = make_page()
    make_component(page)
    hidden = make_component(page, name="Hidden", visibility="staff")
    foreign = make_component(make_page(name="Other", host="other.example.com"), name="Foreign")
    subscriber = make_subscriber(page)
    for code in (hidden.code, foreign.code, "-1", "zzz"):
        response = client.post(manage_path(subscriber), {"what": "components", "components": [code]})
        assert response.status_code == 422
        assert "One of the chosen components does not exist any more." in text_of(response)
    assert subscriber.follows().is_everything


def test_b053_one_reader_of_a_shared_address_does_not_end_it_for_all(client: Client) -> None:
    subscriber = make_subscriber(make_page(), email="team@example.com")
    client.post(manage_path(subscriber), {"share": "yes"})
    path = unsubscribe_path(subscriber)
    assert one_click(client, path).status_code == 200
    assert is_active()
    assert "Type the address" in text_of(client.get(path))
    assert client.post(path, {"confirm": "all"}).status_code == 422
    assert client.post(manage_path(subscriber), {"leave": "all", "typed": "x@example.com"}).status_code == 422
    assert is_active()
    assert client.post(path, {"confirm": "all", "typed": " Team@example.com "}).status_code == 200
    assert not is_active()


def test_b053_staff_can_lock_a_shared_address(client: Client) -> None:
    subscriber = make_subscriber(make_page(), email="team@example.com")
    subscriber.set_leaving(Leaving.LOCKED, at=now(), by="ada")
    path = unsubscribe_path(subscriber)
    one_click(client, path)
    response = client.post(path, {"confirm": "all", "typed": "team@example.com"})
    assert response.status_code == 422
    assert "looked after by the people who run this page" in text_of(response)
    client.post(manage_path(subscriber), {"share": "no"})
    assert Subscriber.objects.get().leaving == Leaving.LOCKED
    assert is_active()


def test_b057_many_leave_within_a_minute(client: Client) -> None:
    """A second's share of 10,000 in a minute, one after the other on one connection."""
    make_subscribers(make_page(), 170)
    paths = [unsubscribe_path(subscriber) for subscriber in Subscriber.objects.all()]
    seconds = []
    for path in paths:
        began = time.thread_time()
        assert one_click(client, path).status_code == 200
        seconds.append(time.thread_time() - began)
    assert statistics.quantiles(seconds, n=100)[98] < 0.5
    assert not Subscriber.objects.active().exists()


def test_b058_subscribing_again_right_after_is_a_new_opt_in(client: Client) -> None:
    page = make_page()
    subscriber = make_subscriber(page, at=now())
    old = unsubscribe_path(subscriber)
    one_click(client, old)
    assert client.post("/subscribe", {"email": "sam@example.com", "what": "page"}).status_code == 202
    assert not is_active()
    request = SubscriptionRequest.objects.latest("pk")
    client.post(f"/subscribe/confirm/{request.token}")
    assert is_active()
    one_click(client, old)
    assert "You are not subscribed." in text_of(client.get(old))
    assert is_active()


def test_a_pause_is_quiet_for_thirty_days_and_can_be_ended(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    client.post(manage_path(subscriber), {"pause": "30"})
    assert "Paused until" in text_of(client.get(manage_path(subscriber)))
    client.post(manage_path(subscriber), {"resume": "now"})
    assert "Pause for 30 days" in text_of(client.get(manage_path(subscriber)))


def test_particulars_are_kept_by_the_manage_page(client: Client) -> None:
    subscriber = make_subscriber(make_page())
    said = {"what": "page", "kind": "incidents", "severity": "critical", "time_zone": "new york"}
    assert client.post(manage_path(subscriber), said).status_code == 303
    subscriber.refresh_from_db()
    kept = (subscriber.wants_incidents, subscriber.wants_maintenance, subscriber.severity_floor, subscriber.time_zone)
    assert kept == (True, False, "critical", "America/New_York")
    shown = text_of(client.get(manage_path(subscriber)))
    assert '<input type="checkbox" name="kind" value="incidents" checked>' in shown
    assert '<input type="checkbox" name="kind" value="maintenance">' in shown
    assert client.post(manage_path(subscriber), {"what": "page", "kind_asked": "yes"}).status_code == 422
