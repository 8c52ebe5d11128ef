"""Editing and taking back what was said."""

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Event, Incident, Page, Update
from tests.build import make_incident, minutes
from tests.console.filling import fields_in, form_at, send


@pytest.fixture
def incident(page: Page) -> Incident:
    incident = make_incident(page, at=now() - minutes(20))
    incident.post_update(body="A second one.", by="test", at=now() - minutes(10))
    return incident


def address(update: Update, what: str) -> str:
    return f"/console/incidents/{update.incident.code}/updates/{update.code}/{what}"


def test_an_edit_keeps_the_former_version_and_an_untouched_stamp(ada: Client, incident: Incident) -> None:
    update = incident.updates.all()[0]
    answer = send(ada, address(update, "edit"), body="Better words.")
    assert answer.status_code == 303
    before, stamp = update.body, update.posted_at
    update.refresh_from_db()
    assert (update.body, update.posted_at) == ("Better words.", stamp)
    assert update.revisions.get().body == before
    shown = ada.get(address(update, "edit")).content.decode()
    assert "Former versions" in shown
    assert before in shown


def test_stamp_and_phase_may_be_changed(ada: Client, incident: Incident) -> None:
    update = incident.updates.newest_first()[0]
    earlier = now() - minutes(15)
    send(ada, address(update, "edit"), posted_at=f"{earlier:%Y-%m-%dT%H:%M}", phase="monitoring")
    update.refresh_from_db()
    assert (update.phase.slug, update.posted_at) == ("monitoring", earlier.replace(second=0, microsecond=0))


def test_bad_input_changes_nothing(ada: Client, incident: Incident) -> None:
    update = incident.updates.all()[0]
    before = Event.objects.count()
    for bad in ({"body": " "}, {"phase": "scheduled"}, {"posted_at": "2999-01-01T00:00"}, {"posted_at": ""}):
        assert send(ada, address(update, "edit"), **bad).status_code == 422, bad
    assert send(ada, address(update, "removal"), reason="").status_code == 422
    assert Event.objects.count() == before


def test_the_preview_of_an_edit_keeps_nothing(ada: Client, incident: Incident) -> None:
    update = incident.updates.all()[0]
    said = {"body": "**new**", "phase": "investigating", "posted_at": ""}
    for headers in ({}, {"HX-Request": "true"}):
        answer = ada.post(f"{address(update, 'edit')}/preview", said, headers=headers)
        assert "<strong>new</strong>" in answer.content.decode()
    assert not update.revisions.exists()


def test_an_update_is_taken_off_for_a_reason(ada: Client, incident: Incident) -> None:
    update = incident.updates.newest_first()[0]
    assert send(ada, address(update, "removal"), reason="Wrong incident").status_code == 303
    update.refresh_from_db()
    assert update.removed_at is not None
    assert Event.objects.get(kind="update.removed").payload["reason"] == "Wrong incident"
    assert ada.get(address(update, "edit")).status_code == 404


def test_the_only_update_cannot_be_taken_off(ada: Client, page: Page) -> None:
    update = make_incident(page, at=now()).updates.get()
    answer = send(ada, address(update, "removal"), reason="Wrong")
    assert answer.status_code == 422
    assert "This is the only update left" in answer.content.decode()


def test_a_second_tab_does_not_overwrite_unseen_words(ada: Client, incident: Incident) -> None:
    update = incident.updates.all()[0]
    opened = form_at(ada, address(update, "edit"))
    send(ada, address(update, "edit"), body="The first tab.")
    refused = ada.post(address(update, "edit"), {**opened, "body": "The second tab."})
    assert refused.status_code == 422
    for words in ("Somebody changed this update meanwhile", "The first tab.", "The second tab."):
        assert words in refused.content.decode()
    update.refresh_from_db()
    assert update.body == "The first tab."
    assert ada.post(address(update, "edit"), fields_in(refused, action=address(update, "edit"))).status_code == 303
    update.refresh_from_db()
    assert update.body == "The second tab."


def test_the_phase_of_a_postmortem_is_not_offered(ada: Client, incident: Incident) -> None:
    update = incident.updates.all()[0]
    assert 'value="postmortem"' not in ada.get(address(update, "edit")).content.decode()
    assert send(ada, address(update, "edit"), phase="postmortem").status_code == 422


def test_tables_and_code_scroll_in_regions_of_their_own(ada: Client, incident: Incident) -> None:
    incident.post_update(body="| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```", by="test", at=now())
    shown = ada.get(f"/console/incidents/{incident.code}").content.decode()
    assert 'aria-label="Table"' in shown
    assert 'aria-label="Code"' in shown


def test_a_correction_of_the_newest_update_is_mailed_where_asked_for(ada: Client, incident: Incident) -> None:
    newest = incident.updates.standing().newest_first()[0]
    assert "Mail this as a correction" in ada.get(address(newest, "edit")).content.decode()
    assert send(ada, address(newest, "edit"), body="Payments fail in Asia.", notify="on").status_code == 303
    assert Event.objects.get(kind="update.edited").notify


def test_saving_without_a_change_is_no_correction(ada: Client, incident: Incident) -> None:
    newest = incident.updates.standing().newest_first()[0]
    send(ada, address(newest, "edit"), notify="on")
    assert not Event.objects.filter(kind="update.edited", notify=True).exists()


def test_an_older_update_cannot_be_corrected_by_mail(ada: Client, incident: Incident) -> None:
    older = incident.updates.standing().newest_first()[1]
    assert "Mail this as a correction" not in ada.get(address(older, "edit")).content.decode()
    send(ada, address(older, "edit"), body="Other words.", notify="on")
    assert not Event.objects.filter(kind="update.edited", notify=True).exists()
