"""Restoring history that was made elsewhere."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.models import Component, Event, Incident, Page, Postmortem, StatusChange, Update
from incidents.timeline.refusals import (
    DuplicateName,
    EmptyText,
    ForeignComponent,
    Refused,
    ResolvedBeforeStart,
    TextTooLong,
    UnknownPhase,
    UnknownStatus,
    UnknownTimeZone,
    WindowEndsBeforeItStarts,
)
from incidents.timeline.restoring import (
    ImplausibleTime,
    Outcome,
    RestoredChange,
    RestoredComponent,
    RestoredGroup,
    RestoredIncident,
    RestoredPage,
    RestoredUpdate,
    UnusableCode,
    WrittenHere,
    restore_component,
    restore_group,
    restore_incident,
    restore_page,
)
from tests.build import NOON, make_component, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

THEN = NOON - timedelta(days=400)
CODE = "zzzzinci0001"


def said(number: int, phase: str, at: datetime, *changes: RestoredChange, **fields: Any) -> RestoredUpdate:
    fields.setdefault("body", f"Update {number}.")
    return RestoredUpdate(
        f"zzzzupdt{number:04}", phase, posted_at=at, created_at=at, updated_at=at, changes=changes, **fields
    )


def elsewhere(*changes: RestoredChange, **fields: Any) -> RestoredIncident:
    """Return an incident of an hour, 400 days before NOON."""
    fields.setdefault("updates", (said(1, "investigating", THEN, *changes), said(2, "resolved", THEN + minutes(60))))
    values: dict[str, Any] = {
        "code": CODE,
        "origin": "elsewhere",
        "title": "Something broke",
        "phase": "resolved",
        "impact": "major",
        "started_at": THEN,
        "created_at": THEN,
        "updated_at": THEN + minutes(60),
        "resolved_at": THEN + minutes(60),
        **fields,
    }
    return RestoredIncident(**values)


def restore(record: RestoredIncident, page: Page) -> tuple[Incident, Outcome]:
    return restore_incident(record, page=page, by="import", at=NOON)


def part(code: str = "zzzzcomp0001", **fields: Any) -> RestoredComponent:
    values: dict[str, Any] = {"name": "API", "status": "operational", "created_at": THEN, "updated_at": THEN}
    return RestoredComponent(code=code, **{**values, **fields})


def down(component: Component, old: str = "operational", new: str = "major_outage") -> RestoredChange:
    return RestoredChange(component.code, old, new)


def test_an_incident_keeps_code_times_and_impact_and_tells_nobody() -> None:
    page = make_page()
    incident, outcome = restore(elsewhere(), page)
    assert outcome == Outcome.NEW
    incident.refresh_from_db()
    assert (incident.code, incident.impact, incident.imported_from) == (CODE, "major", "elsewhere")
    assert (incident.created_at, incident.resolved_at) == (THEN, THEN + minutes(60))
    assert incident.is_public
    assert not incident.updates.filter(notify=True).exists()
    event = Event.objects.get(kind="incident.imported")
    assert (event.notify, event.update, event.at, event.actor_name) == (False, None, NOON, "import")


def test_a_second_time_nothing_happens() -> None:
    page = make_page()
    restore(elsewhere(), page)
    events = Event.objects.count()
    assert restore(elsewhere(), page)[1] == Outcome.UNCHANGED
    assert Event.objects.count() == events


def test_a_newer_version_brings_its_changes_and_keeps_the_rest() -> None:
    page = make_page()
    first, _ = restore(elsewhere(), page)
    later = said(3, "postmortem", THEN + minutes(600), body="Why it broke.")
    newer = elsewhere(
        phase="postmortem",
        title="Something broke badly",
        updated_at=THEN + minutes(600),
        updates=(*elsewhere().updates, later),
    )
    incident, outcome = restore(newer, page)
    assert outcome == Outcome.CHANGED
    assert incident.pk == first.pk
    assert incident.title == "Something broke badly"
    assert incident.updates.count() == 3
    assert Postmortem.objects.get().body == "Why it broke."
    assert Postmortem.objects.get().published_at == THEN + minutes(600)


def test_what_staff_changed_here_stays() -> None:
    page = make_page()
    incident, _ = restore(elsewhere(), page)
    incident.edit(title="What it really was", by="ada", at=NOON)
    assert restore(elsewhere(title="Other"), page)[1] == Outcome.UNCHANGED
    incident.refresh_from_db()
    assert incident.title == "What it really was"


def test_an_update_edited_here_keeps_its_text_when_the_source_goes_on() -> None:
    page = make_page()
    restore(elsewhere(), page)
    Update.objects.get(code="zzzzupdt0001").edit(body="Better words.", by="ada", at=NOON)
    going_on = elsewhere(updated_at=NOON + minutes(1), updates=(*elsewhere().updates, said(3, "resolved", NOON)))
    restore(going_on, page)
    assert Update.objects.get(code="zzzzupdt0001").body == "Better words."
    assert Update.objects.count() == 3


def test_an_incident_written_here_is_never_overwritten() -> None:
    page = make_page()
    mine = make_incident(page)
    with pytest.raises(WrittenHere):
        restore(elsewhere(code=mine.code), page)


def test_states_follow_the_updates_and_end_with_the_incident() -> None:
    page = make_page()
    api = make_component(page)
    record = elsewhere(
        updates=(
            said(1, "investigating", THEN, down(api)),
            said(2, "identified", THEN + minutes(20), down(api, "degraded_performance", "degraded_performance")),
            said(3, "resolved", THEN + minutes(60), down(api, "degraded_performance", "degraded_performance")),
        )
    )
    incident, _ = restore(record, page)
    assert list(api.status_changes.values_list("old", "new", "at")) == [
        ("operational", "major_outage", THEN),
        ("major_outage", "degraded_performance", THEN + minutes(20)),
        ("degraded_performance", "operational", THEN + minutes(60)),
    ]
    assert incident.affected.get().worst == "major_outage"
    api.refresh_from_db()
    assert api.status == "operational"


def test_a_component_that_was_only_named_took_no_step() -> None:
    page = make_page()
    api = make_component(page)
    incident, _ = restore(elsewhere(down(api, "operational", "operational")), page)
    assert not api.status_changes.exists()
    assert incident.affected.get().component == api


def test_a_report_after_the_end_does_not_prolong_the_outage() -> None:
    page = make_page()
    api = make_component(page)
    report = said(3, "postmortem", THEN + timedelta(days=8))
    updates = (*elsewhere(down(api)).updates, report)
    restore(elsewhere(phase="postmortem", updates=updates, updated_at=THEN + timedelta(days=8)), page)
    assert list(api.status_changes.values_list("at", flat=True)) == [THEN, THEN + minutes(60)]


def test_an_open_incident_leaves_history_at_the_present_state() -> None:
    page = make_page()
    restored, _ = restore_component(part(), page=page, by="import", at=NOON)
    record = elsewhere(down(restored), phase="investigating", resolved_at=None)
    restore(replace(record, updates=record.updates[:1]), page)
    latest = restored.status_changes.order_by("-at", "-pk")[0]
    assert latest.new == restored.status == "operational"


def test_staff_can_go_on_with_an_imported_incident() -> None:
    page = make_page()
    api = make_component(page)
    record = elsewhere(down(api), phase="investigating", resolved_at=None, started_at=THEN + minutes(5))
    incident, _ = restore(replace(record, updates=record.updates[:1]), page)
    incident.resolve(body="Over.", by="ada", at=NOON)
    incident.refresh_from_db()
    assert incident.resolved_at == NOON
    assert incident.impact == "major"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("**Bold** & plain", "<p><strong>Bold</strong> &amp; plain</p>"),
        ("<ul><li>one</li>\n<li>two</li></ul>", "<ul><li>one</li>\n<li>two</li></ul>"),
        ("one<br /><br />two", "one<br><br>two"),
        ('see <a href="https://example.com">this</a>\nnow', "this</a><br>\nnow"),
        ("one<br />\n<script>alert(1)</script>", "one<br>\n"),
        ("a < b and List<int> > c", "<p>a &lt; b and List&lt;int&gt; &gt; c</p>"),
    ],
)
def test_markup_from_elsewhere_is_kept_and_made_harmless(body: str, html: str) -> None:
    page = make_page()
    restore(elsewhere(updates=(said(1, "resolved", THEN, body=body),)), page)
    update = Update.objects.get()
    assert update.body == body
    assert html.strip() in update.html
    assert "script" not in update.html


REFUSED: dict[str, tuple[dict[str, Any], type[Refused]]] = {
    "odd code": ({"code": "x"}, UnusableCode),
    "upper case code": ({"code": "ZZZZINCI0001"}, UnusableCode),
    "blank title": ({"title": " \u200b"}, EmptyText),
    "long title": ({"title": "x" * 256}, TextTooLong),
    "no updates": ({"updates": ()}, EmptyText),
    "long body": ({"updates": (said(1, "resolved", THEN, body="x" * 25_001),)}, TextTooLong),
    "long report": ({"updates": (said(1, "postmortem", THEN, body="x" * 100_001),)}, TextTooLong),
    "twins": ({"updates": (said(1, "resolved", THEN), said(1, "resolved", THEN))}, DuplicateName),
    "unknown phase": ({"phase": "broken"}, UnknownPhase),
    "phase of a maintenance": ({"phase": "completed"}, UnknownPhase),
    "unknown impact": ({"impact": "dire"}, UnknownStatus),
    "unknown component": ({"components": ("zzzzcomp0009",)}, ForeignComponent),
    "no zone": ({"created_at": datetime(2025, 1, 1)}, ImplausibleTime),  # noqa: DTZ001
    "too early": ({"started_at": THEN - timedelta(days=20_000)}, ImplausibleTime),
    "too late": ({"updated_at": NOON + timedelta(days=2)}, ImplausibleTime),
    "end before start": ({"resolved_at": THEN - minutes(1)}, ResolvedBeforeStart),
    "window back to front": (
        {"scheduled_for": THEN, "scheduled_until": THEN, "phase": "completed"},
        WindowEndsBeforeItStarts,
    ),
    "window without end": ({"scheduled_for": THEN, "phase": "completed"}, WindowEndsBeforeItStarts),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_and_changes_nothing(name: str) -> None:
    fields, refusal = REFUSED[name]
    page = make_page()
    with pytest.raises(refusal):
        restore(elsewhere(**fields), page)
    assert not Incident.objects.exists()
    assert not Event.objects.filter(kind="incident.imported").exists()


def test_an_end_before_the_start_is_kept_where_the_incident_was_created_before_it() -> None:
    page = make_page()
    incident, _ = restore(elsewhere(started_at=THEN + minutes(90)), page)
    assert incident.resolved_at is not None
    assert incident.resolved_at < incident.impact_started_at


def test_a_maintenance_keeps_its_window_and_does_not_start_by_itself() -> None:
    page = make_page()
    ahead = NOON + timedelta(days=5)
    record = elsewhere(
        phase="scheduled",
        impact="maintenance",
        resolved_at=None,
        scheduled_for=ahead,
        scheduled_until=ahead + minutes(60),
        updates=(said(1, "scheduled", THEN),),
    )
    maintenance, _ = restore(record, page)
    assert maintenance.is_maintenance
    assert (maintenance.scheduled_for, maintenance.impact_started_at) == (ahead, ahead)
    assert not maintenance.auto_start
    assert Event.objects.latest("seq").kind == "maintenance.imported"


def test_a_group_and_its_component_are_restored_once() -> None:
    page = make_page()
    group = RestoredGroup("zzzzgrup0001", "Core", created_at=THEN, updated_at=THEN)
    inside = part(group="zzzzgrup0001", status="partial_outage", updated_at=THEN + minutes(1))
    outcomes = []
    for _ in range(2):
        outcomes.append(restore_group(group, page=page, by="import", at=NOON)[1])
        outcomes.append(restore_component(inside, page=page, by="import", at=NOON)[1])
    assert outcomes == [Outcome.NEW, Outcome.NEW, Outcome.UNCHANGED, Outcome.UNCHANGED]
    component = Component.objects.get()
    assert component.full_name == "Core - API"
    assert component.status == "partial_outage"
    change = StatusChange.objects.get()
    assert (change.old, change.new, change.at) == ("operational", "partial_outage", THEN + minutes(1))


def test_a_component_changed_here_since_stays() -> None:
    page = make_page()
    component, _ = restore_component(part(), page=page, by="import", at=NOON)
    component.edit(name="Public API", by="ada", at=NOON)
    newer_elsewhere = part(name="The API", updated_at=NOON - minutes(1))
    assert restore_component(newer_elsewhere, page=page, by="import", at=NOON)[1] == Outcome.UNCHANGED
    component.refresh_from_db()
    assert component.name == "Public API"


def test_a_component_that_is_only_named_never_changes_one_that_is_there() -> None:
    page = make_page()
    restore_component(part(), page=page, by="import", at=NOON)
    named = part(name="Core - API", updated_at=NOON, archived_at=NOON, is_only_named=True)
    component, outcome = restore_component(named, page=page, by="import", at=NOON)
    assert outcome == Outcome.UNCHANGED
    assert component.archived_at is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": ""}, EmptyText),
        ({"description": "x" * 2_001}, TextTooLong),
        ({"status": "melted"}, UnknownStatus),
        ({"group": "zzzzgrup0009"}, ForeignComponent),
        ({"code": "api"}, UnusableCode),
        ({"created_at": THEN - timedelta(days=20_000)}, ImplausibleTime),
    ],
)
def test_a_component_that_cannot_be_is_refused(fields: dict[str, Any], refusal: type[Refused]) -> None:
    page = make_page()
    with pytest.raises(refusal):
        restore_component(part(**fields), page=page, by="import", at=NOON)
    assert not Component.objects.exists()


def test_a_page_is_made_once_and_then_staffs_own() -> None:
    record = RestoredPage("zzzzpage0001", "Elsewhere", "Europe/Berlin")
    page, outcome = restore_page(record, by="import", at=NOON)
    assert (outcome, page.code, page.time_zone) == (Outcome.NEW, "zzzzpage0001", "Europe/Berlin")
    page.edit(name="Here", by="ada", at=NOON)
    again, outcome = restore_page(record, by="import", at=NOON)
    assert (outcome, again.name) == (Outcome.UNCHANGED, "Here")


@pytest.mark.parametrize(
    ("record", "refusal"),
    [
        (RestoredPage("zzzzpage0001", " "), EmptyText),
        (RestoredPage("page", "Name"), UnusableCode),
        (RestoredPage("zzzzpage0001", "Name", "Mars/Base"), UnknownTimeZone),
    ],
)
def test_a_page_that_cannot_be_is_refused(record: RestoredPage, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        restore_page(record, by="import", at=NOON)
    assert not Page.objects.exists()
