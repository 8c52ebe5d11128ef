"""What staff wrote, in further languages of the page: kept, changed and taken away by a verb with its event."""

import pytest

from incidents.models import Event, Incident, Maintenance, Page, Postmortem, Translation, Update
from incidents.timeline.models import Translated
from incidents.timeline.refusals import TextTooLong, UnknownLanguage
from tests.build import NOON, make_incident, make_maintenance, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def spoken_page() -> Page:
    page = make_page()
    return page.edit(by="test", at=NOON, further_languages=["de", "ja"])


def first(incident: Incident) -> Update:
    return incident.updates.get()


def test_an_update_is_posted_with_its_translations_in_one_event() -> None:
    page = spoken_page()
    incident = make_incident(page)
    update = incident.post_update(
        body="Found it.", translations={"de": "Gefunden, **jetzt**.", "ja": ""}, by="ada", at=NOON
    )
    assert Translation.texts(incident, Translated.UPDATE, update) == {"de": "Gefunden, **jetzt**."}
    assert update.translations.get().html == "<p>Gefunden, <strong>jetzt</strong>.</p>"
    assert update.translations.get().author_name == "ada"


def test_a_title_an_update_and_a_postmortem_are_translated_later() -> None:
    page = spoken_page()
    incident = make_incident(page)
    Translation.of_title(incident, {"de": " Fehler\nder API "}, by="ada", at=NOON)
    Translation.of_update(first(incident), {"de": "Wir suchen."}, by="ada", at=NOON)
    Translation.of_postmortem(incident, {"de": "## Zusammenfassung"}, by="ada", at=NOON)
    assert Translation.texts(incident, Translated.TITLE) == {"de": "Fehler der API"}
    kinds = list(Event.objects.order_by("-seq").values_list("kind", flat=True)[:3])
    assert kinds == ["postmortem.translated", "update.translated", "incident.translated"]
    assert not Event.objects.filter(kind__endswith=".translated", notify=True).exists()


def test_another_wording_keeps_the_former_one_in_its_event_and_an_empty_one_takes_it_away() -> None:
    page = spoken_page()
    incident = make_incident(page)
    for text in ("Eins", "Zwei", "Zwei", " "):
        Translation.of_update(first(incident), {"de": text}, by="ada", at=NOON)
    events = Event.objects.filter(kind="update.translated").order_by("seq")
    assert [event.payload["former"] for event in events] == ["", "Eins", "Zwei"]
    assert not Translation.objects.exists()
    assert first(incident).edited_at is None


def test_a_language_the_page_has_not_and_a_text_too_long_change_nothing() -> None:
    page = spoken_page()
    incident = make_incident(page)
    before = Event.objects.count()
    with pytest.raises(UnknownLanguage):
        Translation.of_update(first(incident), {"fr": "Non"}, by="ada", at=NOON)
    with pytest.raises(TextTooLong) as refused:
        Translation.of_title(incident, {"ja": "x" * 300}, by="ada", at=NOON)
    assert refused.value.field == "in_ja"
    with pytest.raises(TextTooLong):
        incident.post_update(body="Found.", translations={"de": "x" * 26_000}, by="ada", at=NOON + minutes(1))
    assert (Event.objects.count(), Translation.objects.count(), incident.updates.count()) == (before, 0, 1)


def test_a_postmortem_is_read_in_translation_once_it_is_published() -> None:
    page = spoken_page()
    incident = make_incident(page)
    incident.resolve(body="Over.", by="test", at=NOON + minutes(5))
    report = Postmortem.write(incident=incident, draft="## Summary\n\nIt broke.", by="ada", at=NOON + minutes(9))
    Translation.of_postmortem(incident, {"de": "## Übersicht\n\nEs brach."}, by="ada", at=NOON + minutes(9))
    assert not report.is_published


def test_the_next_window_of_a_series_is_said_in_the_languages_the_page_still_has() -> None:
    page = spoken_page()
    window = Maintenance.schedule(
        page=page,
        title="Work",
        body="From {start}.",
        titles={"de": "Arbeiten", "ja": "作業"},
        translations={"de": "Ab {start}.", "ja": "{start}から"},
        placeholders=True,
        starts_at=NOON + minutes(60),
        ends_at=NOON + minutes(120),
        recurrence="FREQ=DAILY",
        by="ada",
        at=NOON,
    )
    page.edit(by="test", at=NOON, further_languages=["de"])
    window = Maintenance.objects.get(pk=window.pk)
    window.start(by="ada", at=NOON + minutes(60))
    window.finish(by="ada", at=NOON + minutes(120))
    following = Maintenance.objects.latest("pk")
    assert following != window
    assert Translation.texts(following, Translated.TITLE) == {"de": "Arbeiten"}
    assert Translation.texts(following, Translated.UPDATE, first(following)) == {
        "de": "Ab [time: 2026-11-22 13:00 UTC]."
    }


def test_without_placeholders_the_next_window_is_said_as_this_one_was() -> None:
    page = spoken_page()
    window = make_maintenance(
        page, recurrence="FREQ=WEEKLY", titles={"de": "Arbeiten"}, translations={"de": "Wie oft."}
    )
    window.cancel(body="Not this time.", by="ada", at=NOON, ends_series=False)
    following = Maintenance.objects.latest("pk")
    assert Translation.texts(following, Translated.TITLE) == {"de": "Arbeiten"}
    assert Translation.texts(following, Translated.UPDATE, first(following)) == {"de": "Wie oft."}
