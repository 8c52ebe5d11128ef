"""Saying something in the further languages of a page, while composing and afterwards."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import (
    Component,
    Event,
    HeldPost,
    Incident,
    Maintenance,
    Page,
    Postmortem,
    Translated,
    Translation,
)
from tests.build import NOON, make_component, make_incident, make_maintenance, minutes
from tests.console.filling import form_at, send

REPORT, PLANS = "/console/incidents/new", "/console/maintenances"
WINDOW = {"title": "Upgrade", "body": "We upgrade.", "starts_at": "2031-03-01T01:00", "length": "120"}


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
    incident, window = make_incident(page), make_maintenance(page, at=now())
    plan = f"{PLANS}/{window.code}"
    for at in (f"/console/incidents/{incident.code}", REPORT, f"{PLANS}/new", f"{plan}/start", f"{plan}/window"):
        assert "Translations" not in ada.get(at).content.decode()


def test_a_report_is_said_in_several_languages_from_its_first_mail_on(ada: Client, spoken: Page) -> None:
    said = {"title": "Errors", "body": "We look.", "title_in_de": "Fehler", "in_de": "Wir **suchen**."}
    assert send(ada, REPORT, "/console/incidents", **said).status_code == 303
    incident = Incident.objects.get()
    assert Translation.texts(incident, Translated.TITLE) == {"de": "Fehler"}
    assert Translation.texts(incident, Translated.UPDATE, incident.updates.get()) == {"de": "Wir **suchen**."}
    told = Event.objects.get(kind="incident.opened")
    assert told.seq == Event.objects.latest("seq").seq, "whoever is told of it finds all of it"


def test_a_plan_and_its_steps_are_said_in_several_languages(ada: Client, spoken: Page) -> None:
    said = {**WINDOW, "title_in_de": "Neue Fassung", "in_de": "Wir erneuern.", "in_pt_br": "Renovamos."}
    assert send(ada, f"{PLANS}/new", PLANS, **said).status_code == 303
    made = Maintenance.objects.get()
    assert Translation.texts(made, Translated.TITLE) == {"de": "Neue Fassung"}
    for step, words in (("window", "Später."), ("start", "Es beginnt."), ("finish", "Vorbei.")):
        assert send(ada, f"{PLANS}/{made.code}/{step}", body=step, in_de=words).status_code == 303
    german = Translation.objects.filter(incident=made, kind=Translated.UPDATE, language="de").order_by("pk")
    assert list(german.values_list("text", flat=True)) == ["Wir erneuern.", "Später.", "Es beginnt.", "Vorbei."]


def test_placeholders_of_a_translation_are_filled_in_its_language(ada: Client, spoken: Page, api: Component) -> None:
    web = make_component(spoken, name="Web")
    words = {"body": "{components}: {duration}", "in_de": "{components}: {duration}", "title_in_de": "{components}"}
    answer = send(ada, f"{PLANS}/new", PLANS, **{**WINDOW, **words}, components=[api.code, web.code])
    assert answer.status_code == 303
    made = Maintenance.objects.get()
    assert made.updates.get().body == "API and Web: 2 hours"
    assert Translation.texts(made, Translated.TITLE) == {"de": "API und Web"}
    assert Translation.texts(made, Translated.UPDATE, made.updates.get()) == {"de": "API und Web: 2 Stunden"}


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"title_in_de": "x" * 300}, "id_title_in_de_error"),
        ({"in_de": "x" * 26_000}, "id_in_de_error"),
        ({"in_pt_br": "Acontece {?o que}."}, "id_in_pt_br_error"),
    ],
)
@pytest.mark.parametrize("hold_seconds", [0, 10])
def test_a_mistake_in_a_language_is_named_at_its_field_and_nothing_is_told(
    ada: Client, spoken: Page, bad: dict[str, str], field: str, hold_seconds: int
) -> None:
    spoken.edit(hold_seconds=hold_seconds, by="test", at=spoken.created_at)
    before = Event.objects.count()
    for at, to, said in ((REPORT, "/console/incidents", {"title": "E", "body": "B"}), (f"{PLANS}/new", PLANS, WINDOW)):
        answer = send(ada, at, to, **{**said, **bad})
        assert (answer.status_code, f'id="{field}"' in answer.content.decode()) == (422, True), at
        assert '<details class="fold" open><summary>Translations' in answer.content.decode()
    assert (Event.objects.count(), Incident.objects.count(), HeldPost.objects.count()) == (before, 0, 0)


def test_what_is_taken_back_keeps_its_translations(ada: Client, spoken: Page) -> None:
    spoken.edit(hold_seconds=10, by="test", at=spoken.created_at)
    said = {"title": "Errors", "body": "We look.", "title_in_de": "Fehler", "in_de": "Wir suchen."}
    held = send(ada, REPORT, "/console/incidents", **said)
    assert "Also in Deutsch." in ada.get(held["Location"]).content.decode()
    back = ada.post(f"/console/held/{HeldPost.objects.get().pk}/undo")["Location"].partition("#")[0]
    form = form_at(ada, back, action="/console/incidents")
    assert {name: form[name] for name in said} == said
    send(ada, back, "/console/incidents")
    release_due(at=now() + timedelta(seconds=11))
    assert Translation.texts(Incident.objects.get(), Translated.TITLE) == {"de": "Fehler"}


def test_an_outsider_translates_nothing(client: Client, spoken: Page) -> None:
    incident = make_incident(spoken)
    at = f"/console/incidents/{incident.code}"
    assert client.post(f"{at}/edit", {"in_de": "x"}).status_code in (302, 303, 401, 403)
    assert not Translation.objects.exists()
