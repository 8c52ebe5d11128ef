"""Readers of a further language get what staff translated, and the original, marked as such, where they did not."""

from typing import Any

import pytest

from incidents.publishing.catalogue import document_at
from incidents.publishing.readings import Readings
from incidents.timeline.models import Incident, Maintenance, Page, Postmortem, Translation
from incidents.timeline.own_words import STARTED, in_language
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes

pytestmark = pytest.mark.django_db


def told() -> Incident:
    """Return an incident of which all but the second update is translated into German."""
    page = make_page()
    page.edit(by="test", at=page.created_at, further_languages=["de", "ja"])
    incident = make_incident(page, components={make_component(page): "major_outage"}, at=NOON - minutes(50))
    Translation.of_title(incident, {"de": "Fehler der Schnittstelle"}, by="test", at=NOON - minutes(49))
    Translation.of_update(incident.updates.get(), {"de": "Wir suchen **noch**."}, by="test", at=NOON - minutes(49))
    incident.post_update(body="Still looking.", by="test", at=NOON - minutes(40))
    return incident


def read(path: str) -> str:
    recipe = document_at(path)
    assert recipe is not None
    return recipe.make(Readings(Page.objects.get(), seen_at=NOON)).decode()


def test_title_and_texts_are_read_in_translation() -> None:
    incident = told()
    german = read(f"/de/incidents/{incident.code}")
    assert 'dir="auto">Fehler der Schnittstelle</h1>' in german
    assert '<div class="prose" dir="auto"><p>Wir suchen <strong>noch</strong>.</p>' in german
    assert '<div class="prose" dir="auto" lang="en"><p>Still looking.</p>' in german
    assert "Elevated error rates" not in german
    english = read(f"/incidents/{incident.code}")
    assert "Fehler der Schnittstelle" not in english
    assert "Wir suchen" not in english
    japanese = read(f"/ja/incidents/{incident.code}")
    assert 'dir="auto" lang="en">Elevated error rates on the API</h1>' in japanese


def test_first_page_history_feeds_and_calendar_use_it_too() -> None:
    told()
    for path in ("/de", "/de/history", "/de/history.atom", "/de/history.rss"):
        assert "Fehler der Schnittstelle" in read(path), path
        assert "Fehler der Schnittstelle" not in read(path.removeprefix("/de") or "/"), path
    assert "<title>Fehler der Schnittstelle</title>" in read("/de/history.atom")
    assert 'span lang="en"&gt;Still looking.&lt;/span' in read("/de/history.atom")


def test_programs_of_the_api_read_the_original() -> None:
    incident = told()
    assert "Fehler der Schnittstelle" not in read("/api/v2/summary.json")
    assert "Wir suchen" not in read(f"/api/v2/incidents/{incident.code}.json")


def test_a_postmortem_is_read_in_translation() -> None:
    incident = told()
    incident.resolve(body="Over.", by="test", at=NOON - minutes(30))
    report = Postmortem.write(incident=incident, draft="## Summary\n\nIt broke.", by="test", at=NOON - minutes(20))
    Translation.of_postmortem(incident, {"de": "## Übersicht\n\nEs brach."}, by="test", at=NOON - minutes(20))
    assert "Es brach" not in read(f"/de/incidents/{incident.code}")
    report.publish(by="test", at=NOON - minutes(10))
    assert "Es brach." in read(f"/de/incidents/{incident.code}")
    assert "It broke." in read(f"/ja/incidents/{incident.code}")


def test_a_page_with_one_language_reads_no_translations(django_assert_num_queries: Any) -> None:
    incident = told()
    page = Page.objects.get()
    page.edit(by="test", at=NOON, further_languages=[])
    readings = Readings(page, seen_at=NOON)
    with django_assert_num_queries(6):
        readings.incident(incident.code)
    page.edit(by="test", at=NOON, further_languages=["de"])
    with django_assert_num_queries(7):
        Readings(page, seen_at=NOON).incident(incident.code)


def maintained(page: Page, **said: str) -> Maintenance:
    """Return a maintenance that the clock began."""
    page.edit(by="test", at=page.created_at, further_languages=["de", "ja"])
    maintenance = make_maintenance(page, at=NOON - minutes(50), starts_at=NOON - minutes(40), ends_at=NOON)
    maintenance.start(by="schedule", at=NOON - minutes(40), **said)
    return maintenance


@pytest.mark.parametrize("language", ["de", "ja"])
def test_what_a_maintenance_says_by_itself_is_read_in_each_language(language: str) -> None:
    maintenance = maintained(make_page())
    words, address = in_language(STARTED, language), f"/{language}/incidents/{maintenance.code}"
    assert f'<div class="prose" dir="auto"><p>{words}</p>' in read(address)
    for path in (f"/{language}", f"/{language}/history.atom", f"/{language}/history.rss", f"{address}.md"):
        assert words in read(path), path
        assert STARTED not in read(path), path
    assert STARTED in read(f"/incidents/{maintenance.code}")
    assert words not in read(f"/incidents/{maintenance.code}")


def test_what_staff_translated_stands_above_our_own_words() -> None:
    maintenance = maintained(make_page())
    update = maintenance.updates.newest_first()[0]
    Translation.of_update(update, {"de": "Es geht los."}, by="test", at=NOON)
    assert "Es geht los." in read(f"/de/incidents/{maintenance.code}")
    assert in_language(STARTED, "de") not in read(f"/de/incidents/{maintenance.code}")


def test_what_somebody_says_of_a_maintenance_is_the_original_and_says_its_language() -> None:
    maintenance = maintained(make_page(), body="The database is being replaced.")
    german = read(f"/de/incidents/{maintenance.code}")
    assert '<div class="prose" dir="auto" lang="en"><p>The database is being replaced.</p>' in german
