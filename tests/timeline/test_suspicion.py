"""Suspicions: dismissed, taken up again, confirmed by the first update."""

import pytest

from incidents.models import Event, Incident, Page, Suspicion
from incidents.timeline.refusals import WrongPhase
from tests.build import NOON, make_component, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def suspect(page: Page, **fields: object) -> Suspicion:
    Incident.prepare(page=page, title="Maybe", visibility="suspected", by="monitoring", at=NOON, **fields)  # type: ignore[arg-type]
    return Suspicion.objects.get()


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="incident.").values_list("kind", flat=True))


def test_a_suspicion_waits_and_keeps_when_it_was_noticed() -> None:
    suspicion = suspect(make_page())
    assert list(Suspicion.objects.waiting(suspicion.page)) == [suspicion]
    assert suspicion.detected_at == NOON
    assert not suspicion.is_public


def test_dismissing_twice_is_once_and_can_be_taken_back() -> None:
    suspicion = suspect(page := make_page())
    for _ in range(2):
        suspicion.dismiss(by="ada", at=NOON + minutes(1))
    assert not Suspicion.objects.waiting(page).exists()
    assert list(Suspicion.objects.dismissed_lately(page, at=NOON + minutes(5))) == [suspicion]
    assert not Suspicion.objects.dismissed_lately(page, at=NOON + minutes(60 * 25)).exists()
    for _ in range(2):
        suspicion.suspect_again(by="ada", at=NOON + minutes(2))
    assert list(Suspicion.objects.waiting(page)) == [suspicion]
    assert kinds() == ["incident.suspected", "incident.dismissed", "incident.suspected_again"]


def test_its_first_update_confirms_it_and_keeps_who_was_when_at_it() -> None:
    suspicion = suspect(make_page())
    suspicion.post_update(body=suspicion.first_words(), by="ada", at=NOON + minutes(4))
    incident = Incident.objects.get()
    assert incident.is_public
    assert (incident.detected_at, incident.acknowledged_at) == (NOON, NOON + minutes(4))
    assert not Suspicion.objects.exists()


def test_what_was_confirmed_meanwhile_is_not_dismissed() -> None:
    suspicion = suspect(make_page())
    Incident.objects.get().post_update(body="Yes.", by="ada", at=NOON)
    with pytest.raises(WrongPhase):
        suspicion.dismiss(by="bob", at=NOON)
    assert Incident.objects.get().is_public


def test_confirming_claims_no_more_than_is_known() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    web.set_status("major_outage", by="test", at=NOON)
    suspicion = suspect(page, components=[api, web])
    assert suspicion.likely_states() == {api: "degraded_performance", web: "major_outage"}


def test_its_words_are_in_the_language_of_the_page() -> None:
    page = make_page()
    page.edit(language="de", by="test", at=NOON)
    assert suspect(page).first_words().startswith("Wir sehen Anzeichen")
