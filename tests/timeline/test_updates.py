"""Update.edit and Update.remove: nothing said is lost."""

import pytest

from incidents.models import Event, Update
from incidents.timeline.refusals import AlreadyRemoved, EmptyText, TimeInTheFuture
from tests.build import NOON, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_editing_keeps_every_former_version_and_mails_nobody() -> None:
    update = make_incident(make_page(), body="One.").updates.get()
    update.edit(body="Two.", by="ada", at=NOON + minutes(1))
    update.edit(body="Three.", by="ada", at=NOON + minutes(2))

    assert [revision.body for revision in update.revisions.all()] == ["One.", "Two."]
    assert (update.body, update.html) == ("Three.", "<p>Three.</p>")
    event = Event.objects.latest("seq")
    assert (event.kind, event.notify) == ("update.edited", False)


def test_moving_a_stamp_moves_the_story() -> None:
    page = make_page()
    incident = make_incident(page)
    update = incident.resolve(body="Over.", by="t", at=NOON + minutes(9))
    update.edit(posted_at=NOON + minutes(4), by="t", at=NOON + minutes(10))
    incident.refresh_from_db()
    assert incident.resolved_at == NOON + minutes(4)


def test_removing_takes_it_off_the_page_and_keeps_the_row_and_the_reason() -> None:
    page = make_page()
    incident = make_incident(page)
    wrong = incident.resolve(body="Over.", by="t", at=NOON + minutes(1))
    wrong.remove(by="ada", at=NOON + minutes(2), reason="Wrong incident.")

    incident.refresh_from_db()
    assert incident.phase.slug == "investigating"
    assert incident.resolved_at is None
    assert incident.updates.count() == 2
    assert Event.objects.latest("seq").payload["reason"] == "Wrong incident."


def test_bad_edits_are_refused_and_change_nothing() -> None:
    incident = make_incident(make_page(), body="One.")
    update = incident.updates.get()
    with pytest.raises(EmptyText):
        update.edit(body=" ", by="t", at=NOON)
    with pytest.raises(TimeInTheFuture):
        update.edit(posted_at=NOON + minutes(1), by="t", at=NOON)
    with pytest.raises(AlreadyRemoved):
        update.remove(by="t", at=NOON, reason="the only one")
    update.refresh_from_db()
    assert (update.body, update.removed_at, update.revisions.count()) == ("One.", None, 0)


def test_a_stamp_moved_past_the_promised_next_update_drops_the_promise() -> None:
    incident = make_incident(make_page(), next_update_due_at=NOON + minutes(5))
    update = incident.updates.get()
    update.edit(posted_at=NOON + minutes(6), by="t", at=NOON + minutes(9))
    assert update.next_update_due_at is None


def test_two_people_who_edit_at_once_lose_nothing_of_each_other() -> None:
    incident = make_incident(make_page(), body="One.")
    update = incident.updates.get()
    loaded = Update.objects.select_related("incident__page").get(pk=update.pk)
    update.edit(body="Two.", by="ada", at=NOON + minutes(1))
    incident.edit(title="Other title", by="ada", at=NOON + minutes(1))

    loaded.edit(next_update_due_at=NOON + minutes(30), by="bob", at=NOON + minutes(2))

    update.refresh_from_db()
    incident.refresh_from_db()
    assert (update.body, update.next_update_due_at) == ("Two.", NOON + minutes(30))
    assert incident.title == "Other title"
    assert [revision.body for revision in update.revisions.all()] == ["One.", "Two."]


def test_what_somebody_removed_meanwhile_is_not_brought_back() -> None:
    incident = make_incident(make_page())
    update = incident.post_update(body="Wrong.", by="t", at=NOON + minutes(1))
    first, second = (Update.objects.get(pk=update.pk) for _ in range(2))
    update.remove(reason="Wrong.", by="ada", at=NOON + minutes(2))

    with pytest.raises(AlreadyRemoved):
        first.edit(body="Right.", by="bob", at=NOON + minutes(3))
    with pytest.raises(AlreadyRemoved):
        second.remove(reason="Again.", by="bob", at=NOON + minutes(3))

    update.refresh_from_db()
    assert (update.body, update.removed_at) == ("Wrong.", NOON + minutes(2))
    assert Event.objects.filter(kind="update.removed").count() == 1
