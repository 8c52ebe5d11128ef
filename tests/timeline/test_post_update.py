"""Incident.post_update: one verb, one update, one event."""

from datetime import timedelta

import pytest

from incidents.models import Event, StatusChange, Update
from incidents.timeline.refusals import (
    BeforeTheStart,
    EmptyText,
    ForeignComponent,
    ImplausibleTime,
    RequestKeyReused,
    ResolvedBeforeStart,
    TextTooLong,
    TimeInTheFuture,
    UnknownPhase,
    UnknownStatus,
)
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, make_staff, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_update_moves_the_incident_and_its_components() -> None:
    page = make_page()
    api = make_component(page)
    incident = make_incident(page, components={api: "partial_outage"})

    incident.post_update(
        body="Found it.",
        phase=page.phase("identified"),
        components={api: "degraded_performance"},
        by="test",
        at=NOON + minutes(5),
    )

    incident.refresh_from_db()
    api.refresh_from_db()
    assert incident.phase.slug == "identified"
    assert api.status == "degraded_performance"
    assert incident.impact == "major", "the worst state it ever named counts"


def test_one_update_writes_one_event_with_the_next_number() -> None:
    incident = make_incident(make_page())
    before = list(Event.objects.values_list("seq", flat=True))

    update = incident.post_update(body="More.", by=make_staff(), at=NOON + minutes(1))

    event = Event.objects.get(update=update)
    assert event.seq == before[-1] + 1
    assert (event.kind, event.actor_name, event.notify) == ("incident.updated", "ada", True)


def test_going_back_to_an_earlier_phase_is_normal() -> None:
    page = make_page()
    incident = make_incident(page)
    steps = ["identified", "reactivating", "monitoring", "reactivating", "monitoring", "resolved"]
    for step, slug in enumerate(steps, start=1):
        incident.post_update(body=slug, phase=page.phase(slug), by="test", at=NOON + minutes(step))

    incident.refresh_from_db()
    assert incident.phase.slug == "resolved"
    assert incident.monitoring_at == NOON + minutes(5)
    assert incident.resolved_at == NOON + minutes(6)


def test_reopening_clears_the_end() -> None:
    page = make_page()
    incident = make_incident(page)
    incident.resolve(body="Over.", by="test", at=NOON + minutes(1))

    incident.post_update(body="It is back.", phase=page.phase("investigating"), by="test", at=NOON + minutes(2))

    incident.refresh_from_db()
    assert incident.resolved_at is None
    assert Event.objects.latest("seq").kind == "incident.reopened"


def test_a_later_note_does_not_move_the_end() -> None:
    page = make_page()
    incident = make_incident(page)
    incident.resolve(body="Over.", by="test", at=NOON + minutes(1))
    incident.post_update(body="A note.", by="test", at=NOON + minutes(9))

    incident.refresh_from_db()
    assert incident.resolved_at == NOON + minutes(1)


def test_a_back_dated_update_changes_history_and_not_the_present() -> None:
    page = make_page()
    api = make_component(page)
    incident = make_incident(page, at=NOON, components={api: "major_outage"})
    incident.resolve(body="Over.", by="test", at=NOON + minutes(30))

    incident.post_update(
        body="It had become better before.",
        phase=page.phase("identified"),
        components={api: "degraded_performance"},
        posted_at=NOON + minutes(10),
        by="test",
        at=NOON + minutes(40),
    )

    api.refresh_from_db()
    incident.refresh_from_db()
    assert incident.phase.slug == "resolved"
    assert api.status == "operational"
    assert api.status_at(NOON + minutes(15)) == "degraded_performance"


def test_the_same_request_key_posts_once() -> None:
    incident = make_incident(make_page())
    first = incident.post_update(body="Once.", by="test", at=NOON, request_key="k1")
    second = incident.post_update(body="Once.", by="test", at=NOON, request_key="k1")

    assert first == second
    assert incident.updates.count() == 2
    with pytest.raises(RequestKeyReused):
        incident.post_update(body="Another.", by="test", at=NOON, request_key="k1")


def test_the_html_is_made_at_write_time_and_holds_no_raw_markup() -> None:
    incident = make_incident(make_page())
    update = incident.post_update(
        body="**Bold** <script>alert(1)</script> [x](javascript:alert(1))\n\n# Big", by="t", at=NOON
    )

    assert "<strong>Bold</strong>" in update.html
    assert "<script" not in update.html
    assert 'href="javascript' not in update.html
    assert "<h3>Big</h3>" in update.html


def test_characters_nobody_can_see_are_cleaned_away() -> None:
    incident = make_incident(make_page(), title="API\x0b is\u202e down\x00\n now")
    update = incident.post_update(body="\x1b[31mred\x1b[0m \ufffe\ud800text\r\nline two", by="t", at=NOON)

    assert incident.title == "API is down now"
    assert update.body == "red text\nline two"


def test_bad_input_is_refused_and_changes_nothing() -> None:
    page, other = make_page(), make_page(name="Other")
    api, foreign = make_component(page), make_component(other)
    archived = make_component(page, name="Old")
    archived.archive(by="t", at=NOON)
    incident = make_incident(page, components={api: "partial_outage"})
    maintenance = make_maintenance(page)
    rows = (Update.objects.count(), StatusChange.objects.count(), Event.objects.count())

    refused = [
        (EmptyText, {"body": " \u200b\n "}),
        (TextTooLong, {"body": "x" * 25_001}),
        (ForeignComponent, {"body": "x", "components": {foreign: "operational"}}),
        (ForeignComponent, {"body": "x", "components": {archived: "major_outage"}}),
        (UnknownStatus, {"body": "x", "components": {api: "on_fire"}}),
        (UnknownPhase, {"body": "x", "phase": other.phase("identified")}),
        (UnknownPhase, {"body": "x", "phase": maintenance.phase}),
        (TimeInTheFuture, {"body": "x", "posted_at": NOON + minutes(1)}),
        (
            ResolvedBeforeStart,
            {"body": "x", "phase": page.phase("resolved"), "posted_at": NOON - timedelta(days=1)},
        ),
    ]
    for refusal, content in refused:
        with pytest.raises(refusal):
            incident.post_update(by="t", at=NOON, **content)

    assert rows == (Update.objects.count(), StatusChange.objects.count(), Event.objects.count())
    incident.refresh_from_db()
    assert incident.phase.slug == "investigating"


def test_the_first_update_of_a_draft_makes_it_public() -> None:
    page = make_page()
    api = make_component(page)
    draft = type(make_incident(page)).prepare(page=page, title="Odd", by="t", at=NOON, components=[api])
    assert not draft.is_public

    draft.post_update(body="It is real.", by="t", at=NOON, components={api: "partial_outage"})

    draft.refresh_from_db()
    assert draft.is_public
    assert Event.objects.latest("seq").kind == "incident.opened"


def test_a_year_nobody_means_is_refused_wherever_a_time_is_given() -> None:
    incident = make_incident(make_page())
    for year in (1, 26, 1994):
        with pytest.raises(ImplausibleTime):
            incident.post_update(body="x", posted_at=NOON.replace(year=year), by="t", at=NOON)
        with pytest.raises(ImplausibleTime):
            incident.edit(detected_at=NOON.replace(year=year), by="t", at=NOON)
        with pytest.raises(ImplausibleTime):
            incident.updates.get().edit(posted_at=NOON.replace(year=year), by="t", at=NOON)
        with pytest.raises(ImplausibleTime):
            make_incident(incident.page, impact_started_at=NOON.replace(year=year))
    with pytest.raises(ImplausibleTime):
        incident.post_update(body="x", next_update_due_at=NOON.replace(year=9999), by="t", at=NOON)
    assert incident.updates.count() == 1


def test_an_update_dated_before_the_incident_began_is_refused() -> None:
    incident = make_incident(make_page())
    with pytest.raises(BeforeTheStart):
        incident.post_update(body="x", posted_at=NOON - minutes(1), by="t", at=NOON)
    with pytest.raises(BeforeTheStart):
        incident.updates.get().edit(posted_at=NOON - minutes(1), by="t", at=NOON)
    incident.refresh_from_db()
    incident.edit(impact_started_at=NOON - minutes(5), by="t", at=NOON)
    incident.post_update(body="It began like this.", posted_at=NOON - minutes(1), by="t", at=NOON)


@pytest.mark.parametrize("slug", ["resolved", "monitoring"])
def test_who_says_that_it_is_over_promises_nothing_more(slug: str) -> None:
    page = make_page()
    incident = make_incident(page, next_update_due_at=NOON + minutes(5))
    due = NOON + minutes(40)
    told = incident.post_update(
        body="Over.", phase=page.phase(slug), next_update_due_at=due, by="test", at=NOON + minutes(10)
    )
    assert told.next_update_due_at == (None if slug == "resolved" else due)
    later = incident.post_update(body="As before.", next_update_due_at=due, by="test", at=NOON + minutes(11))
    assert later.next_update_due_at == (None if slug == "resolved" else due)
