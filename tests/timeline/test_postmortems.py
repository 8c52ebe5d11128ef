"""Postmortem and action items: promises that can be tracked."""

from datetime import date, timedelta

import pytest

from incidents.models import ActionItem, Event, Incident, Postmortem
from incidents.timeline.refusals import EmptyText, TextTooLong, WrongPhase
from tests.build import NOON, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def resolved_incident() -> Incident:
    incident = make_incident(make_page())
    incident.resolve(body="Over.", by="t", at=NOON + minutes(1))
    return incident


def test_a_draft_is_for_staff_until_it_is_published() -> None:
    incident = resolved_incident()
    postmortem = Postmortem.write(incident=incident, draft="## Summary\n\nIt broke.", by="t", at=NOON)
    assert (postmortem.html, postmortem.is_published) == ("", False)

    postmortem.publish(by="t", at=NOON + timedelta(days=8))

    incident.refresh_from_db()
    assert postmortem.html == "<h4>Summary</h4>\n<p>It broke.</p>"
    assert incident.phase.slug == "postmortem"
    assert incident.resolved_at == NOON + minutes(1)
    assert postmortem.update is not None
    assert postmortem.update.body == "It broke."
    assert Event.objects.latest("seq").kind == "postmortem.published"


def test_publishing_again_revises_in_silence_and_keeps_the_former_text() -> None:
    postmortem = Postmortem.write(incident=resolved_incident(), draft="One.", by="t", at=NOON)
    postmortem.publish(by="t", at=NOON + minutes(5))
    Postmortem.write(incident=postmortem.incident, draft="Two.", by="t", at=NOON + minutes(6))
    postmortem.refresh_from_db()
    postmortem.publish(by="t", at=NOON + minutes(7))

    event = Event.objects.latest("seq")
    assert (event.kind, event.notify, event.payload["former"]) == ("postmortem.revised", False, "One.")
    assert postmortem.incident.updates.count() == 3


def test_an_open_incident_has_no_published_postmortem_yet() -> None:
    postmortem = Postmortem.write(incident=make_incident(make_page()), draft="x", by="t", at=NOON)
    with pytest.raises(WrongPhase):
        postmortem.publish(by="t", at=NOON)
    with pytest.raises(EmptyText):
        Postmortem.write(incident=postmortem.incident, draft=" ", by="t", at=NOON)
    postmortem.refresh_from_db()
    assert (postmortem.body, postmortem.draft) == ("", "x")


def test_a_promise_moves_through_its_states() -> None:
    postmortem = Postmortem.write(incident=resolved_incident(), draft="x", by="t", at=NOON)
    action = ActionItem.add(postmortem=postmortem, text="Guard the script", owner="Billing", by="t", at=NOON)

    action.move_to("done", by="t", at=NOON)
    assert action.done_on == date(2026, 11, 21)
    with pytest.raises(EmptyText):
        action.move_to("dropped", by="t", at=NOON)
    action.refresh_from_db()
    assert action.state == "done"
    action.move_to("dropped", by="t", at=NOON, reason="The script is gone.")
    assert (action.done_on, action.reason) == (None, "The script is gone.")


def test_an_owner_too_long_is_refused_when_a_promise_is_edited() -> None:
    postmortem = Postmortem.write(incident=resolved_incident(), draft="x", by="t", at=NOON)
    action = ActionItem.add(postmortem=postmortem, text="Guard the script", owner="Billing", by="t", at=NOON)

    with pytest.raises(TextTooLong):
        action.edit(owner="B" * 101, by="t", at=NOON)
    action.refresh_from_db()
    assert action.owner == "Billing"


def test_a_draft_is_submitted_sent_back_and_submitted_again() -> None:
    postmortem = Postmortem.write(incident=resolved_incident(), draft="x", by="t", at=NOON)
    assert not postmortem.is_ready
    with pytest.raises(WrongPhase):
        postmortem.send_back(by="t", at=NOON)

    postmortem.submit(by="ada", at=NOON + minutes(2))
    postmortem.refresh_from_db()
    assert (postmortem.ready_at, postmortem.ready_by_name) == (NOON + minutes(2), "ada")

    postmortem.send_back(by="bob", at=NOON + minutes(3))
    postmortem.refresh_from_db()
    assert (postmortem.ready_at, postmortem.ready_by_name) == (None, "")
    assert list(Event.objects.filter(kind__startswith="postmortem").values_list("kind", "notify")) == [
        ("postmortem.drafted", False),
        ("postmortem.submitted", False),
        ("postmortem.sent_back", False),
    ]


def test_publishing_ends_the_review() -> None:
    postmortem = Postmortem.write(incident=resolved_incident(), draft="x", by="t", at=NOON)
    postmortem.submit(by="ada", at=NOON + minutes(2))
    postmortem.publish(by="t", at=NOON + minutes(5))
    postmortem.refresh_from_db()
    assert (postmortem.is_published, postmortem.is_ready) == (True, False)


def test_two_taps_at_the_same_moment_publish_and_mail_once() -> None:
    written = Postmortem.write(incident=resolved_incident(), draft="One.", by="t", at=NOON)
    taps = [Postmortem.objects.get(pk=written.pk) for _ in range(2)]
    for tap in taps:
        tap.publish(by="t", at=NOON + minutes(5))

    assert written.incident.updates.filter(phase__slug="postmortem").count() == 1
    assert Event.objects.filter(notify=True, kind="postmortem.published").count() == 1
    assert not Event.objects.filter(kind="postmortem.revised").exists()


def test_publishing_keeps_what_somebody_writes_into_the_draft_meanwhile() -> None:
    seen = Postmortem.write(incident=resolved_incident(), draft="As read.", by="ada", at=NOON)
    Postmortem.write(incident=seen.incident, draft="As read, and more.", by="bob", at=NOON + minutes(1))
    seen.publish(by="ada", at=NOON + minutes(2))

    seen.refresh_from_db()
    assert (seen.body, seen.draft) == ("As read.", "As read, and more.")


def test_rewording_a_promise_does_not_take_back_how_far_it_is() -> None:
    postmortem = Postmortem.write(incident=resolved_incident(), draft="One.", by="t", at=NOON)
    action = ActionItem.add(postmortem=postmortem, text="Alert earlier.", by="t", at=NOON)
    loaded = ActionItem.objects.get(pk=action.pk)
    action.move_to("done", by="ada", at=NOON)
    loaded.edit(text="Alert within a minute.", by="bob", at=NOON)

    action.refresh_from_db()
    assert (action.state, action.done_on, action.text) == ("done", NOON.date(), "Alert within a minute.")
