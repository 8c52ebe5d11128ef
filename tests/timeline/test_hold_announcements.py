"""HeldPost: a plan of maintenance, its steps and a postmortem wait, are taken back and leave once."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from incidents.models import Draft, Event, HeldPost, Incident, Maintenance, Page, Postmortem, Update
from incidents.timeline.holding import release_due
from incidents.timeline.models import Deed, Origin
from incidents.timeline.refusals import AlreadyHeld, WindowEndsBeforeItStarts, WrongPhase
from incidents.timeline.schedule import run_due_maintenance
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, make_staff, minutes, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = {"starts_at": NOON + minutes(3000), "ends_at": NOON + minutes(3060)}


@pytest.fixture
def page() -> Page:
    return make_page(hold_seconds=10)


@pytest.fixture
def ada() -> User:
    return make_staff()


@pytest.fixture
def window(page: Page) -> Maintenance:
    return make_maintenance(page, at=NOON - minutes(60), components=[make_component(page)])


@pytest.fixture
def ended(page: Page) -> Incident:
    incident = make_incident(page, at=NOON - minutes(60))
    incident.resolve(body="Over.", by="test", at=NOON - minutes(30))
    return incident


def hold(
    page: Page, deed: Deed, *, by: User, incident: Incident | None = None, key: str = "k1", **said: Any
) -> HeldPost:
    return HeldPost.hold(
        page=page,
        deed=deed,
        incident=incident,
        arguments={"body": "Words.", "notify": True, **said},
        request_key=key,
        origin=Origin("bbbbbbbbbbbb", {"body": ["Words."], "notify": ["on"]}),
        by=by,
        at=NOON,
    )


def state() -> tuple[int, int, list[str], int]:
    """Return what readers and the audit log know."""
    phases = list(Incident.objects.order_by("pk").values_list("phase__slug", flat=True))
    return Event.objects.count(), Update.objects.count(), phases, Postmortem.objects.count()


def test_a_plan_becomes_a_maintenance_with_its_components_when_it_leaves(page: Page, ada: User) -> None:
    api, web = make_component(page), make_component(page, name="Web")
    before = state()
    held = hold(page, Deed.SCHEDULE, by=ada, title="Upgrade", components=[web, api], remind_minutes=[60], **LATER)
    assert (state(), held.title, held.window) == (before, "Upgrade", (LATER["starts_at"], LATER["ends_at"]))
    assert held.concerned() == {api.code, web.code}
    assert release_due(at=NOON + seconds(10)) == 1
    assert release_due(at=NOON + seconds(11)) == 0
    made = Maintenance.objects.get()
    assert (made.window, made.remind_minutes) == ((LATER["starts_at"], LATER["ends_at"]), [60])
    assert {row.component for row in made.affected.all()} == {api, web}
    held.refresh_from_db()
    assert held.incident is not None
    assert held.incident.pk == made.pk


@pytest.mark.parametrize(
    ("deed", "said", "phase", "kind"),
    [
        (Deed.START, {}, "in_progress", "maintenance.started"),
        (Deed.CANCEL, {"ends_series": True}, "cancelled", "maintenance.cancelled"),
        (Deed.MOVE, LATER, "scheduled", "maintenance.moved"),
    ],
)
def test_a_step_waits_and_leaves_once(
    page: Page, ada: User, window: Maintenance, deed: Deed, said: dict[str, Any], phase: str, kind: str
) -> None:
    before = state()
    hold(page, deed, by=ada, incident=window, **said)
    assert state() == before
    assert (release_due(at=NOON + seconds(10)), release_due(at=NOON + seconds(11))) == (1, 0)
    window.refresh_from_db()
    event = Event.objects.get(kind=kind)
    assert (window.phase.slug, event.actor, event.notify, event.update.body) == (phase, ada, True, "Words.")
    if deed == Deed.MOVE:
        assert window.window == (LATER["starts_at"], LATER["ends_at"])


def test_finishing_waits_and_releases_the_components_when_it_leaves(page: Page, ada: User, window: Maintenance) -> None:
    window.start(by="test", at=NOON - minutes(5))
    hold(page, Deed.FINISH, by=ada, incident=window)
    (row,) = window.affected.select_related("component")
    row.component.refresh_from_db()
    assert row.component.status == "under_maintenance"
    release_due(at=NOON + seconds(10))
    row.component.refresh_from_db()
    assert row.component.status == "operational"


def test_a_postmortem_is_written_and_published_when_it_leaves(page: Page, ada: User, ended: Incident) -> None:
    page.edit(further_languages=["de"], by="test", at=NOON - minutes(70))
    before = state()
    hold(page, Deed.POSTMORTEM, by=ada, incident=ended, translations={"de": "Worte."})
    assert (state(), ended.translations.count()) == (before, 0)
    assert release_due(at=NOON + seconds(10)) == 1
    report = Postmortem.objects.get()
    assert (report.body, report.published_at, ended.translations.get().text) == ("Words.", NOON + seconds(10), "Worte.")
    assert Event.objects.get(kind="postmortem.published").notify is True


def test_another_wording_of_a_postmortem_waits_as_well_and_tells_nobody(page: Page, ada: User, ended: Incident) -> None:
    report = Postmortem.write(incident=ended, draft="First.", by=ada, at=NOON - minutes(9))
    report.publish(by=ada, at=NOON - minutes(8))
    hold(page, Deed.POSTMORTEM, by=ada, incident=ended, translations={}, notify=False)
    report.refresh_from_db()
    assert (report.body, report.draft) == ("First.", "First.")
    release_due(at=NOON + seconds(10))
    report.refresh_from_db()
    assert report.body == "Words."
    assert list(Event.objects.filter(kind__startswith="postmortem.rev").values_list("notify", flat=True)) == [False]


@pytest.mark.parametrize("deed", [Deed.SCHEDULE, Deed.START, Deed.POSTMORTEM])
def test_taking_back_leaves_only_the_event_and_a_draft_of_its_kind(
    page: Page, ada: User, window: Maintenance, ended: Incident, deed: Deed
) -> None:
    about = {Deed.START: window, Deed.POSTMORTEM: ended}.get(deed)
    said: dict[str, Any] = {
        Deed.SCHEDULE: {"title": "Upgrade", **LATER},
        Deed.POSTMORTEM: {"translations": {}},
    }.get(deed, {})
    events, *rest = state()
    draft = hold(page, deed, by=ada, incident=about, **said).take_back(by=ada, at=NOON + seconds(5))
    assert draft is not None
    assert (draft.deed, draft.incident_id, draft.text) == (deed, about and about.pk, "Words.")
    assert [*state()][1:] == rest
    event = Event.objects.latest("pk")
    assert (Event.objects.count(), event.kind, event.payload["draft"]) == (events + 1, "update.taken_back", draft.code)
    assert release_due(at=NOON + minutes(1)) == 0


def test_the_draft_of_a_step_is_apart_from_that_of_the_next_update(page: Page, ada: User, window: Maintenance) -> None:
    Draft.keep(page=page, code=window.code, fields={"body": ["The next update."]}, by=ada, at=NOON)
    hold(page, Deed.START, by=ada, incident=window).take_back(by=ada, at=NOON + seconds(5))
    texts = {draft.deed: draft.text for draft in Draft.objects.all()}
    assert texts == {Deed.UPDATE: "The next update.", Deed.START: "Words."}
    hold(page, Deed.START, by=ada, incident=window, key="k2")
    assert [draft.deed for draft in Draft.objects.all()] == [Deed.UPDATE]


def test_what_the_verb_refuses_is_refused_before_it_is_held(page: Page, ada: User, window: Maintenance) -> None:
    with pytest.raises(WrongPhase):
        hold(page, Deed.FINISH, by=ada, incident=window)
    backwards = {"starts_at": LATER["ends_at"], "ends_at": LATER["starts_at"]}
    with pytest.raises(WindowEndsBeforeItStarts):
        hold(page, Deed.MOVE, by=ada, incident=window, **backwards)
    running = make_incident(page, at=NOON - minutes(5), title="Open")
    with pytest.raises(WrongPhase):
        hold(page, Deed.POSTMORTEM, by=ada, incident=running, translations={})
    assert not HeldPost.objects.exists()


def test_what_can_be_done_once_is_held_once(page: Page, ada: User, window: Maintenance) -> None:
    first = hold(page, Deed.START, by=ada, incident=window)
    assert hold(page, Deed.START, by=ada, incident=window) == first
    with pytest.raises(AlreadyHeld, match="ada has published that"):
        hold(page, Deed.START, by=make_staff(name="bob"), incident=window, key="k2")
    hold(page, Deed.CANCEL, by=ada, incident=window, key="k3", ends_series=True)
    first.take_back(by=ada, at=NOON + seconds(1))
    hold(page, Deed.START, by=ada, incident=window, key="k4")


def test_the_clock_waits_for_nobody_and_who_was_slower_has_the_text_as_a_draft(page: Page, ada: User) -> None:
    window = make_maintenance(page, at=NOON - minutes(60), starts_at=NOON + seconds(5))
    hold(page, Deed.START, by=ada, incident=window)
    run_due_maintenance(at=NOON + seconds(6))
    window.refresh_from_db()
    assert window.phase.slug == "in_progress", "what was announced for a moment begins at that moment"
    assert release_due(at=NOON + seconds(10)) == 0
    draft = Draft.objects.get()
    assert (draft.deed, draft.text) == (Deed.START, "Words.")
    assert "does not fit a maintenance that is in progress" in draft.refusal
    event = Event.objects.latest("pk")
    assert (event.kind, event.payload["deed"], event.payload["draft"]) == ("update.refused", "start", draft.code)


def test_a_component_that_is_gone_keeps_a_plan_from_leaving_and_the_text_is_a_draft(page: Page, ada: User) -> None:
    api = make_component(page)
    hold(page, Deed.SCHEDULE, by=ada, title="Upgrade", components=[api], **LATER)
    api.archive(by="colleague", at=NOON + seconds(2))
    assert release_due(at=NOON + seconds(10)) == 0
    draft = Draft.objects.get()
    assert (draft.deed, draft.code, draft.incident) == (Deed.SCHEDULE, "bbbbbbbbbbbb", None)
    assert not Maintenance.objects.exists()


def test_keeping_another_text_of_a_postmortem_ends_what_was_taken_back(page: Page, ada: User, ended: Incident) -> None:
    held = hold(page, Deed.POSTMORTEM, by=ada, incident=ended, translations={})
    held.take_back(by=ada, at=NOON + seconds(1))
    Postmortem.write(incident=ended, draft="Better words.", by=ada, at=NOON + minutes(1))
    assert not Draft.objects.exists()
