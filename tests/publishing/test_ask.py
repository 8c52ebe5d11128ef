"""The ask box and POST /api/ask: the order of answers, what is masked, what is kept (G04)."""

import json
from typing import Any

import pytest
from django.test import Client

from incidents.guide.models import UnmatchedText
from incidents.guide.models.unmatched import KEPT_FOR, PER_DAY
from incidents.guide.tasks import forget_task
from incidents.lib.clock import now
from incidents.timeline.models import Component, Event, Page
from tests.build import NOON, make_component, make_incident, make_page, minutes
from tests.guide.making import DISABLED, RESPONSE, make_entry, make_guide
from tests.publishing.reading import faults, headings, words

pytestmark = pytest.mark.django_db

SECRET = "sk_live_51Hxq8a2eZvKYlo2C"
UNKNOWN = f"ERROR 418 the kettle is frobnicated, api_key={SECRET} user=ada@example.com"


@pytest.fixture
def page() -> Page:
    return make_page()


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


def ask(client: Client, text: str, **said: str) -> str:
    reply = client.post("/errors/ask", {"text": text, **said})
    assert reply.status_code == 200
    assert reply["Cache-Control"] == "no-store"
    assert not reply.cookies
    html = str(reply.content.decode())
    assert faults(html) == []
    return html


def told(client: Client, text: str) -> Any:
    reply = client.post("/api/ask", {"text": text}, content_type="application/json")
    assert reply.status_code == 200
    return reply.json()


def test_g04_during_the_incident_the_403_text_is_a_known_incident(client: Client, page: Page, api: Component) -> None:
    make_guide(page)
    incident = make_incident(page, at=now(), components={api: "partial_outage"})
    html = ask(client, f"{RESPONSE}\nAuthorization: Bearer {SECRET}")
    assert headings(html)[:3] == ["h1 This is us.", f"h2 {incident.title}", f"h2 403 · {DISABLED}"]
    assert f'href="/subscribe?incident={incident.code}"' in html
    assert "You do not need to change anything." in words(html)
    assert SECRET not in html
    assert "Authorization: ‹hidden›" in words(html)
    answer = told(client, f"{RESPONSE}\nAuthorization: Bearer {SECRET}")
    assert (answer["answer"], answer["incident"]["code"], answer["entry"]["code"]) == ("incident", incident.code, "403")
    assert SECRET not in json.dumps(answer)


def test_without_an_incident_the_answer_is_the_entry_and_says_why(client: Client, page: Page, api: Component) -> None:
    make_guide(page)
    html = ask(client, RESPONSE)
    assert headings(html)[0] == f"h1 403 · {DISABLED}"
    assert "What the error says: “This application has been disabled”" in words(html)
    assert told(client, RESPONSE)["answer"] == "entry"


def test_after_the_incident_the_entry_names_it(client: Client, page: Page, api: Component) -> None:
    make_guide(page)
    at = now() - minutes(60)
    incident = make_incident(page, at=at, components={api: "partial_outage"})
    incident.resolve(body="Over.", by="test", at=at + minutes(30))
    html = ask(client, RESPONSE)
    assert headings(html)[0] == f"h1 403 · {DISABLED}"
    assert words(html).index("Past incidents that caused this") < words(html).index(incident.title)
    assert told(client, RESPONSE)["entry"]["past_incidents"][0]["code"] == incident.code


def test_an_incident_that_quotes_an_error_nobody_wrote_about_is_named(client: Client, page: Page) -> None:
    make_entry(page)
    incident = make_incident(page, at=now(), body="Answers say “The flux capacitor is not aligned”. We look.")
    answer = told(client, '{"message": "The flux capacitor is not aligned", "status": 500}')
    assert (answer["answer"], answer["incident"]["code"], answer["entry"]) == ("incident", incident.code, None)


def test_an_open_incident_elsewhere_does_not_make_other_errors_ours(client: Client, page: Page, api: Component) -> None:
    make_guide(page)
    make_incident(page, at=now(), components={api: "major_outage"})
    assert told(client, "402 - Plan does not include this")["answer"] == "entry"
    assert told(client, "401 Bad credentials")["answer"] == "unknown"


def test_what_is_not_known_is_said_and_nothing_is_kept(client: Client, page: Page, api: Component) -> None:
    make_guide(page)
    before = Event.objects.count()
    html = ask(client, "429 Everything is too much")
    assert headings(html)[:2] == ["h1 This is not known here.", "h2 These are near"]
    answer = told(client, "429 Everything is too much")
    assert answer["answer"] == "unknown"
    assert {one["code"] for one in answer["near"]} == {"429"}
    assert not UnmatchedText.objects.exists()
    assert Event.objects.count() == before


def test_what_the_reader_agrees_to_is_kept_masked_and_counted(client: Client, page: Page) -> None:
    make_entry(page)
    html = ask(client, UNKNOWN, keep="1")
    assert "It is on the list of staff" in words(html)
    kept = UnmatchedText.objects.get()
    assert SECRET not in kept.text
    assert "ada@example.com" not in kept.text
    assert "the kettle is frobnicated" in kept.text
    assert kept.error_code == "418"
    ask(client, UNKNOWN.replace("ada", "bob").replace("418", "418 "), keep="1")
    assert UnmatchedText.objects.get().count == 2


def test_the_form_that_keeps_shows_exactly_what_would_be_kept(client: Client, page: Page) -> None:
    make_entry(page)
    html = ask(client, UNKNOWN)
    assert 'name="keep" value="1"' in html
    masked = told(client, UNKNOWN)["compared"]
    ask(client, masked, keep="1")
    assert UnmatchedText.objects.get().text == masked


def test_what_is_known_is_never_kept(client: Client, page: Page) -> None:
    make_entry(page)
    ask(client, RESPONSE, keep="1")
    assert not UnmatchedText.objects.exists()


def test_staff_are_not_flooded_and_old_texts_go(client: Client, page: Page) -> None:
    make_entry(page)
    at = now()
    UnmatchedText.objects.bulk_create(
        UnmatchedText(page=page, digest=f"{number:064}", text="x", first_at=at, last_at=at) for number in range(PER_DAY)
    )
    assert "this one was not kept" in words(ask(client, UNKNOWN, keep="1"))
    assert UnmatchedText.objects.count() == PER_DAY
    UnmatchedText.objects.update(last_at=at - KEPT_FOR)
    forget_task()
    assert not UnmatchedText.objects.exists()


def test_the_form_is_there_without_a_question(client: Client, page: Page) -> None:
    make_entry(page)
    html = client.get("/errors/ask").content.decode()
    assert faults(html) == []
    assert 'action="/errors/ask" method="post"' in html


@pytest.mark.parametrize(("text", "status"), [("", 400), (" \n\t", 400), ("\u200b", 400), ("x" * 100_001, 413)])
def test_bad_questions_are_refused_in_words(client: Client, page: Page, text: str, status: int) -> None:
    make_entry(page)
    reply = client.post("/errors/ask", {"text": text})
    assert reply.status_code == status
    assert 'role="alert"' in reply.content.decode()
    reply = client.post("/api/ask", {"text": text}, content_type="application/json")
    assert (reply.status_code, list(reply.json())) == (status, ["error"])


BODIES = {
    "no JSON": (b"{", "application/json"),
    "a list": (b"[]", "application/json"),
    "a number": (b'{"text": 5}', "application/json"),
    "deep": (b"[" * 100_000, "application/json"),
    "no UTF-8": (b"\xff\xfe", "text/plain"),
    "a file": (b"--x\r\n", "multipart/form-data; boundary=x"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_program_that_sends_nonsense_gets_a_sentence(client: Client, page: Page, name: str) -> None:
    make_entry(page)
    body, kind = BODIES[name]
    reply = client.generic("POST", "/api/ask", body, content_type=kind)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_a_program_may_send_plain_text_and_ask_from_anywhere(client: Client, page: Page) -> None:
    make_entry(page)
    reply = client.generic("POST", "/api/ask", RESPONSE.encode(), content_type="text/plain")
    assert reply.json()["answer"] == "entry"
    assert reply["Access-Control-Allow-Origin"] == "*"
    assert client.options("/api/ask").status_code == 204
    assert client.get("/api/ask").status_code == 405


def test_a_page_without_a_guide_has_no_ask_box(client: Client, page: Page) -> None:
    assert client.post("/errors/ask", {"text": RESPONSE}).status_code == 404
    assert client.post("/api/ask", {"text": RESPONSE}, content_type="application/json").status_code == 404


def test_a_private_page_answers_nobody_who_is_not_let_in(client: Client, page: Page) -> None:
    make_entry(page)
    page.restrict(access="password", password="correct horse battery", by="test", at=NOON)
    assert client.post("/errors/ask", {"text": RESPONSE}).status_code == 403
    assert client.post("/api/ask", {"text": RESPONSE}, content_type="application/json").status_code == 403


def test_the_answer_is_in_the_language_of_the_address(client: Client, page: Page) -> None:
    make_entry(page)
    page.edit(further_languages=["de"], by="test", at=NOON)
    reply = client.post("/de/errors/ask", {"text": "Zork 599"})
    assert headings(reply.content.decode())[0] == "h1 Das ist hier nicht bekannt."
