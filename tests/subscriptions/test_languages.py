"""Pages of consent, their errors and links speak the language of the address, of the subscriber, else of the page."""

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from incidents.lib.languages import OFFERED
from incidents.subscriptions.links import manage_path, request_link, unsubscribe_path
from incidents.subscriptions.lists.judging import Fate, Judge
from incidents.subscriptions.lists.table import Row
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.preferences import Preferences
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Page
from tests.build import NOON, ask, make_component, make_incident, make_page, make_subscriber

pytestmark = pytest.mark.django_db


def in_language(language: str) -> Wish:
    return Wish(preferences=Preferences.chosen(language=language))


def page_in(language: str, *further: str) -> Page:
    page = make_page()
    return page.edit(by="test", at=NOON, language=language, further_languages=further)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def path_of(link: str) -> str:
    return re.sub(r"https?://[^/]+", "", link)


@pytest.mark.parametrize("language", OFFERED)
def test_the_form_and_its_errors_speak_the_language_of_the_page(client: Client, language: str) -> None:
    make_component(page_in(language))
    shown = text_of(client.get("/subscribe"))
    assert f'<html lang="{language.lower()}"' in shown
    refused = client.post("/subscribe", {"email": "sam", "what": "page"})
    assert refused.status_code == 422
    said = ("not a complete e-mail address" in text_of(refused), "Subscribe to updates" in shown)
    assert said == (language == "en", language == "en")


def test_below_a_prefix_the_form_speaks_and_proposes_that_language(client: Client) -> None:
    page_in("en", "de")
    shown = text_of(client.get("/de/subscribe"))
    assert "Meldungen abonnieren" in shown
    assert '<option value="de" selected>' in shown
    assert 'href="/de/history"' in shown
    assert '<a href="/subscribe" lang="en" hreflang="en"' in shown
    sent = client.post("/de/subscribe", {"email": "sam@example.com", "what": "page", "language": "de"})
    assert "Sehen Sie in Ihr Postfach" in text_of(sent)
    assert SubscriptionRequest.objects.get().language == "de"
    assert client.get("/ja/subscribe").status_code == 404


def test_what_a_link_opens_speaks_the_language_of_the_subscriber(client: Client) -> None:
    page = page_in("en", "de")
    request = ask(page, wish=in_language("de"))
    link = path_of(request_link(request))
    assert "Abonnement bestätigen" in text_of(client.get(link))
    assert "Sie haben abonniert" in text_of(client.post(link))
    subscriber = Subscriber.objects.get()
    assert "Ihr Abonnement" in text_of(client.get(manage_path(subscriber)))
    ended = client.get(unsubscribe_path(subscriber))
    assert "Alles abbestellen" in text_of(ended)
    assert 'href="/de"' in text_of(ended)
    assert "Sie sind abgemeldet" in text_of(client.post(unsubscribe_path(subscriber), {"confirm": "all"}))


def test_a_language_the_page_is_not_published_in_is_spoken_without_its_links(client: Client) -> None:
    subscriber = make_subscriber(page_in("en"), wish=in_language("ja"))
    shown = text_of(client.get(manage_path(subscriber)))
    assert "購読内容" in shown
    assert 'href="/history"' in shown


def test_a_link_nobody_knows_speaks_the_language_of_the_page(client: Client) -> None:
    page_in("fr")
    gone = client.get("/subscription/nonsense")
    assert (gone.status_code, "Ce lien ne fonctionne plus." in text_of(gone)) == (410, True)


def test_arabic_is_read_from_the_right(client: Client) -> None:
    page_in("ar")
    assert '<html lang="ar" dir="rtl"' in text_of(client.get("/subscribe"))


def test_what_staff_look_up_is_in_english() -> None:
    subscriber = make_subscriber(page_in("de"), wish=in_language("de"))
    assert "everything" in subscriber.records.order_by("pk").first().detail  # type: ignore[union-attr]


@pytest.mark.parametrize(("written", "language"), [("de-AT", "de"), ("Português (Brasil)", "pt-BR"), ("", "")])
def test_a_list_brings_its_languages_along(written: str, language: str) -> None:
    (judged,) = Judge(make_page(), {"address": 0, "language": 1}).judge([Row(1, ("sam@example.com", written))])
    assert judged.fate == Fate.NEW
    assert judged.wish is not None
    assert judged.wish.preferences.language == language


def test_a_language_of_a_list_nobody_writes_is_named_in_a_sentence() -> None:
    (judged,) = Judge(make_page(), {"address": 0, "language": 1}).judge([Row(1, ("sam@example.com", "Klingon"))])
    assert (judged.fate, "“Klingon”" in judged.reason) == (Fate.INVALID, True)


def test_the_command_adds_in_a_language_and_names_one_it_does_not_know() -> None:
    make_page()
    call_command("subscribers", "add", "sam@example.com", "--evidence", "at the fair", "--language", "fr")
    assert Subscriber.objects.get().language == "fr"
    with pytest.raises(CommandError, match="Klingon"):
        call_command("subscribers", "add", "eve@example.com", "--evidence", "at the fair", "--language", "Klingon")
    assert Subscriber.objects.count() == 1


def test_behind_a_link_the_foot_switches_between_the_languages_of_the_page(client: Client) -> None:
    page = page_in("en", "de", "pt-BR")
    request = ask(page, wish=in_language("de"))
    link = path_of(request_link(request))
    shown = text_of(client.get(link))
    assert f'<a href="{link}?language=de" lang="de" hreflang="de" dir="auto" aria-current="true">Deutsch</a>' in shown
    assert f'<a href="{link}?language=pt-BR" lang="pt-BR" hreflang="pt-BR" dir="auto">Português' in shown
    assert "Confirm your subscription" in text_of(client.get(f"{link}?language=en"))
    assert "You are subscribed" in text_of(client.post(f"{link}?language=en"))
    subscriber = Subscriber.objects.get()
    for path, words in ((manage_path(subscriber), "Your subscription"), (unsubscribe_path(subscriber), "Unsubscribe")):
        assert f'href="{path}?language=en"' in text_of(client.get(path))
        assert f"<h1>{words}</h1>" in text_of(client.get(f"{path}?language=en"))
    assert Subscriber.objects.get().language == "de", "reading in another language changes no mail"


def test_what_is_changed_behind_a_link_is_answered_in_the_language_that_was_chosen(client: Client) -> None:
    subscriber = make_subscriber(page_in("en", "de"), wish=in_language("de"))
    path = manage_path(subscriber)
    answer = client.post(f"{path}?language=en", {"pause": "30"})
    assert (answer.status_code, answer["Location"]) == (303, f"{path}?saved&language=en")
    assert "Saved." in text_of(client.get(answer["Location"]))
    refused = client.post(f"{path}?language=en", {"what": "components"})
    assert (refused.status_code, "<h1>Your subscription</h1>" in text_of(refused)) == (422, True)


@pytest.mark.parametrize("asked", ["fr", "klingon", "", "../de", "<b>"])
def test_a_language_the_page_has_not_is_not_spoken_behind_a_link(client: Client, asked: str) -> None:
    subscriber = make_subscriber(page_in("en", "de"), wish=in_language("de"))
    shown = client.get(manage_path(subscriber), {"language": asked})
    assert (shown.status_code, "Ihr Abonnement" in text_of(shown)) == (200, True)


def test_the_switch_keeps_the_incident_a_link_is_about(client: Client) -> None:
    page = page_in("en", "de")
    subscriber, incident = make_subscriber(page), make_incident(page)
    path = unsubscribe_path(subscriber)
    shown = text_of(client.get(path, {"incident": incident.code}))
    assert f'href="{path}?incident={incident.code}&amp;language=de"' in shown
    assert incident.title in text_of(client.get(path, {"incident": incident.code, "language": "de"}))


def test_a_page_with_one_language_has_no_switch_behind_a_link(client: Client) -> None:
    subscriber = make_subscriber(page_in("en"))
    assert 'class="languages"' not in text_of(client.get(manage_path(subscriber)))
