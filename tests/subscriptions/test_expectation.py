"""How much a selection would have brought in the last 90 days: the number, the sentence and the way to ask."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery
from incidents.subscriptions.expectation import expected, sentence
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.preferences import Preferences
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Component, Page
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, make_subscriber, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = NOON + minutes(300)


@pytest.fixture
def page() -> Page:
    return make_page(at=NOON - timedelta(days=200))


@pytest.fixture
def parts(page: Page) -> tuple[Component, Component, Component]:
    hidden = make_component(page, name="Hidden", visibility="staff")
    return make_component(page, name="API"), make_component(page, name="Web"), hidden


def tell_a_story(page: Page, parts: tuple[Component, ...]) -> Iterator[None]:
    """Let everything happen, step by step, that decides who is told: kinds, impacts, growth, silence, correction."""
    api, web, hidden = parts
    growing = make_incident(page, title="Grows", components={api: "degraded_performance"}, at=NOON)
    yield
    growing.post_update(body="Worse.", components={web: "major_outage"}, by="test", at=NOON + minutes(1))
    yield
    mistake = growing.post_update(body="Wrong.", by="test", at=NOON + minutes(2))
    yield
    mistake.remove(by="test", at=NOON + minutes(3), reason="Wrong incident")
    growing.resolve(body="Over.", by="test", at=NOON + minutes(4))
    yield
    make_incident(page, title="Silent", components={api: "partial_outage"}, notify=False, at=NOON + minutes(5))
    unseen = make_incident(page, title="Unseen", components={hidden: "partial_outage"}, at=NOON + minutes(6))
    yield
    last = unseen.resolve(body="Over.", by="test", at=NOON + minutes(7))
    yield
    last.edit(body="Over now.", notify=True, by="test", at=NOON + minutes(8))
    make_incident(page, title="Words only", at=NOON + minutes(9))
    yield
    upgrade = make_maintenance(page, components=[web], at=NOON + minutes(11), starts_at=NOON + minutes(60))
    yield
    upgrade.start(body="Begins.", by="test", at=NOON + minutes(61))
    yield
    upgrade.finish(body="Done.", by="test", at=NOON + minutes(70))
    api.set_status("degraded_performance", by="test", at=NOON + minutes(80))
    yield


def wishes(parts: tuple[Component, ...]) -> dict[str, Wish]:
    api, web, _ = parts
    return {
        "everything": Wish(),
        "api": Wish(components=(api,)),
        "web": Wish(components=(web,)),
        "both": Wish(components=(api, web)),
        "incidents": Wish(preferences=Preferences(wants_maintenance=False)),
        "maintenance": Wish(components=(web,), preferences=Preferences(wants_incidents=False)),
        "partial": Wish(preferences=Preferences(severity_floor="major")),
        "major": Wish(components=(api,), preferences=Preferences(severity_floor="critical")),
    }


def tell_everybody(page: Page) -> None:
    for event in page.events.filter(Q(notify=True) | Q(kind="component.changed"), fan_out=None).order_by("seq"):
        fan_out(event_id=event.pk)


def news_of(subscriber: Subscriber) -> int:
    return Delivery.objects.filter(subscriber=subscriber, event__isnull=False).count()


@pytest.mark.parametrize("channel", ["email", "slack", "webhook"])
def test_s04_the_expectation_equals_what_each_selection_was_really_sent(
    page: Page, parts: tuple[Component, ...], channel: str, settings: Any
) -> None:
    settings.FLOOD_MAILS = 0
    asked = wishes(parts)
    people = {name: make_subscriber(page, email=f"{name}@example.com", wish=wish) for name, wish in asked.items()}
    Subscriber.objects.filter(pk__in=[one.pk for one in people.values()]).update(channel=channel)
    for _ in tell_a_story(page, parts):
        tell_everybody(page)
    page.refresh_from_db()
    counted = {name: expected(page, wish, channel=channel, at=LATER) for name, wish in asked.items()}
    assert counted == {name: news_of(person) for name, person in people.items()}
    assert counted["everything"] > counted["major"] > 0


def test_an_incident_s_follower_would_have_had_its_updates(page: Page, parts: tuple[Component, ...]) -> None:
    incident = make_incident(page, components={parts[0]: "partial_outage"})
    incident.post_update(body="More.", by="test", at=NOON + minutes(1))
    make_incident(page, title="Other")
    page.refresh_from_db()
    assert expected(page, Wish(incident=incident), channel="email", at=LATER) == 2


def test_what_was_written_down_later_counts_as_if_it_had_been_told(page: Page, parts: tuple[Component, ...]) -> None:
    past = NOON - timedelta(days=30)
    late = make_incident(
        page, backfilled=True, notify=False, components={parts[0]: "partial_outage"}, posted_at=past, at=NOON
    )
    late.post_update(body="Over.", posted_at=past + minutes(5), notify=False, by="test", at=NOON)
    make_incident(page, backfilled=True, title="Long ago", posted_at=NOON - timedelta(days=91), at=NOON)
    make_incident(page, title="Deliberately silent", notify=False)
    page.refresh_from_db()
    told = [
        expected(page, wish, channel="email", at=LATER)
        for wish in (Wish(), *(Wish(components=(one,)) for one in parts))
    ]
    assert told == [2, 2, 0, 0]


def test_what_is_older_than_90_days_does_not_count(page: Page) -> None:
    make_incident(page, at=NOON - timedelta(days=91))
    make_incident(page, at=NOON - timedelta(days=89))
    page.refresh_from_db()
    assert expected(page, Wish(), channel="email", at=NOON) == 1


def test_the_history_is_read_once_in_between_changes(
    page: Page, parts: tuple[Component, ...], django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_incident(page, title=f"No. {number}", components={parts[0]: "partial_outage"})
    page.refresh_from_db()
    with django_assert_max_num_queries(8):
        assert expected(page, Wish(), channel="webhook", at=LATER) == 21
    with django_assert_max_num_queries(0):
        assert expected(page, Wish(components=(parts[1],)), channel="webhook", at=LATER) == 0


@pytest.mark.parametrize(
    ("channel", "count", "words"),
    [
        ("email", 9, "would have sent you 9 emails."),
        ("email", 1, "would have sent you 1 email."),
        ("webhook", 1_234, "would have sent you 1,234 requests."),
        ("slack", 2, "would have sent you 2 messages."),
        ("teams", 1, "would have sent you 1 message."),
        ("email", 0, "would have sent you nothing."),
    ],
)
def test_the_sentence_has_the_word_of_its_channel(channel: str, count: int, words: str) -> None:
    assert sentence(count, channel=channel) == f"In the last 90 days this selection {words}"


def at(client: Client, **query: Any) -> str:
    answer = client.get("/subscribe/expectation", query)
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


def make_recent(page: Page, **fields: Any) -> None:
    make_incident(page, at=datetime.now(tz=NOON.tzinfo) - timedelta(days=1), **fields)


def test_the_address_answers_for_the_selection_in_its_query(
    client: Client, page: Page, parts: tuple[Component, ...]
) -> None:
    make_recent(page, components={parts[0]: "partial_outage"})
    make_recent(page, title="Other")
    assert at(client).endswith("2 emails.")
    assert at(client, what="components", components=[parts[0].code], channel="slack").endswith("1 message.")
    assert at(client, what="components", components=[parts[1].code]).endswith("nothing.")
    assert at(client, kind_asked="yes", kind="maintenance").endswith("nothing.")
    assert at(client, what="components") == at(client, kind_asked="yes")
    assert at(client, what="incident") == ""
    assert at(client, what="components") == "Choose something to see how often you would hear of it."


def test_a_hidden_component_is_as_unknown_as_none(client: Client, page: Page, parts: tuple[Component, ...]) -> None:
    make_recent(page, components={parts[2]: "partial_outage"})
    answers = {
        at(client, what="components", components=[code]) for code in (parts[2].code, "x", "\x00", "abcdefghijkl")
    }
    assert answers == {""}


def test_the_form_says_it_at_once_and_counts_again_without_script(
    client: Client, page: Page, parts: tuple[Component, ...]
) -> None:
    make_recent(page, components={parts[0]: "partial_outage"})
    first = re.sub(r"\s+", " ", client.get("/subscribe").content.decode())
    assert "In the last 90 days this selection would have sent you 1 email." in first
    fields = {"email": "sam@exam", "what": "components", "components": [parts[1].code], "again": "count"}
    again = client.post("/subscribe", fields)
    text = again.content.decode()
    assert again.status_code == 200
    assert "would have sent you nothing." in text
    assert 'value="sam@exam"' in text
    assert f'value="{parts[1].code}" checked' in text
    assert 'role="alert"' not in text
    assert not Subscriber.objects.exists()


def test_a_component_is_found_by_its_name_without_script(client: Client, page: Page) -> None:
    codes = [make_component(page, name=f"Part {number:02}").code for number in range(21)]
    assert 'name="find"' in client.get("/subscribe").content.decode()
    fields = {"what": "components", "components": [codes[3]], "find": "part 1", "again": "find"}
    text = client.post("/subscribe", fields).content.decode()
    assert [name for name in re.findall(r"<span>(Part \d+)</span>", text) if name != "Part 03"] == [
        f"Part {number}" for number in range(10, 20)
    ]
    assert "Part 03" in text
    assert 'role="alert"' not in text
