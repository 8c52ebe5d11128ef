"""Acceptance points M01, M02, M03, M05 and M06 of time, by their names."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from incidents.notifications.mail.telling import story_of
from incidents.notifications.payloads import incident_payload
from incidents.publishing.readings import Readings
from incidents.timeline.models import Incident, Page, Postmortem, Translation
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes
from tests.publishing.making import family_named, made

pytestmark = pytest.mark.django_db

CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
ELEMENT = re.compile(r'<time datetime="([^"]+)">(.*?)</time>')
PACIFIC = ZoneInfo("America/Los_Angeles")
TOKEN = "We look again at [time: 14:30]."


@pytest.fixture
def page() -> Page:
    return make_page()


@pytest.fixture
def story(page: Page) -> Incident:
    """An incident of 1 hour 27 minutes with a postmortem, beside an open one and two windows."""
    api = make_component(page)
    incident = make_incident(page, at=NOON - minutes(100), components={api: "partial_outage"}, body=TOKEN)
    incident.post_update(body="Found.", phase=page.phase("identified"), by="test", at=NOON - minutes(60))
    incident.resolve(body="Over.", by="test", at=NOON - minutes(13))
    Postmortem.write(incident=incident, draft=f"It began. {TOKEN}", by="test", at=NOON).publish(by="test", at=NOON)
    make_incident(page, at=NOON, title="Still going on", next_update_due_at=NOON + minutes(30))
    make_maintenance(page)
    return incident


def visible(html: str) -> str:
    """Return what stands between the tags, without the pictures and the head."""
    body = html.partition("<body")[2].partition(">")[2]
    for hidden in ("svg", "script", "template"):
        body = re.sub(rf"<{hidden}\b.*?</{hidden}>", " ", body, flags=re.DOTALL)
    return body


def documents(page: Page, *incidents: Incident) -> dict[str, str]:
    api = page.components.get()
    asked = {"index": (), "history": ("1",), "uptime": (), "component": (api.code,), "promises": ()}
    told = {name: made(page, name, *subject).decode() for name, subject in asked.items()}
    return told | {one.title: made(page, "incident", one.code).decode() for one in incidents}


def test_m01_every_time_is_an_element_with_an_instant_in_utc_and_words(page: Page, story: Incident) -> None:
    for name, html in documents(page, *page.incidents.all()).items():
        shown = visible(html)
        told = ELEMENT.findall(shown)
        assert told or name in ("uptime", "promises"), name
        for instant, words in told:
            parsed = datetime.fromisoformat(instant)
            assert "T" not in instant or parsed.tzinfo == UTC, (name, instant)
            assert words.strip(), (name, instant)
        bare = re.sub(r"<[^>]+>", " ", ELEMENT.sub(" ", shown))
        assert not CLOCK.search(bare), (name, CLOCK.search(bare))


def test_m02_the_stamp_of_an_update_has_the_form_of_statuspage(page: Page, story: Incident) -> None:
    html = unescape(re.sub(r"<[^>]+>", "", made(page, "incident", story.code).decode()))
    stamps = re.findall(r"Posted [^·\n]*", html)
    assert len(stamps) >= 4
    for stamp in stamps:
        assert re.match(r"Posted [A-Z][a-z]{2} \d{2}, \d{4} - \d{2}:\d{2} [A-Z]{3,4}(\b|$)", stamp), stamp


@pytest.mark.parametrize(
    ("month", "zone", "letters", "clock"),
    [
        (1, "America/Los_Angeles", "PST", "04:00"),
        (7, "America/Los_Angeles", "PDT", "05:00"),
        (1, "Europe/Berlin", "CET", "13:00"),
        (7, "Europe/Berlin", "CEST", "14:00"),
        (7, "Asia/Kolkata", "IST", "17:30"),
    ],
)
def test_m03_another_zone_of_the_page_tells_every_stamp_anew(
    page: Page, month: int, zone: str, letters: str, clock: str
) -> None:
    at = datetime(2026, month, 15, 12, 0, tzinfo=UTC)
    incident = make_incident(page, at=at, body="Since [time: 12:00].")
    before = made(page, "incident", incident.code, at=at + minutes(1)).decode()
    assert "15, 2026 - 12:00 UTC" in before
    page.edit(time_zone=zone, by="test", at=NOON)
    after = made(page, "incident", incident.code, at=at + minutes(1)).decode()
    # The scale of the picture alone leaves the zone to the table below it.
    told = [words for _, words in ELEMENT.findall(visible(after)) if re.search(r"\d:\d\d.", words)]
    assert told
    assert all(words.endswith(letters) for words in told), told
    assert f"15, 2026 - {clock} {letters}" in after
    assert re.search(rf"Since <time[^>]*>\w+ 15, {clock} {letters}</time>", after)


def test_m05_a_time_staff_wrote_is_an_element_in_the_zone_of_the_stamps(page: Page, story: Incident) -> None:
    page.edit(time_zone="America/Los_Angeles", by="test", at=NOON)
    told = '<time datetime="2026-11-21T14:30:00Z">Nov 21, 06:30 PST</time>'
    html = made(page, "incident", story.code).decode()
    assert html.count(f"We look again at {told}") == 2, "the update and the postmortem"
    plain = "We look again at Nov 21, 06:30 PST."
    for feed in ("feed_atom", "feed_rss"):
        assert plain in re.sub(r"<[^>]+>", "", unescape(made(page, feed).decode())), feed
    assert plain in made(page, "api_incident", story.code).decode()


def test_m05_in_mail_and_webhook_too(page: Page, story: Incident) -> None:
    opened = page.events.filter(kind="incident.opened", subject_id=story.pk).get()
    told = story_of(opened, language="en", zone=PACIFIC)
    assert told.text == "We look again at Nov 21, 06:30 PST."
    assert '<time datetime="2026-11-21T14:30:00Z">Nov 21, 06:30 PST</time>' in told.html
    payload = incident_payload(opened)
    assert payload["incident"]["incident_updates"][0]["body"] == "We look again at Nov 21, 14:30 UTC."


def test_m05_an_edit_reads_its_times_from_the_moment_of_the_update(page: Page) -> None:
    incident = make_incident(page, at=NOON)
    update = incident.updates.get().edit(body="By [time: 13:00].", by="test", at=NOON + timedelta(days=2))
    assert update.body == "By [time: 2026-11-21 13:00 UTC]."


def test_m05_a_translation_tells_its_times_in_the_form_of_its_language(page: Page) -> None:
    page.edit(further_languages=["de"], time_zone="Europe/Berlin", by="test", at=NOON)
    incident = make_incident(page, at=NOON, body="Again at [time: 15:30].")
    Translation.of_update(incident.updates.get(), {"de": "Wieder um [time: 15:30]."}, by="test", at=NOON)
    page.refresh_from_db()
    german = Readings(page, seen_at=NOON).spoken("de")
    html = family_named("incident").make(german, (incident.code,)).decode()
    assert 'Wieder um <time datetime="2026-11-21T14:30:00Z">21. Nov., 15:30 CET</time>.' in html


def test_m06_the_same_duration_has_the_same_words_everywhere(page: Page, story: Incident) -> None:
    words = "1 hour 27 minutes"
    assert words in made(page, "incident", story.code).decode()
    assert words in made(page, "history", "1").decode()
    resolved = page.events.filter(kind="incident.resolved").get()
    assert story_of(resolved, language="en", zone=PACIFIC).duration == words
    everything = [*documents(page, *page.incidents.all()).values(), made(page, "feed_atom").decode()]
    for html in everything:
        shown = unescape(re.sub(r"<[^>]+>", " ", visible(html) or html))
        assert not re.search(r"\b\d+ ?(?:min|mins|hrs|h)\b|\b\d+\.\d+ h", shown)
        assert not re.search(r"\d+ days? \d+ hours? \d+ minutes?", shown)
