"""Mail and chats say what staff translated in the reader's language, else the original."""

import pytest

from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Maintenance, Page, Translation
from incidents.timeline.own_words import COMPLETED, STARTED, in_language
from tests.build import NOON, make_incident, make_maintenance, make_page, minutes
from tests.notifications.test_mail import body, follow, mails

pytestmark = pytest.mark.django_db


def spoken_page() -> Page:
    page = make_page()
    page.edit(by="test", at=page.created_at, further_languages=["de"])
    for number, language in enumerate(("de", "")):
        follow(page, email=f"reader{number}@example.com")
        Subscriber.objects.filter(address=f"reader{number}@example.com").update(language=language)
    return page


def test_a_mail_tells_the_translation_to_readers_of_its_language() -> None:
    page = spoken_page()
    incident = make_incident(page, at=NOON - minutes(9), notify=False)
    Translation.of_title(incident, {"de": "Fehler der Schnittstelle"}, by="test", at=NOON - minutes(8))
    incident.post_update(
        body="Found it.",
        translations={"de": "Gefunden, **jetzt**."},
        phase=page.phase("identified"),
        by="test",
        at=NOON,
    )
    german, english = mails(page)
    assert german["Subject"] == "Ursache erkannt: Fehler der Schnittstelle"
    assert "Gefunden, jetzt." in body(german)
    assert "<strong>jetzt</strong>" in body(german, "html")
    assert f"/de/incidents/{incident.code}" in body(german)
    assert english["Subject"] == "Identified: Elevated error rates on the API"
    assert "Gefunden" not in body(english, "html") + body(english)


def test_what_is_not_translated_is_the_original_and_says_its_language() -> None:
    page = spoken_page()
    make_incident(page, at=NOON)
    german, english = mails(page)
    assert 'dir="auto" lang="en"><p>Some requests fail.' in body(german, "html")
    assert ' lang="en"><p>' not in body(english, "html")
    assert "Sie folgen allem auf der Statusseite von Acme." in body(german)


def test_the_first_mail_of_a_report_is_in_the_language_of_its_reader() -> None:
    page = spoken_page()
    words = {"titles": {"de": "Fehler der Schnittstelle"}, "translations": {"de": "Wir suchen."}}
    make_incident(page, at=NOON, **words)
    german, english = mails(page)
    assert german["Subject"].endswith(": Fehler der Schnittstelle")
    assert "Wir suchen." in body(german)
    assert "Wir suchen." not in body(english)
    assert english["Subject"].endswith(": Elevated error rates on the API")


def test_the_first_mail_of_a_plan_is_in_the_language_of_its_reader() -> None:
    page = spoken_page()
    make_maintenance(page, at=NOON, titles={"de": "Neue Datenbank"}, translations={"de": "Wir erneuern sie."})
    german, english = mails(page)
    assert "Neue Datenbank" in german["Subject"]
    assert "Wir erneuern sie." in body(german)
    assert "Database upgrade" in english["Subject"]


def run(page: Page, **said: str) -> Maintenance:
    """Start and end a maintenance with readers in German, in Japanese and in the language of the page."""
    follow(page, email="reader2@example.com")
    Subscriber.objects.filter(address="reader2@example.com").update(language="ja")
    maintenance = make_maintenance(page, at=NOON, notify=False)
    maintenance.start(by="schedule", at=maintenance.window[0], **said)
    maintenance.finish(by="schedule", at=maintenance.window[1], **said)
    return maintenance


@pytest.mark.parametrize("main", ["en", "fr"])
def test_what_a_maintenance_says_by_itself_is_told_each_reader_in_their_language(main: str) -> None:
    page = spoken_page()
    page.edit(by="test", at=page.created_at, language=main)
    run(page)
    # The page is not published in Japanese.
    for words, sent in zip((STARTED, COMPLETED), (mails(page)[:3], mails(page)[3:]), strict=True):
        for mail, language in zip(sent, ("de", main, "ja"), strict=True):
            # Plain text is broken into lines.
            assert "".join(in_language(words, language).split()) in "".join(body(mail).split()), (words, language)
            assert f"<p>{in_language(words, language)}</p>" in body(mail, "html")
            assert 'dir="auto" lang=' not in body(mail, "html").split("</h1>")[0]


def test_what_somebody_says_of_a_maintenance_is_told_as_it_is() -> None:
    page = spoken_page()
    run(page, body="The database is being replaced.")
    for mail in mails(page):
        assert "The database is being replaced." in body(mail)
