"""Incident.open and Incident.resolve."""

import pytest
from django.db import transaction

from incidents.models import Event, Incident
from incidents.timeline.events import recorded, recording
from incidents.timeline.refusals import CannotBeRendered, EmptyText, ForeignComponent, TextTooLong, UnknownChoice
from tests.build import NOON, make_component, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    ("status", "impact"),
    [
        ("operational", "none"),
        ("under_maintenance", "none"),
        ("degraded_performance", "minor"),
        ("partial_outage", "major"),
        ("major_outage", "critical"),
    ],
)
def test_the_impact_follows_from_the_components(status: str, impact: str) -> None:
    page = make_page()
    assert make_incident(page, components={make_component(page): status}).impact == impact


def test_an_override_beats_the_components() -> None:
    page = make_page()
    api = make_component(page)
    incident = make_incident(page, components={api: "major_outage"}, impact_override="minor")
    assert incident.impact == "minor"

    incident.edit(impact_override="", by="t", at=NOON)
    assert incident.impact == "critical"


def test_opening_twice_with_one_request_key_opens_one() -> None:
    page = make_page()
    first = make_incident(page, request_key="once")
    assert make_incident(page, request_key="once") == first
    assert Incident.objects.count() == 1


def test_bad_input_is_refused_and_changes_nothing() -> None:
    page = make_page()
    foreign = make_component(make_page(name="Other"))
    events = Event.objects.count()
    for refusal, content in [
        (EmptyText, {"title": "\u200b"}),
        (TextTooLong, {"title": "x" * 256}),
        (EmptyText, {"body": ""}),
        (ForeignComponent, {"components": {foreign: "major_outage"}}),
    ]:
        with pytest.raises(refusal):
            make_incident(page, **content)

    assert not Incident.objects.exists()
    assert Event.objects.count() == events


def test_resolving_returns_components_that_nothing_else_holds_down() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    incident = make_incident(page, components={api: "major_outage", web: "partial_outage"})
    make_incident(page, title="Another", components={web: "major_outage"})

    incident.resolve(body="Over.", by="t", at=NOON + minutes(3))

    api.refresh_from_db()
    web.refresh_from_db()
    assert api.status == "operational"
    assert web.status == "major_outage"


def test_a_receiver_that_cannot_render_refuses_the_change() -> None:
    page = make_page()

    def refuse(**_: object) -> None:
        raise CannotBeRendered("No mail could be made of this.")

    recording.connect(refuse)
    try:
        with pytest.raises(CannotBeRendered):
            make_incident(page)
    finally:
        recording.disconnect(refuse)
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_rolled_back_wakes_nobody_and_one_committed_wakes_once() -> None:
    page = make_page()
    woken: list[int] = []

    def wake(event_id: int, **_: object) -> None:
        woken.append(event_id)

    recorded.connect(wake)
    try:
        with transaction.atomic():
            make_incident(page)
            transaction.set_rollback(True)
        assert woken == []
        make_incident(page)
        assert woken == [Event.objects.latest("seq").pk]
    finally:
        recorded.disconnect(wake)


def test_words_that_are_not_offered_are_refused() -> None:
    page = make_page()
    with pytest.raises(UnknownChoice):
        make_incident(page, impact_override="enormous")
    with pytest.raises(UnknownChoice):
        make_incident(page, detected_by="the cat")
    assert not Incident.objects.exists()
