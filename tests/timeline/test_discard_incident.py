"""Incident.discard: only what nobody was told of is thrown away."""

import pytest

from incidents.models import Event, Incident
from incidents.timeline.refusals import EmptyText, WrongPhase
from tests.build import NOON, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_draft() -> Incident:
    return Incident.prepare(page=make_page(), title="Maybe", by="t", at=NOON)


def test_the_event_keeps_title_and_reason() -> None:
    a_draft().discard(reason="Nothing was wrong.", by="ada", at=NOON)
    assert not Incident.objects.exists()
    event = Event.objects.latest("seq")
    assert (event.kind, event.payload) == ("incident.discarded", {"title": "Maybe", "reason": "Nothing was wrong."})


def test_what_readers_know_stays_in_history() -> None:
    incident = make_incident(make_page())
    with pytest.raises(WrongPhase):
        incident.discard(reason="Nothing.", by="t", at=NOON)
    assert Incident.objects.get() == incident


def test_what_somebody_published_meanwhile_stays() -> None:
    draft = a_draft()
    loaded = Incident.objects.get(pk=draft.pk)
    draft.post_update(body="We look.", by="ada", at=NOON + minutes(1))
    with pytest.raises(WrongPhase):
        loaded.discard(reason="Nothing.", by="bob", at=NOON + minutes(2))
    assert Incident.objects.get().updates.count() == 1


def test_two_taps_discard_once() -> None:
    draft = a_draft()
    loaded = Incident.objects.get(pk=draft.pk)
    draft.discard(reason="Nothing.", by="ada", at=NOON)
    loaded.discard(reason="Nothing.", by="ada", at=NOON)
    assert Event.objects.filter(kind="incident.discarded").count() == 1


def test_a_reason_is_needed() -> None:
    with pytest.raises(EmptyText):
        a_draft().discard(reason=" ", by="t", at=NOON)
    assert Incident.objects.exists()
