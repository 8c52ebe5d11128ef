"""The error guide in the console: entries, a message to test, files, errors without an entry, links to incidents."""

import pytest
from django.test import Client

from incidents.guide.models import Entry, EntryLink, UnmatchedText
from incidents.lib.clock import now
from incidents.timeline.models import Component, Event, Page
from tests.build import make_incident, make_outsider
from tests.console.filling import form_at, send
from tests.guide.making import DISABLED, EXAMPLE, RESPONSE, make_entry, make_guide

NEW, LIST, FILE = "/console/guide/new", "/console/guide", "/console/guide/file"
SAID = {"error_code": "403", "title": DISABLED, "cause": "Unpaid.", "solution": "- Pay.\n- Enable it."}


def test_an_entry_is_kept_published_withdrawn_and_removed(ada: Client, page: Page, api: Component) -> None:
    kept = send(ada, NEW, LIST, **SAID, components=["API"], messages=f"{DISABLED}\nApp * is off", retry="no")
    assert kept.status_code == 303
    entry = Entry.objects.get()
    assert (entry.state, entry.messages, entry.retry) == ("draft", [DISABLED, "App * is off"], "no")
    assert [one.name for one in entry.components.all()] == ["API"]
    one = f"{LIST}/{entry.code}"
    assert form_at(ada, one)["solution"] == "- Pay.\n- Enable it."
    assert send(ada, one, slug="403-disabled", publish="1").status_code == 303
    entry.refresh_from_db()
    assert (entry.state, entry.slug) == ("published", "403-disabled")
    assert "also found at 403-this-application-has-been-disabled" in ada.get(one).content.decode()
    assert ada.post(f"{one}/review").status_code == 303
    entry.refresh_from_db()
    assert entry.review_due_on is not None
    assert ada.post(f"{one}/withdrawal").status_code == 303
    assert send(ada, f"{one}/removal").status_code == 303
    assert not Entry.objects.exists()
    assert ada.get(one).status_code == 404


def test_an_entry_that_lacks_something_is_not_published(ada: Client, page: Page) -> None:
    for name in ("title", "cause", "solution"):
        answer = send(ada, NEW, LIST, **{**SAID, name: ""}, publish="1")
        assert answer.status_code == 422
        assert f"Readers need the {name} too" in answer.content.decode()
    assert not Entry.objects.exists()


def test_bad_entries_change_nothing(ada: Client, page: Page) -> None:
    make_entry(page)
    before = Event.objects.count()
    for bad in (
        {"error_code": ""},
        {"error_code": "two words"},
        {"slug": "Not a slug"},
        {"slug": "403-this-application-has-been-disabled"},
        {"components": ["Nowhere"]},
        {"retry": "perhaps"},
        {"retry_after": "soon"},
        {"messages": "*"},
        {"problem_type": "javascript:alert(1)"},
        {"reviewed_on": "yesterday"},
    ):
        assert send(ada, NEW, LIST, **{**SAID, "title": "Another", **bad}).status_code == 422, bad
    assert Event.objects.count() == before


def test_an_edit_that_cannot_be_published_as_asked_is_not_kept_either(ada: Client, page: Page) -> None:
    entry = make_entry(page, title="Blocked", publish=False)
    before = Event.objects.count()
    address = f"{LIST}/{entry.code}"
    assert send(ada, address, title="Barred", cause="", publish="1").status_code == 422
    entry.refresh_from_db()
    assert (entry.title, Event.objects.count()) == ("Blocked", before)


def test_the_preview_and_the_message_to_test_keep_nothing(ada: Client, page: Page) -> None:
    said = {**SAID, "cause": "**Unpaid.**", "trial": RESPONSE}
    html = ada.post(f"{LIST}/preview", said, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>Unpaid.</strong>" in html
    assert "<li>Pay.</li>" in html
    assert "This entry" in html
    assert "The code: 403" in html
    assert not Entry.objects.exists()


def test_a_message_is_tested_against_the_whole_guide(ada: Client, page: Page, api: Component) -> None:
    make_guide(page)
    html = ada.post(f"{LIST}/trial", {"text": f"{RESPONSE} api_key=sk_live_123456"}).content.decode()
    assert f"403 · {DISABLED}" in html
    assert "sk_live_123456" not in html.partition("What is compared")[2]
    assert "Not known here" in ada.post(f"{LIST}/trial", {"text": "zork"}).content.decode()


def test_the_list_is_narrowed_to_drafts_and_to_what_is_due(ada: Client, page: Page, api: Component) -> None:
    make_guide(page)
    make_entry(page, title="Unfinished", publish=False)
    due = Entry.objects.get(error_code="402")
    Entry.objects.filter(pk=due.pk).update(review_due_on=page.today(at=now()))
    drafts = ada.get(f"{LIST}?show=draft").content.decode()
    assert "Unfinished" in drafts
    assert due.title not in drafts
    assert due.title in ada.get(f"{LIST}?show=due").content.decode()
    assert ada.get(f"{LIST}?show=zork").status_code == 200


def test_a_file_is_shown_before_it_is_taken(ada: Client, page: Page, api: Component) -> None:
    text = f"{EXAMPLE.read_text()}\n## 500\n\n### Cause\n\nx\n\n### Solution\n\ny\n"
    shown = ada.post(FILE, {"text": text}).content.decode()
    assert "11 to add, 0 to change, 0 as they are" in shown
    assert "500 has no title" in shown
    assert not Entry.objects.exists()
    assert ada.post(FILE, {"text": text, "take": "1"}).status_code == 303
    assert Entry.objects.published().count() == 10
    assert "0 to add, 0 to change, 11 as they are" in ada.post(FILE, {"text": text}).content.decode()


def test_a_file_that_cannot_be_read_changes_nothing(ada: Client, page: Page) -> None:
    assert ada.post(FILE, {"text": ""}).status_code == 422
    answer = ada.post(FILE, {"text": "- code: 403\n  colour: red\n", "is_yaml": "on", "take": "1"})
    assert "line 2: “colour”" in answer.content.decode()
    assert not Entry.objects.exists()


def test_what_is_written_out_comes_in_again(ada: Client, page: Page, api: Component) -> None:
    make_guide(page)
    for name, is_yaml in (("yaml", "on"), ("md", "")):
        written = ada.get(f"{LIST}/errors.{name}").content.decode()
        answer = ada.post(FILE, {"text": written, **({"is_yaml": is_yaml} if is_yaml else {})})
        assert "0 to add, 0 to change, 10 as they are" in answer.content.decode()


def test_an_error_without_an_entry_becomes_one_or_is_taken_off(ada: Client, page: Page) -> None:
    said = "418 the kettle ‹id› boils"
    text = UnmatchedText.note(page=page, masked=said, words=("the", "kettle"), code="418", at=now())
    assert "the kettle ‹id› boils" in ada.get(f"{LIST}/unmatched").content.decode()
    html = ada.get(f"{NEW}?text={text.pk}").content.decode()
    assert 'value="418"' in html
    assert html.count(said) == 1
    assert ada.post(f"{LIST}/unmatched/{text.pk}/removal").status_code == 303
    assert not UnmatchedText.objects.exists()


def test_an_incident_shows_what_it_causes_and_staff_have_the_last_word(ada: Client, page: Page, api: Component) -> None:
    entry = make_entry(page, components=("API",))
    make_entry(page, title="Other", messages=())
    incident = make_incident(page, at=now(), title="API answers 403", components={api: "partial_outage"})
    screen = f"/console/incidents/{incident.code}"
    html = ada.get(screen).content.decode()
    assert "Shown to readers by rule" in html
    assert "Suggested" in html
    for verdict, words in (("unrelated", "Said to be unrelated"), ("causes", "Linked by hand"), ("rules", "by rule")):
        assert ada.post(f"{screen}/errors", {"entry": entry.code, "verdict": verdict}).status_code == 303
        assert words in ada.get(screen).content.decode()
    assert not EntryLink.objects.exists()
    assert ada.post(f"{screen}/errors", {"entry": "zzzz", "verdict": "causes"}).status_code == 404


@pytest.mark.parametrize("path", [LIST, NEW, FILE, f"{LIST}/unmatched", f"{LIST}/errors.yaml"])
def test_outsiders_stay_outside(client: Client, page: Page, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(make_outsider())
    assert client.get(path).status_code == 403
