"""What is held is on no public page, in no feed, no API and no mail."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.notifications.models import Delivery, FanOut
from incidents.notifications.sweeping import sweep as sweep_mail
from incidents.publishing.follower import sweep
from incidents.publishing.library import Library
from incidents.publishing.models import Document
from incidents.timeline.holding import release_due
from incidents.timeline.models import Deed, Event, HeldPost, Incident
from tests.build import (
    make_component,
    make_incident,
    make_maintenance,
    make_page,
    make_staff,
    make_subscriber,
    minutes,
    seconds,
)
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def hold(incident: Incident) -> HeldPost:
    (api,) = [row.component for row in incident.affected.all()]
    return HeldPost.hold(
        page=incident.page,
        deed=Deed.UPDATE,
        incident=incident,
        arguments={"body": "Found it.", "components": {api: "major_outage"}},
        request_key="one",
        by=make_staff(),
        at=now(),
    )


def everything(reader: Reader) -> dict[str, bytes]:
    reader.library.look_around()
    replies = {path: reader.get(path) for path in Document.objects.values_list("path", flat=True)}
    assert {reply.status for reply in replies.values()} == {200}
    return {path: reply.body for path, reply in replies.items()}


@pytest.fixture
def incident(library: Library) -> Incident:
    page = make_page(at=now() - timedelta(days=3), hold_seconds=10)
    make_subscriber(page, at=now() - timedelta(hours=1))
    incident = make_incident(page, at=now() - minutes(20), components={make_component(page): "partial_outage"})
    sweep()
    sweep_mail()
    return incident


def test_c05_nothing_public_changes_before_the_hold_ends_and_undo_leaves_no_trace_but_the_audit_line(
    incident: Incident, reader: Reader
) -> None:
    before, events = everything(reader), Event.objects.count()
    told = (Delivery.objects.count(), FanOut.objects.count())
    held = hold(incident)
    sweep()
    sweep_mail()
    assert everything(reader) == before
    assert (Event.objects.count(), Delivery.objects.count(), FanOut.objects.count()) == (events, *told)

    held.take_back(by="ada", at=now())
    sweep()
    sweep_mail()
    assert everything(reader) == before
    assert (Delivery.objects.count(), FanOut.objects.count()) == told
    assert [event.kind for event in Event.objects.order_by("pk")[events:]] == ["update.taken_back"]
    assert not HeldPost.objects.exists()


def test_c05_of_maintenance_and_of_a_postmortem_nothing_is_public_before_they_leave(
    incident: Incident, reader: Reader
) -> None:
    page, ada = incident.page, make_staff()
    window = make_maintenance(page, at=now() - minutes(10), notify=False)
    over = make_incident(page, at=now() - minutes(50), title="Bad day", notify=False)
    over.resolve(body="Over.", by="test", at=now() - minutes(40), notify=False)
    sweep()
    sweep_mail()
    before, told = everything(reader), (Delivery.objects.count(), FanOut.objects.count())
    later = {"starts_at": now() + timedelta(days=3), "ends_at": now() + timedelta(days=4)}
    said: list[tuple[Deed, Incident | None, dict[str, Any]]] = [
        (Deed.SCHEDULE, None, {"title": "Found it.", **later}),
        (Deed.START, window, {}),
        (Deed.POSTMORTEM, over, {"translations": {}}),
    ]
    for deed, about, arguments in said:
        arguments = {"body": "Found it.", "notify": True, **arguments}
        HeldPost.hold(page=page, deed=deed, incident=about, arguments=arguments, request_key=deed, by=ada, at=now())
    sweep()
    sweep_mail()
    assert everything(reader) == before
    assert (Delivery.objects.count(), FanOut.objects.count()) == told
    assert release_due(at=now() + seconds(10)) == 3
    sweep_mail()
    changed = everything(reader)
    for path in ("/", f"/incidents/{window.code}", f"/incidents/{over.code}", "/history.rss", "/history.atom"):
        assert b"Found it." in changed[path], path
    assert Delivery.objects.filter(event__update__body="Found it.").count() == 3


def test_c06_when_its_time_has_come_all_of_it_leaves_whoever_looks(incident: Incident, reader: Reader) -> None:
    hold(incident)
    release_due(at=now() + seconds(10))
    sweep_mail()
    changed = everything(reader)
    for path in ("/", f"/incidents/{incident.code}", "/history.rss", "/history.atom", "/api/v2/summary.json"):
        assert b"Found it." in changed[path], path
    assert b"Major outage" in changed["/"]
    assert Delivery.objects.filter(event__update__body="Found it.").count() == 1
