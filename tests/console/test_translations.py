"""Saying something in the further languages of a page, while composing and afterwards."""

import pytest
from django.test import Client

from incidents.timeline.models import Event, Page, Postmortem, Translated, Translation
from tests.build import NOON, make_incident, minutes
from tests.console.filling import send


@pytest.fixture
def spoken(page: Page) -> Page:
    return page.edit(by="test", at=page.created_at, further_languages=["de", "pt-BR"])


def test_an_update_is_composed_in_several_languages(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    at = f"/console/incidents/{incident.code}"
    answer = send(ada, at, f"{at}/updates", body="Found it.", in_de="Gefunden.", in_pt_br="Achamos.")
    assert answer.status_code == 303
    update = incident.updates.get(body="Found it.")
    assert Translation.texts(incident, Translated.UPDATE, update) == {"de": "Gefunden.", "pt-BR": "Achamos."}


def test_an_update_waits_for_no_translation(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    at = f"/console/incidents/{incident.code}"
    assert send(ada, at, f"{at}/updates", body="Found it.").status_code == 303
    assert not Translation.objects.exists()


def test_a_translation_too_long_is_named_and_nothing_is_posted(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    at = f"/console/incidents/{incident.code}"
    answer = send(ada, at, f"{at}/updates", body="Found it.", in_de="x" * 26_000)
    assert answer.status_code == 422
    assert b"The translation has 26,000 characters" in answer.content
    assert b'id="id_in_de_error"' in answer.content
    assert incident.updates.count() == 1


def test_an_edit_whose_translation_is_too_long_changes_nothing_at_all(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken, title="Errors", body="One.")
    update = incident.updates.get()
    before = Event.objects.count()
    at = f"/console/incidents/{incident.code}"
    assert send(ada, f"{at}/updates/{update.code}/edit", body="Two.", in_de="x" * 26_000).status_code == 422
    assert send(ada, f"{at}/edit", title="Other", in_de="x" * 300).status_code == 422
    update.refresh_from_db()
    incident.refresh_from_db()
    assert (update.body, incident.title, Event.objects.count()) == ("One.", "Errors", before)


def test_a_translation_afterwards_is_no_edit(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    update = incident.updates.get()
    at = f"/console/incidents/{incident.code}/updates/{update.code}/edit"
    assert send(ada, at, in_de="Wir suchen.").status_code == 303
    update.refresh_from_db()
    assert (update.edited_at, update.translations.get().text) == (None, "Wir suchen.")
    assert "Wir suchen.</textarea>" in ada.get(at).content.decode()


def test_a_title_is_translated_where_it_is_edited(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    at = f"/console/incidents/{incident.code}/edit"
    assert send(ada, at, in_de="Fehler der Schnittstelle").status_code == 303
    assert Translation.texts(incident, Translated.TITLE) == {"de": "Fehler der Schnittstelle"}
    assert not Event.objects.filter(kind="incident.edited").exists()


def test_a_postmortem_is_translated_where_it_is_written(ada: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    incident.resolve(body="Over.", by="test", at=NOON + minutes(5))
    at = f"/console/incidents/{incident.code}/postmortem"
    assert send(ada, at, draft="## Summary", in_de="## Übersicht").status_code == 303
    assert Translation.texts(incident, Translated.POSTMORTEM) == {"de": "## Übersicht"}
    assert Postmortem.objects.get().draft == "## Summary"


def test_a_page_with_one_language_offers_no_translations(ada: Client, page: Page) -> None:
    incident = make_incident(page)
    assert "Translations" not in ada.get(f"/console/incidents/{incident.code}").content.decode()


def test_an_outsider_translates_nothing(client: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    at = f"/console/incidents/{incident.code}"
    assert client.post(f"{at}/edit", {"in_de": "x"}).status_code in (302, 303, 401, 403)
    assert not Translation.objects.exists()
