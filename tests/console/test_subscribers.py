"""Subscribers in the console: found, looked at, added, removed, erased."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.subscriptions.choices import ConsentAct, Leaving, SubscriberState
from incidents.subscriptions.models import ConsentRecord, Subscriber
from incidents.subscriptions.suppression.keeping import is_suppressed
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Component, Event, Page
from tests.build import ask, make_incident, make_outsider, make_page, make_subscriber, make_subscribers
from tests.console.filling import send

LIST, NEW = "/console/subscribers", "/console/subscribers/new"


def shown(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_list_says_how_people_come_and_offers_nothing_to_export(ada: Client, page: Page) -> None:
    assert "Import brings in a list" in shown(ada)
    assert "Export" not in shown(ada)
    make_subscriber(page)
    assert "Export 1 as CSV" in shown(ada)
    assert "Import brings in a list" not in shown(ada, f"{LIST}?q=nobody-has-this")


def test_the_list_says_how_each_stands(ada: Client, page: Page, api: Component) -> None:
    make_subscriber(page)
    make_subscriber(page, email="gone@example.com").leave(at=now())
    make_subscriber(page, email="angry@example.com").complain(at=now())
    make_subscriber(page, email="dead@example.com").disable(reason="550 5.1.1 No such user", at=now())
    make_subscriber(page, email="quiet@example.com").pause(at=now())
    ask(page, email="new@example.com")
    text = shown(ada)
    for words in ("Active", "Left", "Complained", "Bounced", "Paused", "Waiting for confirmation"):
        assert f">{words}</td>" in text, words
    assert text.count("follows nothing yet") == 1


def test_many_are_counted_as_everywhere_else(ada: Client, page: Page) -> None:
    make_subscribers(page, 1_200)
    text = shown(ada)
    assert "1,200 in all" in text
    assert "Export 1,200 as CSV" in text
    assert '<span class="count">1,200</span>' in text


def test_the_list_is_sieved_by_text_state_channel_and_component(ada: Client, page: Page, api: Component) -> None:
    make_subscriber(page, email="api@example.com", wish=Wish(components=(api,)))
    make_subscriber(page, email="all@example.com")
    make_subscriber(page, email="left@example.com").leave(at=now())
    cases = {"q=API": "api@", "state=left": "left@", f"component={api.code}": "api@", "q=all&state=active": "all@"}
    for query, found in cases.items():
        text = shown(ada, f"{LIST}?{query}")
        assert [name for name in ("api@", "all@", "left@") if name in text] == [found], query
    assert "Nobody here." in shown(ada, f"{LIST}?channel=slack")
    assert "api@" in shown(ada, f"{LIST}?state=nonsense&channel=%00&component=--&part=zz")


def test_the_list_costs_the_same_whatever_its_length(
    ada: Client, page: Page, django_assert_max_num_queries: Any
) -> None:
    make_subscribers(page, 120)
    with django_assert_max_num_queries(17):
        assert "50 of 120" in shown(ada)


def test_another_page_s_subscribers_are_not_there(ada: Client, page: Page) -> None:
    other = make_page(name="Other", host="other.example.com")
    foreign = make_subscriber(other, email="foreign@example.com")
    assert "foreign" not in shown(ada)
    for path in ("", "/removal", "/erasure"):
        assert ada.get(f"{LIST}/{foreign.code}{path}").status_code == 404
    for path in ("/pause", "/removal", "/erasure", "/reminder", "/rule"):
        assert ada.post(f"{LIST}/{foreign.code}{path}").status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_active


def test_a_row_opens_the_history(ada: Client, page: Page) -> None:
    subscriber = make_subscriber(page)
    incident = make_incident(page)
    Delivery.objects.create(
        page=page,
        event=Event.objects.get(kind="incident.opened"),
        incident=incident,
        subscriber=subscriber,
        kind="incident_opened",
        address=subscriber.address,
        message_id="x@testserver",
        last_answer="450 4.2.1 <b>Mailbox</b> busy",
    )
    text = shown(ada, f"{LIST}/{subscriber.code}")
    assert "Confirmed by its link" in text
    assert incident.title in text
    assert "450 4.2.1 &lt;b&gt;Mailbox&lt;/b&gt; busy" in text


def test_somebody_is_invited_by_a_link(ada: Client, page: Page, api: Component) -> None:
    answer = send(ada, NEW, LIST, address="new@example.com", components=[api.code], kind="incidents")
    assert answer.status_code == 303
    subscriber = Subscriber.objects.get()
    assert subscriber.state == SubscriberState.PENDING
    assert Delivery.objects.get().kind == "confirm"
    assert ConsentRecord.objects.get().by_name == "ada"


def test_somebody_who_agreed_is_added_and_the_proof_is_kept(ada: Client, page: Page) -> None:
    proof = "Signed form of 3 May 2026"
    assert send(ada, NEW, LIST, address="new@example.com", agreed="on", evidence=proof).status_code == 303
    subscriber = Subscriber.objects.get()
    assert subscriber.is_active
    assert subscriber.follows().is_everything
    record = ConsentRecord.objects.get()
    assert (record.act, record.by_name, record.detail) == (ConsentAct.ADDED, "ada", proof)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"address": ""}, "Enter your e-mail address."),
        ({"address": "a@127.0.0.1"}, "E-mail addresses with an IP are not supported."),
        ({"address": "new@example.com", "agreed": "on"}, "Write where and when this person agreed."),
        ({"address": "sam@example.com"}, "This address is on the list already."),
        ({"address": "gone@example.com"}, "only its owner can come back"),
        ({"address": "gone@example.com", "agreed": "on", "evidence": "x"}, "only its owner can come back"),
        ({"address": "new@example.com", "channel": "pigeon"}, "Choose one of the values offered."),
        ({"address": "new@example.com", "components": ["zzzzzzzzzzzz"]}, "Choose one of the values offered."),
    ],
)
def test_who_cannot_be_added_is_said_at_the_field(ada: Client, page: Page, said: dict[str, Any], sentence: str) -> None:
    make_subscriber(page)
    make_subscriber(page, email="gone@example.com").leave(at=now())
    before = Subscriber.objects.count()
    answer = send(ada, NEW, LIST, **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Subscriber.objects.count() == before


def test_staff_pause_resume_switch_on_and_lock(ada: Client, page: Page) -> None:
    subscriber = make_subscriber(page)
    one = f"{LIST}/{subscriber.code}"
    for deed, check in (
        ("pause", lambda: subscriber.is_paused(at=now() + timedelta(days=29))),
        ("resumption", lambda: not subscriber.is_paused(at=now())),
    ):
        assert ada.post(f"{one}/{deed}").status_code == 303
        subscriber.refresh_from_db()
        assert check(), deed
    subscriber.disable(reason="550", at=now())
    ada.post(f"{one}/reactivation")
    ada.post(f"{one}/rule", {"rule": "locked"})
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.leaving) == (SubscriberState.ACTIVE, Leaving.LOCKED)


@pytest.mark.parametrize("typed", ["nonsense", ""])
def test_a_rule_that_is_not_offered_is_refused_beside_its_field(ada: Client, page: Page, typed: str) -> None:
    subscriber = make_subscriber(page)
    refused = ada.post(f"{LIST}/{subscriber.code}/rule", {"rule": typed})
    assert refused.status_code == 422
    assert "How it may be ended" in refused.content.decode()
    subscriber.refresh_from_db()
    assert subscriber.leaving == Leaving.FREE


def test_a_confirmation_is_sent_again_within_the_limits(ada: Client, page: Page) -> None:
    request = ask(page, at=now() - timedelta(minutes=20))
    one = f"{LIST}/{request.subscriber.code}"
    ada.post(f"{one}/reminder")
    ada.post(f"{one}/reminder")
    assert Delivery.objects.filter(kind="confirm").count() == 2


def test_removing_asks_first_and_keeps_the_suppression(ada: Client, page: Page) -> None:
    subscriber = make_subscriber(page)
    one = f"{LIST}/{subscriber.code}/removal"
    assert "Remove sam@example.com" in shown(ada, one)
    assert send(ada, one).status_code == 303
    subscriber.refresh_from_db()
    assert subscriber.state == SubscriberState.LEFT
    assert ConsentRecord.objects.filter(act=ConsentAct.LEFT, by_name="ada").exists()
    assert is_suppressed(page=page, channel="email", address_key="sam@example.com")


def test_erasing_asks_first_and_leaves_a_digest(ada: Client, page: Page) -> None:
    subscriber = make_subscriber(page)
    one = f"{LIST}/{subscriber.code}/erasure"
    assert send(ada, one).status_code == 303
    assert not Subscriber.objects.exists()
    assert is_suppressed(page=page, channel="email", address_key="sam@example.com")
    assert Event.objects.filter(kind="subscriber.erased").exists()
    assert "sam@example.com" not in shown(ada, "/console/history")


def test_a_journal_that_cannot_be_written_is_said_above_the_list(
    ada: Client, page: Page, settings: Any, tmp_path: Any
) -> None:
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("")
    settings.SUPPRESSION_JOURNAL = in_the_way / "suppression.journal"
    make_subscriber(page).leave(at=now())
    assert "1 who left is in the database only" in shown(ada)


def test_an_outsider_sees_nobody(client: Client, page: Page) -> None:
    make_subscriber(page)
    client.force_login(make_outsider())
    answer = client.get(LIST)
    assert answer.status_code == 403
    assert "sam@example.com" not in answer.content.decode()


def test_somebody_is_added_in_a_language(ada: Client, page: Page) -> None:
    said = {"address": "sam@example.com", "agreed": "on", "evidence": "at the fair", "language": "ja"}
    assert send(ada, NEW, LIST, **said).status_code == 303
    subscriber = Subscriber.objects.get()
    assert subscriber.language == "ja"
    assert "日本語" in shown(ada, f"{LIST}/{subscriber.code}")
    assert send(ada, NEW, LIST, **{**said, "address": "eve@example.com", "language": "tlh"}).status_code == 422
