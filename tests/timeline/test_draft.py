"""Draft.keep and discard: what is being written is kept, the same for everybody."""

import pytest

from incidents.models import Draft, Event
from incidents.timeline.refusals import TextTooLong, UnknownChoice
from tests.build import NOON, make_incident, make_page, make_staff, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CODE = "bcdfghjkmnpq"


def test_a_draft_is_kept_with_every_field_as_posted() -> None:
    page, ada = make_page(), make_staff()
    fields = {"body": ["We look"], "state_abc": ["major_outage"], "caret_from": ["3"], "caret_to": ["3"]}
    draft = Draft.keep(page=page, code=CODE, fields=fields, by=ada, at=NOON)
    assert draft is not None
    assert (draft.fields, draft.saved_at, draft.saved_by, draft.incident) == (fields, NOON, ada, None)


def test_what_belongs_to_one_showing_of_a_form_is_not_kept() -> None:
    fields = {"body": ["We look"], "csrfmiddlewaretoken": ["x"], "request_key": ["y"], "confirmed": ["z"]}
    draft = Draft.keep(page=make_page(), code=CODE, fields=fields, by="test", at=NOON)
    assert draft is not None
    assert draft.fields == {"body": ["We look"]}


def test_an_incident_has_one_draft_whoever_writes() -> None:
    page = make_page()
    incident = make_incident(page)
    for minute, text in enumerate(["We", "We look"]):
        Draft.keep(page=page, code=incident.code, fields={"body": [text]}, by=f"person {minute}", at=NOON)
    draft = Draft.objects.get()
    assert (draft.incident, draft.text, draft.saved_by_name) == (incident, "We look", "person 1")


def test_a_form_without_a_word_keeps_nothing_and_ends_the_draft() -> None:
    page = make_page()
    Draft.keep(page=page, code=CODE, fields={"body": ["We look"]}, by="test", at=NOON)
    assert Draft.keep(page=page, code=CODE, fields={"body": [" "], "notify": ["on"]}, by="test", at=NOON) is None
    assert not Draft.objects.exists()


def test_keeping_a_draft_is_no_event_and_discarding_it_is_one_with_the_text() -> None:
    page = make_page()
    before = Event.objects.count()
    draft = Draft.keep(page=page, code=CODE, fields={"title": ["Errors"], "body": ["We look"]}, by="test", at=NOON)
    assert draft is not None
    assert Event.objects.count() == before
    draft.discard(by="ada", at=NOON + minutes(1))
    event = Event.objects.latest("pk")
    assert (event.kind, event.actor_name) == ("draft.discarded", "ada")
    assert event.payload == {"title": "Errors", "text": "We look"}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("code", ["", "short", "bcdfghjkmnpqr", "BCDFGHJKMNPQ", "../../../etc", "bcdfghjkmnp\x00"])
def test_a_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(UnknownChoice):
        Draft.keep(page=make_page(), code=code, fields={"body": ["We look"]}, by="test", at=NOON)
    assert not Draft.objects.exists()


def test_more_than_fits_is_refused_and_what_no_database_keeps_is_taken_out() -> None:
    page = make_page()
    with pytest.raises(TextTooLong):
        Draft.keep(page=page, code=CODE, fields={"body": ["x" * 250_001]}, by="test", at=NOON)
    draft = Draft.keep(page=page, code=CODE, fields={"body": ["a\x00b\ud800c"]}, by="test", at=NOON)
    assert draft is not None
    draft.refresh_from_db()
    assert draft.text == "abc"


def test_drafts_of_two_pages_do_not_meet() -> None:
    mine, theirs = make_page(), make_page(name="Other", host="other.example")
    for page in (mine, theirs):
        Draft.keep(page=page, code=CODE, fields={"body": [page.name]}, by="test", at=NOON)
    assert {draft.page.name: draft.text for draft in Draft.objects.all()} == {"Acme": "Acme", "Other": "Other"}
