"""HeldPost: what is published waits, can be taken back, and leaves once."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from incidents.models import Draft, Event, HeldPost, Incident, Page, Update
from incidents.timeline.holding import forget, release_due
from incidents.timeline.models import Deed, HeldState, Origin
from incidents.timeline.refusals import EmptyText, NotYours, RequestKeyReused, ResolvedBeforeStart, TooLate, WrongPhase
from tests.build import NOON, make_component, make_incident, make_page, make_staff, minutes, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page() -> Page:
    return make_page(hold_seconds=10)


@pytest.fixture
def incident(page: Page) -> Incident:
    return make_incident(page, at=NOON - minutes(5))


@pytest.fixture
def ada() -> User:
    return make_staff()


def hold(incident: Incident, *, by: User | str, body: str = "Found it.", key: str = "k1", **options: Any) -> HeldPost:
    arguments = {"body": body, "phase": incident.page.phase("identified"), **options.pop("arguments", {})}
    origin = Origin(incident.code, {"body": [body], "caret_from": ["4"], "caret_to": ["4"]})
    options.setdefault("origin", origin)
    options.setdefault("at", NOON)
    return HeldPost.hold(
        page=incident.page,
        deed=Deed.UPDATE,
        incident=incident,
        arguments=arguments,
        request_key=key,
        by=by,
        **options,
    )


def test_what_is_held_is_nowhere_but_in_its_row(incident: Incident, ada: User) -> None:
    before = (Event.objects.count(), Update.objects.count(), incident.page.last_seq)
    held = hold(incident, by=ada)
    incident.page.refresh_from_db()
    assert (Event.objects.count(), Update.objects.count(), incident.page.last_seq) == before
    assert (held.state, held.release_at) == (HeldState.WAITING, NOON + seconds(10))


def test_before_its_time_it_stays_and_at_its_time_it_leaves_once(incident: Incident, ada: User) -> None:
    held = hold(incident, by=ada)
    assert release_due(at=NOON + seconds(9.99)) == 0
    assert release_due(at=NOON + seconds(10)) == 1
    assert release_due(at=NOON + seconds(11)) == 0
    update = incident.updates.newest_first()[0]
    assert (update.body, update.author, update.posted_at) == ("Found it.", ada, NOON + seconds(10))
    held.refresh_from_db()
    assert (held.state, held.update, held.arguments, held.draft_fields) == (HeldState.PUBLISHED, update, {}, {})
    assert Event.objects.filter(kind="incident.updated").count() == 1


def test_releasing_twice_gives_the_same_update(incident: Incident, ada: User) -> None:
    held = hold(incident, by=ada)
    first, second = held.release(at=NOON + seconds(1)), held.release(at=NOON + seconds(2))
    assert first is not None
    assert first == second
    assert incident.updates.count() == 2


def test_taking_back_leaves_no_trace_but_the_event_and_gives_the_draft_back(incident: Incident, ada: User) -> None:
    Draft.keep(page=incident.page, code=incident.code, fields={"body": ["Found it."]}, by=ada, at=NOON)
    before = Event.objects.count()
    held = hold(incident, by=ada)
    assert not Draft.objects.exists()
    draft = held.take_back(by=ada, at=NOON + seconds(5))
    assert draft is not None
    assert draft.fields == {"body": ["Found it."], "caret_from": ["4"], "caret_to": ["4"]}
    assert (HeldPost.objects.count(), incident.updates.count()) == (0, 1)
    (event,) = Event.objects.order_by("pk")[before:]
    assert (event.kind, event.actor, event.notify) == ("update.taken_back", ada, False)
    assert "Found it." not in str(event.payload)
    assert release_due(at=NOON + minutes(1)) == 0


def test_what_has_left_cannot_be_taken_back(incident: Incident, ada: User) -> None:
    held = hold(incident, by=ada)
    held.release(at=NOON + seconds(1))
    with pytest.raises(TooLate):
        held.take_back(by=ada, at=NOON + seconds(2))
    assert incident.updates.count() == 2


def test_what_was_taken_back_does_not_leave_through_a_runner_that_had_it_in_hand(incident: Incident, ada: User) -> None:
    held = hold(incident, by=ada)
    in_hand = HeldPost.objects.get(pk=held.pk)
    held.take_back(by=ada, at=NOON + seconds(9))
    with pytest.raises(TooLate):
        in_hand.release(at=NOON + seconds(10))
    assert incident.updates.count() == 1


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [({"body": " "}, EmptyText), ({"posted_at": NOON - minutes(60), "phase": "resolved"}, ResolvedBeforeStart)],
)
def test_what_the_verb_refuses_is_refused_before_it_is_held(
    incident: Incident, ada: User, arguments: dict[str, Any], refusal: type[Exception]
) -> None:
    if "phase" in arguments:
        arguments = {**arguments, "phase": incident.page.phase(arguments["phase"])}
    with pytest.raises(refusal):
        hold(incident, by=ada, arguments=arguments)
    assert (HeldPost.objects.count(), incident.updates.count()) == (0, 1)


def test_the_same_request_is_held_once_also_after_it_left(incident: Incident, ada: User) -> None:
    first = hold(incident, by=ada)
    assert hold(incident, by=ada) == first
    first.release(at=NOON + seconds(1))
    assert hold(incident, by=ada, at=NOON + seconds(20)).is_published
    assert release_due(at=NOON + minutes(1)) == 0
    assert incident.updates.count() == 2


def test_a_key_that_comes_with_other_words_is_refused(incident: Incident, ada: User) -> None:
    hold(incident, by=ada)
    with pytest.raises(RequestKeyReused):
        hold(incident, by=ada, body="Something else.")


def test_a_report_becomes_an_incident_with_its_states_when_it_leaves(page: Page, ada: User) -> None:
    api = make_component(page)
    arguments = {"title": "Errors", "body": "We look.", "components": {api: "major_outage"}, "impact_started_at": NOON}
    held = HeldPost.hold(page=page, deed=Deed.REPORT, arguments=arguments, request_key="k", by=ada, at=NOON)
    api.refresh_from_db()
    assert (held.title, api.status, Incident.objects.count()) == ("Errors", "operational", 0)
    release_due(at=NOON + seconds(10))
    incident = Incident.objects.get()
    api.refresh_from_db()
    held.refresh_from_db()
    assert (incident.impact_started_at, api.status) == (NOON, "major_outage")
    assert held.incident == incident


def test_what_cannot_leave_any_more_is_a_draft_again_and_the_event_says_why(incident: Incident, ada: User) -> None:
    api = make_component(incident.page)
    hold(incident, by=ada, arguments={"components": {api: "major_outage"}})
    api.archive(by="colleague", at=NOON + seconds(2))
    assert release_due(at=NOON + seconds(10)) == 0
    draft = Draft.objects.get()
    assert (draft.text, draft.incident) == ("Found it.", incident)
    assert "not on this page any more" in draft.refusal
    event = Event.objects.latest("pk")
    assert (event.kind, event.payload["reason"]) == ("update.refused", draft.refusal)
    assert (HeldPost.objects.count(), incident.updates.count()) == (0, 1)


def test_one_that_cannot_leave_keeps_no_other_from_leaving(incident: Incident, ada: User) -> None:
    api = make_component(incident.page)
    hold(incident, by=ada, arguments={"components": {api: "major_outage"}})
    hold(incident, by=ada, body="The second.", key="k2")
    api.archive(by="colleague", at=NOON + seconds(2))
    assert release_due(at=NOON + seconds(10)) == 1
    assert incident.updates.newest_first()[0].body == "The second."


def test_what_is_about_to_be_public_is_not_thrown_away_with_the_text(page: Page, ada: User) -> None:
    incident = Incident.prepare(page=page, title="Errors", by=ada, at=NOON - minutes(5))
    held = hold(incident, by=ada)
    with pytest.raises(WrongPhase):
        incident.discard(reason="Nothing.", by="bob", at=NOON + seconds(1))
    held.take_back(by=ada, at=NOON + seconds(2))
    incident.discard(reason="Nothing.", by="bob", at=NOON + seconds(3))


def test_they_leave_in_the_order_they_were_published_in(incident: Incident, ada: User) -> None:
    bodies = [f"Number {number}." for number in range(5)]
    for number, body in enumerate(bodies):
        hold(incident, by=ada, body=body, key=f"k{number}", at=NOON + seconds(number / 10))
    release_due(at=NOON + seconds(20))
    assert [update.body for update in incident.updates.order_by("pk")][1:] == bodies


def test_what_somebody_began_meanwhile_follows_under_what_is_taken_back(incident: Incident, ada: User) -> None:
    held = hold(incident, by=ada)
    Draft.keep(page=incident.page, code=incident.code, fields={"body": ["Bob began."]}, by="bob", at=NOON + seconds(3))
    draft = held.take_back(by=ada, at=NOON + seconds(5))
    assert draft is not None
    assert draft.text == "Found it.\n\nBob began."


def test_without_an_account_the_name_stays_that_of_who_published(incident: Incident, ada: User) -> None:
    hold(incident, by=ada)
    ada.delete()
    release_due(at=NOON + seconds(10))
    update = incident.updates.newest_first()[0]
    assert (update.author, update.author_name) == (None, "ada")


def test_a_second_person_lets_it_go_and_the_first_cannot(incident: Incident, ada: User) -> None:
    held = hold(incident, by=ada, asks=True)
    assert (held.is_asking, release_due(at=NOON + minutes(60))) == (True, 0)
    with pytest.raises(NotYours):
        held.approve(by=ada, at=NOON + minutes(1))
    with pytest.raises(NotYours):
        held.approve(by="automation", at=NOON + minutes(1))
    with pytest.raises(TooLate):
        held.release(at=NOON + minutes(1))
    held.approve(by=make_staff(name="bob"), at=NOON + minutes(1))
    assert release_due(at=NOON + minutes(1) + seconds(9)) == 0
    assert release_due(at=NOON + minutes(1) + seconds(10)) == 1
    assert incident.updates.newest_first()[0].author == ada


def test_what_automation_asks_for_waits_for_any_person(incident: Incident, ada: User) -> None:
    held = hold(incident, by="detection", asks=True, reach={"reasons": ["Ten checks fail."]})
    held.approve(by=ada, at=NOON + seconds(1))
    release_due(at=NOON + minutes(1))
    assert incident.updates.newest_first()[0].author_name == "detection"


def test_how_they_ended_and_drafts_left_alone_are_forgotten(incident: Incident, ada: User) -> None:
    hold(incident, by=ada).release(at=NOON)
    waiting = hold(incident, by=ada, key="k2", asks=True)
    Draft.keep(page=incident.page, code=incident.code, fields={"body": ["x"]}, by=ada, at=NOON)
    forget(at=NOON + minutes(60 * 24 * 31))
    assert list(HeldPost.objects.all()) == [waiting]
    assert not Draft.objects.exists()
