"""Incidents made elsewhere that come in by one transaction are as if they had come one by one."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import Component, Event, Incident, Page, StatusChange, Update
from incidents.timeline.events import recorded, recording
from incidents.timeline.refusals import EmptyText, Refused
from incidents.timeline.restoring import (
    Outcome,
    RestoredChange,
    RestoredIncident,
    RestoredUpdate,
    WrittenHere,
    restore_component,
    restore_incident,
    restore_incidents,
)
from tests.build import NOON, make_component, make_incident, make_page, minutes
from tests.timeline.test_restoring import THEN, elsewhere, part, said

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def coded(number: int, *changes: RestoredChange, **fields: Any) -> RestoredIncident:
    """Return an incident of an hour, one day after the one of the number before."""
    begun = THEN + number * minutes(24 * 60)
    updates: tuple[RestoredUpdate, ...] = (
        said(1, "investigating", begun, *changes),
        said(2, "resolved", begun + minutes(60)),
    )
    times = {"started_at": begun, "created_at": begun, "updated_at": begun + minutes(60)}
    values = {**times, "resolved_at": begun + minutes(60), "updates": updates, **fields}
    return elsewhere(code=f"zzzzinci{number:04}", **values)


def without_end(record: RestoredIncident) -> RestoredIncident:
    return replace(record, phase="investigating", resolved_at=None, updates=record.updates[:1])


def together(records: list[RestoredIncident], page: Page) -> list[tuple[Incident, Outcome] | Refused]:
    return restore_incidents(records, page=page, by="import", at=NOON)


def seen(page: Page) -> dict[str, list[Any]]:
    """Return what the rows of a page say, without their keys."""
    of_page = {"incident__page": page}
    return {
        "incidents": list(page.incidents.order_by("pk").values_list("code", "title", "phase__slug", "updated_at")),
        "updates": list(Update.objects.filter(**of_page).order_by("pk").values_list("incident__code", "code", "html")),
        "steps": list(
            StatusChange.objects.filter(component__page=page)
            .order_by("pk")
            .values_list("component__name", "old", "new", "at", "update__code", "by_name")
        ),
        "affected": list(
            page.incidents.order_by("pk", "affected__pk").values_list(
                "code", "affected__component__name", "affected__worst"
            )
        ),
        "reports": list(page.incidents.order_by("pk").values_list("postmortem__body", "postmortem__published_at")),
        "events": list(page.events.order_by("seq").values_list("seq", "kind", "at", "payload")),
    }


def story(component: Component) -> list[RestoredIncident]:
    """Return incidents that meet: one never ended, one reported on, one that ends after another began."""
    down, worse = [RestoredChange(component.code, "operational", new) for new in ("partial_outage", "major_outage")]
    reported = coded(3, down, phase="postmortem", updated_at=NOON)
    report = said(3, "postmortem", NOON, body="Why it broke.")
    return [
        coded(1, down),
        without_end(coded(2, worse)),
        replace(reported, updates=(*reported.updates, report)),
        coded(4, worse),
        without_end(coded(5, down, updated_at=NOON)),
    ]


def test_together_they_become_the_rows_they_become_one_by_one() -> None:
    pages = [make_page(name=name, host=f"{name}.example.com") for name in ("one", "other")]
    for page, is_together in zip(pages, (True, False), strict=True):
        api, _ = restore_component(part(), page=page, by="import", at=NOON)
        for _ in range(2):
            if is_together:
                together(story(api), page)
            else:
                for record in story(api):
                    restore_incident(record, page=page, by="import", at=NOON)
    assert seen(pages[0]) == seen(pages[1])
    assert len(seen(pages[0])["steps"]) > len(story(api))


def test_of_those_that_are_there_only_what_is_newer_changes() -> None:
    page = make_page()
    api = make_component(page)
    down = RestoredChange(api.code, "operational", "partial_outage")
    together([coded(1), coded(2, down), coded(3)], page)
    newer = coded(2, down, title="It was worse", updated_at=NOON)
    outcomes = [answer[1] for answer in together([coded(1), newer, coded(4)], page) if not isinstance(answer, Refused)]
    assert outcomes == [Outcome.UNCHANGED, Outcome.CHANGED, Outcome.NEW]
    assert Incident.objects.get(code=newer.code).title == "It was worse"
    assert api.status_changes.count() == 2
    assert Event.objects.filter(kind="incident.imported").count() == 3 + 2


def test_one_that_is_refused_keeps_nobody_back() -> None:
    page = make_page()
    mine = make_incident(page)
    answers = together([coded(1), coded(2, title=" "), elsewhere(code=mine.code), coded(4)], page)
    assert [type(answer) for answer in answers] == [tuple, EmptyText, WrittenHere, tuple]
    assert set(Incident.objects.exclude(imported_from="").values_list("code", flat=True)) == {
        coded(1).code,
        coded(4).code,
    }
    seqs = list(Event.objects.filter(page=page).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_where_a_listener_refuses_none_is_written() -> None:
    page = make_page()

    def refuse(**signal: Any) -> None:
        if signal["event"].payload.get("incident") == coded(2).code:
            raise EmptyText("Not this one.", field="title")

    recording.connect(refuse)
    try:
        with pytest.raises(EmptyText):
            together([coded(1), coded(2)], page)
    finally:
        recording.disconnect(refuse)
    assert not Incident.objects.exists()
    assert not Event.objects.filter(kind="incident.imported").exists()


def test_those_who_wake_are_told_once(django_capture_on_commit_callbacks: Any) -> None:
    page = make_page()
    told: list[int] = []

    def hear(**signal: Any) -> None:
        told.append(signal["event_id"])

    recorded.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            together([coded(1), coded(2), coded(3)], page)
    finally:
        recorded.disconnect(hear)
    assert told == [Event.objects.latest("seq").pk]


def test_twenty_need_no_more_statements_than_two() -> None:
    page = make_page()
    down = RestoredChange(make_component(page).code, "operational", "partial_outage")

    def statements(records: list[RestoredIncident]) -> int:
        with CaptureQueriesContext(connection) as captured:
            together(records, page)
        return len(captured)

    assert statements([coded(number, down) for number in range(20)]) == statements([coded(98, down), coded(99, down)])
