import re
from calendar import timegm
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.test import Client

from incidents.publishing.documents.feeds import atom, rss
from incidents.publishing.facts.documents import feed_facts
from incidents.publishing.facts.rows import Rows
from incidents.timeline.models import Incident, Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes

pytestmark = pytest.mark.django_db

CAPTURED = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "github-monthly-atom"


def parsed(body: bytes) -> Any:
    feed = feedparser.parse(body)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def both(page: Page) -> list[Any]:
    page.refresh_from_db()
    facts = feed_facts(Rows(page), seen_at=NOON + minutes(120))
    return [parsed(atom(facts)), parsed(rss(facts))]


def content(entry: Any) -> str:
    return str(entry.content[0].value if "content" in entry else entry.description)


def story(page: Page) -> Incident:
    api = make_component(page, group=make_group(page))
    incident = make_incident(page, title="Fish & chips <late>", body="Looking.", components={api: "major_outage"})
    incident.post_update(
        body="Found.\n\nRolling back.", by="test", at=NOON + minutes(5), phase=page.phase("identified")
    )
    incident.post_update(body="Still at it.", by="test", at=NOON + minutes(9))
    incident.post_update(body="Watching.", by="test", at=NOON + minutes(12), phase=page.phase("monitoring"))
    incident.resolve(body="This incident has been resolved.", by="test", at=NOON + minutes(30))
    return incident


def test_u08_both_feeds_carry_every_update_newest_first() -> None:
    page = make_page()
    story(page)
    for feed in both(page):
        (entry,) = feed.entries
        assert entry.title == "Fish & chips <late>"
        labels = re.findall(r"<strong>([^<]+)</strong> - ", content(entry))
        assert labels == ["Resolved", "Monitoring", "Update", "Identified", "Investigating"]
        assert "Found.<br /><br />Rolling back." in content(entry)
        assert "This incident affected: Core platform (API)." in content(entry)


def test_an_update_is_written_as_compatible_readers_expect_it() -> None:
    page = make_page(time_zone="America/Los_Angeles")
    make_incident(page, at=datetime(2026, 11, 5, 4, 7, tzinfo=UTC), body="We look.")
    facts = feed_facts(Rows(page), seen_at=NOON)
    expected = (
        "<p><small>Nov <var data-var='date'> 4</var>, <var data-var='time'>20:07</var> PST</small><br>"
        "<strong>Investigating</strong> - We look.</p>"
    )
    assert expected in unescape(atom(facts).decode())


def test_u08_identities_stay_when_everything_is_edited() -> None:
    page = make_page(host="status.example.com")
    incident = story(page)
    before = [(feed.entries[0].id, feed.entries[0].link) for feed in both(page)]
    incident.edit(by="test", at=NOON + minutes(60), title="Another title")
    incident.updates.first().edit(by="test", at=NOON + minutes(61), body="Other words.")
    after = [(feed.entries[0].id, feed.entries[0].link) for feed in both(page)]
    address = f"http://status.example.com/incidents/{incident.code}"
    assert before == after == [(f"tag:status.example.com,2005:Incident/{incident.pk}", address), (address, address)]


def test_an_entry_is_dated_by_its_newest_update_and_updated_by_its_last_edit() -> None:
    page = make_page()
    incident = story(page)
    incident.edit(by="test", at=NOON + minutes(60), title="Another title")
    atom_feed, rss_feed = both(page)
    published = (NOON + minutes(30)).timestamp()
    assert timegm(atom_feed.entries[0].published_parsed) == timegm(rss_feed.entries[0].published_parsed) == published
    assert timegm(atom_feed.entries[0].updated_parsed) == (NOON + minutes(60)).timestamp()


def test_a_scheduled_maintenance_is_dated_by_its_window_and_says_so() -> None:
    page = make_page()
    make_incident(page, at=NOON + minutes(90))
    make_maintenance(page)
    for feed in both(page):
        assert [entry.title for entry in feed.entries] == ["Database upgrade", "Elevated error rates on the API"]
        first = feed.entries[0]
        assert timegm(first.published_parsed) == (NOON + timedelta(days=1)).timestamp()
        assert "THIS IS A SCHEDULED EVENT Nov" in content(first)
        assert re.search(r"22</var>, <var[^>]*>12:00</var> UTC.*-.*<var[^>]*>14:00</var> UTC", content(first))


def test_only_the_newest_twenty_five_are_inside() -> None:
    page = make_page()
    for number in range(30):
        make_incident(page, at=NOON - timedelta(days=number), title=f"Incident {number}")
    for feed in both(page):
        assert [entry.title for entry in feed.entries] == [f"Incident {number}" for number in range(25)]


def test_the_feed_says_whose_it_is() -> None:
    page = make_page(host="status.example.com")
    atom_feed, rss_feed = both(page)
    assert atom_feed.feed.id == "tag:status.example.com,2005:/history"
    assert atom_feed.feed.title == rss_feed.feed.title == "Acme Status - Incident History"
    assert atom_feed.feed.author == "Acme"
    links = {(link.rel, link.href) for link in atom_feed.feed.links}
    assert ("self", "http://status.example.com/history.atom") in links
    assert ("alternate", "http://status.example.com") in links
    assert rss_feed.feed.link == "http://status.example.com"


def test_lists_and_code_in_a_text_stay_well_formed() -> None:
    page = make_page()
    make_incident(page, body="Affected:\n\n- one\n- two\n\n```\n<x>\n```")
    for feed in both(page):
        text = content(feed.entries[0])
        assert "<li>one</li>" in text
        assert "&lt;x&gt;" in text


def test_drafts_and_staff_components_are_in_no_feed() -> None:
    page = make_page()
    vault = make_component(page, name="Vault", visibility="staff")
    Incident.prepare(page=page, title="Secret", by="test", at=NOON)
    make_incident(page, components={vault: "major_outage"})
    page.refresh_from_db()
    body = atom(feed_facts(Rows(page), seen_at=NOON)) + rss(feed_facts(Rows(page), seen_at=NOON))
    assert b"Vault" not in body
    assert b"Secret" not in body


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/history.atom", "application/atom+xml; charset=utf-8"), ("/history.rss", "application/rss+xml; charset=utf-8")],
)
def test_the_address_of_a_feed_answers_and_refuses_writing(client: Client, path: str, content_type: str) -> None:
    make_page()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == content_type
    assert client.post(path).status_code == 405


def test_the_form_of_an_entry_is_that_of_a_captured_feed() -> None:
    captured = sorted(CAPTURED.glob("*.atom")) if CAPTURED.is_dir() else []
    if not captured:
        pytest.skip("no captured feeds beside this checkout")
    theirs = parsed(captured[-1].read_bytes()).entries[0]
    page = make_page()
    story(page)
    ours = both(page)[0].entries[0]
    assert set(ours) >= set(theirs)
    form = re.compile(
        r"<p><small>\w{3} <var>[ \d]\d</var>, <var>\d\d:\d\d</var> UTC</small><br />?<strong>\w+</strong> - "
    )
    assert form.match(content(theirs))
    assert form.match(content(ours))
