"""The postmortem and its action items."""

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import ActionItem, Event, Incident, Page, Postmortem
from tests.build import make_incident, make_subscribers, minutes
from tests.console.filling import fields_in, form_at, send


@pytest.fixture
def incident(page: Page) -> Incident:
    incident = make_incident(page, at=now() - minutes(60))
    incident.resolve(body="Over.", by="test", at=now() - minutes(30))
    return incident


def address(incident: Incident, what: str = "postmortem") -> str:
    return f"/console/incidents/{incident.code}/{what}"


def test_it_starts_from_the_suggested_sections(ada: Client, incident: Incident) -> None:
    assert "## Why it happened" in form_at(ada, address(incident))["draft"]
    assert not Postmortem.objects.exists()


def test_a_draft_is_kept_and_readers_do_not_see_it(ada: Client, incident: Incident) -> None:
    assert send(ada, address(incident), draft="## Summary\n\nSecret so far.").status_code == 303
    assert form_at(ada, address(incident))["draft"] == "## Summary\n\nSecret so far."
    assert "Secret so far" not in ada.get(f"/incidents/{incident.code}").content.decode()


def test_publishing_keeps_what_is_typed_and_posts_once(ada: Client, incident: Incident) -> None:
    form = {**form_at(ada, address(incident)), "draft": "## Summary\n\nA script ran."}
    for _ in range(2):
        assert ada.post(address(incident, "postmortem/publication"), form).status_code == 303
    assert "A script ran." in ada.get(f"/incidents/{incident.code}").content.decode()
    assert incident.updates.filter(phase__canonical="postmortem").count() == 1
    assert Event.objects.get(kind="postmortem.published").notify is True


def test_bad_input_changes_nothing(ada: Client, page: Page, incident: Incident) -> None:
    running = make_incident(page, at=now() - minutes(5), title="Open")
    for draft in ("", "x" * 100_001):
        assert send(ada, address(incident), draft=draft).status_code == 422
        assert ada.post(address(incident, "postmortem/publication"), {"draft": draft}).status_code == 422
    answer = ada.post(address(running, "postmortem/publication"), {"draft": "Too early."})
    assert answer.status_code == 422
    assert "Resolve the incident first" in answer.content.decode()
    assert "Too early." in answer.content.decode()


def test_the_preview_keeps_nothing(ada: Client, incident: Incident) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = ada.post(address(incident, "postmortem/preview"), {"draft": "**x**"}, headers=headers)
        assert "<strong>x</strong>" in answer.content.decode()
    assert not Postmortem.objects.exists()


def test_action_items_are_added_edited_and_moved(ada: Client, incident: Incident) -> None:
    assert ada.post(address(incident, "actions"), {"text": "Add an alarm"}).status_code == 404
    send(ada, address(incident), draft="Words.")
    to = address(incident, "actions")
    typed = {"text": "Add an alarm", "due_on": "2031-01-01", "is_public": "on"}
    assert ada.post(to, typed).status_code == 303
    action = ActionItem.objects.get()
    assert action.is_public
    one = address(incident, f"actions/{action.pk}")
    assert send(ada, one, text="Add two alarms", owner="Platform").status_code == 303
    assert send(ada, one, f"{one}/state", state="dropped").status_code == 422
    assert send(ada, one, f"{one}/state", state="dropped", reason="Not needed").status_code == 303
    action.refresh_from_db()
    assert (action.text, action.owner, action.state, action.reason) == (
        "Add two alarms",
        "Platform",
        "dropped",
        "Not needed",
    )


def test_bad_action_items_change_nothing(ada: Client, incident: Incident) -> None:
    send(ada, address(incident), draft="Words.")
    before = Event.objects.count()
    for bad in ({"text": ""}, {"text": "x", "due_on": "soon"}, {"text": "x" * 501}):
        assert ada.post(address(incident, "actions"), bad).status_code == 422
    assert Event.objects.count() == before
    assert ada.get(address(incident, "actions/99")).status_code == 404


def test_adding_an_action_item_keeps_the_text_typed_meanwhile(ada: Client, incident: Incident) -> None:
    send(ada, address(incident), draft="Words.")
    form = form_at(ada, address(incident))
    shown = ada.get(address(incident)).content.decode()
    assert 'form="write"' in shown
    typed = {**form, "draft": "Words, and many more.", "text": "Add an alarm"}
    refused = ada.post(address(incident, "actions"), {**typed, "text": ""})
    assert refused.status_code == 422
    assert "Words, and many more." in refused.content.decode()
    assert Postmortem.objects.get().draft == "Words."
    assert ada.post(address(incident, "actions"), typed).status_code == 303
    assert Postmortem.objects.get().draft == "Words, and many more."
    assert ActionItem.objects.get().text == "Add an alarm"


def test_a_new_draft_has_its_timeline_filled_and_can_be_trimmed(ada: Client, incident: Incident) -> None:
    draft = form_at(ada, address(incident))["draft"]
    assert "**Resolved:** Over." in draft
    to = address(incident, "postmortem/timeline")
    trimmed = ada.post(to, {"draft": "## Summary\n\nMine.\n\n## Timeline\n\n- old\n", "line": ["0", "2"]})
    text = trimmed.content.decode()
    assert trimmed.status_code == 200
    assert "Mine." in text
    assert "- old" not in text
    kept = fields_in(trimmed, action=address(incident))["draft"]
    assert kept.count("\n- [time:") == 2
    assert "The impact began." in kept
    assert "**Resolved:** Over." in kept
    assert not Postmortem.objects.exists()
    for odd in (["99"], ["x"], ["-1"], ["1e9"], []):
        assert ada.post(to, {"draft": "x", "line": odd}).status_code == 200


def test_it_goes_from_draft_to_review_and_back_and_keeps_what_is_typed(ada: Client, incident: Incident) -> None:
    assert ada.post(address(incident, "postmortem/review"), {"draft": "Almost."}).status_code == 303
    report = Postmortem.objects.get()
    assert (report.draft, report.ready_by_name) == ("Almost.", "ada")
    assert "Ready for review, says ada" in ada.get(address(incident)).content.decode()
    assert "Almost." not in ada.get(f"/incidents/{incident.code}").content.decode()
    assert ada.post(address(incident, "postmortem/return"), {"draft": "Not yet."}).status_code == 303
    report.refresh_from_db()
    assert (report.draft, report.is_ready) == ("Not yet.", False)
    before = Event.objects.count()
    assert ada.post(address(incident, "postmortem/review"), {"draft": ""}).status_code == 422
    assert Event.objects.count() == before


def test_whoever_keeps_the_text_in_any_way_is_told_of_invisible_characters(ada: Client, incident: Incident) -> None:
    for what in ("postmortem", "postmortem/review", "postmortem/return", "postmortem/publication"):
        answer = ada.post(address(incident, what), {"draft": "Al\x07most."}, follow=True)
        assert "Removed 1 invisible character." in answer.content.decode(), what


def test_publishing_shows_recipients_and_mails_once(ada: Client, page: Page, incident: Incident) -> None:
    make_subscribers(page, 7)
    assert "7 email" in ada.get(address(incident)).content.decode()
    assert form_at(ada, address(incident))["notify"] == "on"
    to = address(incident, "postmortem/publication")
    assert ada.post(to, {"draft": "One.", "notify": "on"}).status_code == 303
    later = ada.get(address(incident)).content.decode()
    assert "Later changes are not mailed" in later
    assert ada.post(to, {"draft": "Two.", "notify": "on"}).status_code == 303
    events = Event.objects.filter(kind__in=("postmortem.published", "postmortem.revised")).order_by("seq")
    assert list(events.values_list("kind", "notify")) == [("postmortem.published", True), ("postmortem.revised", False)]
    assert events.last().payload["former"] == "One."


def test_second_looks_stand_beside_the_text_and_keep_nothing_back(ada: Client, incident: Incident) -> None:
    text = "## Impact\n\nCalls failed. It was all restored at 00:00."
    shown = ada.post(address(incident, "postmortem/preview"), {"draft": text}, headers={"HX-Request": "true"})
    assert 'id="looks" hx-swap-oob="true"' in shown.content.decode()
    assert "There is no number" in shown.content.decode()
    assert (
        "Nothing that would need a second look."
        in ada.post(address(incident, "postmortem/preview"), {"draft": "Fine."}).content.decode()
    )
    assert ada.post(address(incident, "postmortem/publication"), {"draft": text}).status_code == 303


def test_an_action_item_is_edited_in_its_row_and_the_text_typed_meanwhile_is_kept(
    ada: Client, incident: Incident
) -> None:
    send(ada, address(incident), draft="Words.")
    action = ActionItem.add(postmortem=Postmortem.objects.get(), text="Alarm", by="test", at=now())
    form = form_at(ada, address(incident))
    row = f"action-{action.pk}"
    typed = {**form, "draft": "Words, and more.", f"{row}-text": "Two alarms", f"{row}-owner": "Platform"}
    to = address(incident, f"actions/{action.pk}/row")
    refused = ada.post(to, {**typed, f"{row}-text": ""})
    assert refused.status_code == 422
    assert "Words, and more." in refused.content.decode()
    assert Postmortem.objects.get().draft == "Words."
    assert ada.post(to, {**typed, f"{row}-is_public": "on", f"{row}-due_on": "2031-01-01"}).status_code == 303
    action.refresh_from_db()
    assert (action.text, action.owner, action.is_public, str(action.due_on)) == (
        "Two alarms",
        "Platform",
        True,
        "2031-01-01",
    )
    assert Postmortem.objects.get().draft == "Words, and more."
    assert ada.post(address(incident, "actions/99/row"), typed).status_code == 404


def test_publishing_asks_before_more_than_the_limit_are_told_and_revising_does_not(
    ada: Client, page: Page, incident: Incident
) -> None:
    make_subscribers(page, 3)
    page.edit(confirm_recipients=2, by="test", at=now())
    to = address(incident, "postmortem/publication")
    asked = ada.post(to, {"draft": "One.", "notify": "on"})
    assert asked.status_code == 422
    assert "3 people are told, more than the 2 of this page." in asked.content.decode()
    assert not Postmortem.objects.exists()
    assert ada.post(to, {"draft": "One.", "notify": "on", "many_are_meant": "on"}).status_code == 303
    assert ada.post(to, {"draft": "Two.", "notify": "on"}).status_code == 303


def test_a_ticked_line_of_thousands_of_digits_is_no_line(ada: Client, incident: Incident) -> None:
    form = {**form_at(ada, address(incident)), "line": ["9" * 5_000]}
    assert ada.post(address(incident, "postmortem/timeline"), form).status_code == 200
    assert not Postmortem.objects.exists()
