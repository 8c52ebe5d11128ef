import json
import re
from datetime import timedelta

import feedparser
import pytest
from django.test import Client

from incidents.timeline.models import Incident, Page, Postmortem
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return make_page(at=NOON - timedelta(days=300))


def titles(client: Client, query: str) -> list[str]:
    html = client.get(f"/history/search?{query}").content.decode()
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r'<h3 class="incident-title[^>]*><a[^>]*>(.*?)</a>', html)]


def ended(page: Page, title: str, *, days: int, body: str = "We look.", **more: object) -> Incident:
    at = NOON - timedelta(days=days)
    incident = make_incident(page, at=at, title=title, body=body, **more)
    incident.resolve(body="Over.", by="test", at=at + minutes(40))
    return incident


def test_words_are_looked_for_in_titles_updates_and_published_postmortems(client: Client, page: Page) -> None:
    ended(page, "Webhooks arrive late", days=9)
    ended(page, "Errors", days=8, body="The WEBHOOK queue is full.")
    report = Postmortem.write(incident=ended(page, "The night", days=7), draft="A webhook ran.", by="test", at=NOON)
    draft = Postmortem.write(incident=ended(page, "The day", days=6), draft="A webhook ran.", by="test", at=NOON)
    report.publish(by="test", at=NOON)
    assert draft.published_at is None
    ended(page, "Elsewhere", days=5)
    assert titles(client, "q=webhook") == ["The night", "Errors", "Webhooks arrive late"]
    assert titles(client, "q=webhook+queue") == ["Errors"]


def test_hits_are_marked_and_nothing_typed_becomes_markup(client: Client, page: Page) -> None:
    ended(page, "A <b>bold</b> claim", days=2)
    html = client.get("/history/search?q=bold").content.decode()
    assert "A &lt;b&gt;<mark>bold</mark>&lt;/b&gt; claim" in html
    html = client.get("/history/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "Nothing matches." in html


def test_filters_narrow_and_each_can_be_taken_away(client: Client, page: Page) -> None:
    api, web = make_component(page, name="API"), make_component(page, name="Web")
    ended(page, "Bad", days=20, components={api: "major_outage"})
    ended(page, "Slow", days=10, components={api: "degraded_performance"})
    ended(page, "Aside", days=9, components={web: "degraded_performance"})
    make_incident(page, title="Now", components={web: "partial_outage"})
    make_maintenance(page, components=[web])
    assert titles(client, f"component={api.code}") == ["Slow", "Bad"]
    assert titles(client, f"component={api.code}&state=major_outage") == ["Bad"]
    assert titles(client, "open=1&kind=incident") == ["Now"]
    assert len(titles(client, "kind=maintenance")) == 1
    day = (NOON - timedelta(days=10)).date()
    assert titles(client, f"since={day}&until={day}&kind=incident") == ["Slow"]
    html = client.get(f"/history/search?component={api.code}&state=major_outage").content.decode()
    assert "1 incident matches" in html
    assert f'href="?component={api.code}"' in html


def test_h02_the_same_address_is_a_feed_and_json(client: Client, page: Page) -> None:
    ended(page, "One", days=3)
    ended(page, "Two", days=2)
    feed = feedparser.parse(client.get("/history/search.atom?q=one").content)
    assert [entry.title for entry in feed.entries] == ["One"]
    told = json.loads(client.get("/history/search.json?q=one").content)
    assert [one["name"] for one in told["incidents"]] == ["One"]


def test_what_is_not_public_is_never_found(client: Client, page: Page) -> None:
    Incident.prepare(page=page, title="Draft of doom", by="test", at=NOON)
    vault = make_component(page, name="Vault", visibility="staff")
    shown = make_incident(page, title="Shown", components={vault: "major_outage"})
    assert shown.is_public
    assert titles(client, "q=doom") == []
    assert titles(client, "state=major_outage") == []
    assert client.get(f"/history/search?component={vault.code}").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["since=2026-99-99", "since=2026-02-02&until=2026-01-01", "state=terrible", "component=nobody", "q=" + "x" * 201],
)
def test_a_question_that_makes_no_sense_is_answered_400_with_the_form_and_a_sentence(
    client: Client, page: Page, query: str
) -> None:
    answer = client.get(f"/history/search?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert client.get(f"/history/search.atom?{query}").status_code == 400
    assert client.get(f"/history/search.json?{query}").status_code == 400


def test_the_number_of_queries_does_not_grow_with_results(
    client: Client, page: Page, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        ended(page, f"Story {number}", days=30 - number)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert len(titles(client, "q=story")) == 30


def test_what_is_wrong_is_said_in_the_language_of_the_address(client: Client, page: Page) -> None:
    page.edit(further_languages=["de"], by="test", at=NOON)
    for address in ("/de/history/search", "/de/history/search.atom"):
        answer = client.get(f"{address}?since=gestern")
        assert answer.status_code == 400
        assert "„Von“ ist kein Tag" in answer.content.decode()


def test_results_are_turned_page_by_page(client: Client, page: Page) -> None:
    for number in range(51):
        make_incident(page, at=NOON - minutes(number), title=f"Story {number}")
    assert len(titles(client, "q=story")) == 50
    assert len(titles(client, "q=story&page=2")) == 1
    assert client.get("/history/search?page=0").status_code == 404
    assert client.get("/history/search?page=x").status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "", "-1", "1e1", "٣", "000001999999", "9" * 5_000, "1" + "0" * 4_999])
@pytest.mark.parametrize("address", ["/history", "/history/search", "/components"])
def test_a_page_number_nobody_means_is_not_there(client: Client, page: Page, address: str, number: str) -> None:
    assert client.get(address, {"page": number}).status_code == 404
