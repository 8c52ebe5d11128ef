"""Words and structure of every page, from its bytes alone: points P, L02, R04, U01, U02, U05 and U08."""

import json
import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import feedparser
import pytest
from django.conf import settings
from django.test import Client

from incidents.publishing.family import HTML
from incidents.publishing.readings import Readings
from incidents.timeline.models import Page
from incidents.timeline.states import ComponentStatus, IncidentPhase, MaintenancePhase
from tests.acceptance.scenes import SCENES, addresses, set_up
from tests.build import NOON, make_component, make_incident, make_page, minutes
from tests.publishing.making import all_documents
from tests.publishing.reading import faults, headings, index_html, words

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"
EXPECTED = {
    "quiet": (["components", "past"], "All systems operational", "Operational"),
    "one": (["active", "components", "past"], "Partial outage: API and Webhooks", None),
    "three": (["active", "components", "past"], "Major outage affecting 4 components", None),
    "maintenance": (
        ["running", "components", "scheduled", "past"],
        "Maintenance in progress: Billing",
        None,
    ),
    "down": (["active", "components", "past"], "Major outage across all systems", None),
    "recovering": (["active", "components", "past"], "Recovering: we are watching a fix", None),
}
"""Blocks in order, sentence, and what the title begins with where that is not the sentence."""


@pytest.fixture(params=SCENES)
def scene(request: pytest.FixtureRequest) -> tuple[str, Page]:
    name = str(request.param)
    return name, set_up(name, at=NOON)


def test_p01_p02_u01_u05_each_scene_has_its_blocks_its_sentence_its_title_and_its_icons(
    scene: tuple[str, Page],
) -> None:
    name, page = scene
    html = index_html(page, at=NOON)
    blocks, sentence, title = EXPECTED[name]
    assert re.findall(r'<section[^>]*aria-labelledby="([a-z]+)"', html) == blocks
    assert [one for one in headings(html) if one.startswith("h1")] == [f"h1 Acme status: {sentence}"]
    found = re.search(r"<title>(.*?)</title>", html)
    assert found
    assert unescape(found.group(1)) == f"{title or sentence} · Acme status"
    icons = dict(re.findall(r'<link id="favicon[^>]*type="image/(png|svg)[^>]*href="[^"]*?icons/(\w+)', html))
    assert icons == dict.fromkeys(("png", "svg"), ICONS[name])


ICONS = {
    "quiet": "operational",
    "one": "partial_outage",
    "three": "major_outage",
    "maintenance": "under_maintenance",
    "down": "major_outage",
    "recovering": "status",
}


def test_u05_every_state_has_an_icon_as_svg_and_as_png_of_32_pixels() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "icons"
    for state in ComponentStatus.values:
        assert "prefers-color-scheme" in (folder / f"{state}.svg").read_text()
        header = (folder / f"{state}.png").read_bytes()[16:24]
        assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (32, 32)


def pages_of(page: Page) -> dict[str, str]:
    readings = Readings(page, seen_at=NOON)
    return {
        recipe.path: recipe.make(readings).decode()
        for recipe in all_documents(readings)
        if recipe.family.content_type == HTML and "/live/" not in recipe.path and "/embed/" not in recipe.path
    }


def levels_skipped(html: str) -> list[str]:
    numbers = [int(one[1]) for one in headings(html)]
    return [f"h{above} then h{below}" for above, below in pairwise(numbers) if below > above + 1]


def test_p02_p06_p08_r04_l02_every_page_is_a_sound_document(scene: tuple[str, Page]) -> None:
    _, page = scene
    told = pages_of(page)
    assert len(told) > 20
    for path, html in told.items():
        assert not faults(html), path
        assert html.count("<h1") == 1, path
        assert not levels_skipped(html), (path, levels_skipped(html))
        ids = set(re.findall(r' id="([^"]+)"', html))
        labels = [re.search(r'aria-labelledby="([^"]+)"', tag) for tag in re.findall(r"<section[^>]*>", html)]
        assert all(label and label.group(1) in ids for label in labels), path
        counts = [len(re.findall(rf"<{tag}[ >]", html)) for tag in ("header", "main", "footer")]
        assert counts == [1, 1, 1], path
        assert all("aria-label" in tag for tag in re.findall(r"<nav[^>]*>", html)), path
        assert re.findall(r'<meta name="viewport" content="([^"]+)"', html) == ["width=device-width, initial-scale=1"]
        assert "http-equiv" not in html.lower(), path


def test_u02_every_preview_has_a_title_and_a_description_and_that_of_an_incident_its_phase_and_start(
    scene: tuple[str, Page],
) -> None:
    _, page = scene
    for path, html in pages_of(page).items():
        told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', html))
        assert told["title"].strip(), path
        assert told["description"].strip(), path
        if re.fullmatch(r"/incidents/\w+", path):
            incident = page.incidents.select_related("phase").get(code=path.rpartition("/")[2])
            phase = "Resolved" if incident.phase.slug == "postmortem" else incident.phase.label
            assert phase in told["description"], path
            assert re.search(r"\d\d:\d\d UTC", told["description"]), path


def test_u08_every_page_leads_to_its_feeds(scene: tuple[str, Page]) -> None:
    _, page = scene
    for path, html in pages_of(page).items():
        for kind in ("application/atom+xml", "application/rss+xml", "text/calendar"):
            assert f'<link rel="alternate" type="{kind}" href="' in html, path


@pytest.mark.parametrize("phase", ["investigating", "identified", "monitoring"])
def test_p03_with_an_open_incident_nothing_anywhere_says_that_all_is_operational(phase: str) -> None:
    page = make_page()
    make_component(page)
    make_incident(page, at=NOON - minutes(5), phase=page.phase(phase))
    readings = Readings(page, seen_at=NOON)
    told = 0
    for recipe in all_documents(readings):
        if recipe.path.startswith("/api/v2/") or recipe.path == "/history.json":
            # What Statuspage's clients read has its sentence for the states of components, as captured sets have.
            continue
        body = recipe.make(readings)
        told += 1
        assert b"all systems operational" not in body.lower(), recipe.path
    assert told > 40


WORDS = {
    "operational": "Operational",
    "under_maintenance": "Under maintenance",
    "degraded_performance": "Degraded performance",
    "partial_outage": "Partial outage",
    "major_outage": "Major outage",
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "postmortem": "Postmortem",
    "scheduled": "Scheduled",
    "in_progress": "In progress",
    "verifying": "Verifying",
    "completed": "Completed",
    "cancelled": "Cancelled",
}


def test_p05_states_and_phases_are_called_what_the_one_catalogue_says_and_templates_spell_none() -> None:
    catalogue = {
        str(value): str(label)
        for kind in (ComponentStatus, IncidentPhase, MaintenancePhase)
        for value, label in kind.choices
    }
    assert catalogue == WORDS
    page = make_page()
    assert {phase.slug: phase.label for phase in page.phases.all() if phase.slug in WORDS} == {
        slug: label for slug, label in WORDS.items() if slug not in ComponentStatus.values
    }
    states = [WORDS[state] for state in ComponentStatus.values if state != "operational"]
    for folder in ("public", "email", "feeds"):
        for template in sorted((TEMPLATES / folder).rglob("*.*")):
            spelled = [word for word in states if word.lower() in template.read_text().lower()]
            assert spelled == [], template.name


def test_p10_the_other_empty_states_have_their_words(client: Client) -> None:
    page = make_page()
    make_component(page)
    make_incident(page, at=NOON - timedelta(days=40)).resolve(body="Over.", by="test", at=NOON - timedelta(days=39))
    assert "No incidents reported today. None on the 14 days before." in words(index_html(page, at=NOON))
    missing = client.get("/incidents/zzzzzzzzzzzz").content.decode()
    assert "h1 There is nothing at this address" in headings(missing)
    assert "/incidents/zzzzzzzzzzzz" in words(missing)
    assert "Current state: All systems operational" in words(missing)
    assert "incident history" in words(missing)


def test_f05_what_is_published_may_be_kept_by_anybody_and_has_a_validator(client: Client) -> None:
    page = set_up("one", at=NOON, host="testserver")
    for path in addresses(page).values():
        answer = client.get(path)
        if path.partition("?")[0] in ("/history/search", "/components", "/subscribe", "/nothing-here"):
            continue
        assert answer.status_code == 200, path
        assert answer["ETag"], path
        assert answer["Cache-Control"].startswith("public, max-age="), path
        assert not answer.cookies, path
        assert "Cookie" not in answer.get("Vary", ""), path


def test_h02_any_search_has_the_same_items_as_page_as_feed_and_as_json(client: Client) -> None:
    page = set_up("three", at=NOON, host="testserver")
    api = page.components.get(name="API")
    for query in ("q=the", "kind=incident", f"component={api.code}", "state=degraded_performance", "open=1"):
        html = client.get(f"/history/search?{query}").content.decode()
        listed = re.findall(r'<h3 class="incident-title[^>]*><a href="/incidents/(\w+)"', html)
        told = [one["code"] for one in json.loads(client.get(f"/history/search.json?{query}").content)["incidents"]]
        entries = feedparser.parse(client.get(f"/history/search.atom?{query}").content).entries
        feed = [one.link.rpartition("/")[2] for one in entries]
        assert listed
        assert sorted(listed) == sorted(told) == sorted(set(feed)), query
