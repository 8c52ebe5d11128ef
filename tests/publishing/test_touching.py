"""An event touches every document it changes; what it does not touch is not made again and would be stale."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.guide.models import Entry, EntryLink
from incidents.publishing.catalogue import touched_documents
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.touching import touched_by
from incidents.timeline.models import Component, Incident, Maintenance, Page, Postmortem
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.guide.making import make_entry
from tests.publishing.making import all_documents

pytestmark = pytest.mark.django_db

LATER = re.compile(r"/og/|/sitemap\.xml$")
"""Old pictures stay where they are; the sitemap is made anew once a day."""

LATER_FOR_A_NEW_COMPONENT = re.compile(r"/history\.json\?page=")
"""A component that did not exist then is no news for older months, where it is only offered as a filter."""

READ_AT = NOON + minutes(120)


class Story:
    """A page on which much has happened, and something is under way."""

    def __init__(self) -> None:
        self.page: Page = make_page(at=NOON - timedelta(days=400))
        group = make_group(self.page)
        self.api: Component = make_component(self.page, group=group)
        self.web: Component = make_component(self.page, name="Web", group=group)
        self.dns: Component = make_component(self.page, name="DNS")
        self.vault: Component = make_component(self.page, name="Vault", visibility="staff")
        self.old: Incident = make_incident(self.page, at=NOON - timedelta(days=200), title="Old")
        self.old.resolve(body="Over.", by="test", at=NOON - timedelta(days=200))
        self.open: Incident = make_incident(self.page, components={self.api: "major_outage"})
        self.draft: Incident = Incident.prepare(page=self.page, title="Draft", by="test", at=NOON)
        self.ahead: Maintenance = make_maintenance(self.page, components=[self.web])
        self.entry: Entry = make_entry(self.page, components=("API",))
        self.other: Entry = make_entry(self.page, title="Other", messages=("Nobody is at home here",))
        make_entry(self.page, title="Third", messages=())


AT = NOON + minutes(30)
VERBS: dict[str, Callable[[Story], object]] = {
    "post an update": lambda s: s.open.post_update(
        body="More.", by="test", at=AT, components={s.web: "partial_outage"}
    ),
    "quote an error": lambda s: s.open.post_update(body="Nobody is at home here.", by="test", at=AT),
    "add an entry": lambda s: make_entry(s.page, at=AT, title="Fourth", code="503", components=("API",)),
    "edit an entry": lambda s: s.entry.edit(contents=replace(s.entry.contents, title="New words"), by="test", at=AT),
    "rename an entry": lambda s: s.entry.edit(contents=replace(s.entry.contents, slug="new"), by="test", at=AT),
    "withdraw an entry": lambda s: s.entry.withdraw(by="test", at=AT),
    "link an entry": lambda s: EntryLink.say(entry=s.other, incident=s.open, verdict="causes", by="test", at=AT),
    "part an entry": lambda s: EntryLink.say(entry=s.entry, incident=s.open, verdict="unrelated", by="test", at=AT),
    "resolve": lambda s: s.open.resolve(body="Over.", by="test", at=AT),
    "reopen": lambda s: s.old.post_update(body="Again.", by="test", at=AT, phase=s.page.phase("investigating")),
    "edit an incident": lambda s: s.old.edit(title="Older", by="test", at=AT),
    "edit an update": lambda s: s.old.updates.get(phase__slug="resolved").edit(body="Done.", by="test", at=AT),
    "move an update": lambda s: s.old.updates.get(phase__slug="resolved").edit(
        posted_at=NOON - timedelta(days=100), by="test", at=AT
    ),
    "remove an update": lambda s: s.old.updates.get(phase__slug="resolved").remove(by="test", at=AT, reason="Wrong"),
    "write a postmortem": lambda s: Postmortem.write(incident=s.old, draft="Because.", by="test", at=AT).publish(
        by="test", at=AT
    ),
    "open a draft": lambda s: s.draft.post_update(body="So it is.", by="test", at=AT),
    "open an incident": lambda s: make_incident(s.page, at=AT, title="New", components={s.dns: "degraded_performance"}),
    "start a maintenance": lambda s: s.ahead.start(by="test", at=AT),
    "cancel a maintenance": lambda s: s.ahead.cancel(body="No.", by="test", at=AT),
    "move a maintenance": lambda s: s.ahead.move(
        starts_at=NOON + timedelta(days=9), ends_at=NOON + timedelta(days=10), body="Later.", by="test", at=AT
    ),
    "set a state": lambda s: s.api.set_status("partial_outage", by="test", at=AT),
    "set a state only staff see": lambda s: s.vault.set_status("major_outage", by="test", at=AT),
    "correct history": lambda s: s.dns.correct_history(
        starts_at=NOON - timedelta(days=3),
        ends_at=NOON - timedelta(days=2),
        status="major_outage",
        reason="x",
        by="test",
        at=AT,
    ),
    "rename a component": lambda s: s.api.edit(name="Interface", by="test", at=AT),
    "show a hidden component": lambda s: s.vault.edit(visibility="public", by="test", at=AT),
    "archive a component": lambda s: s.api.archive(by="test", at=AT),
    "add a component": lambda s: make_component(s.page, name="Search"),
    "rename the page": lambda s: s.page.edit(name="Acme Ltd", by="test", at=AT),
    "move the page": lambda s: s.page.edit(time_zone="Asia/Tokyo", by="test", at=AT),
}


def documents(page: Page) -> dict[str, bytes]:
    """Return every document by path as made now; pages name the moment the page last changed, which is no news."""
    page.refresh_from_db()
    fresh = Readings(page, seen_at=READ_AT)
    found = {}
    for recipe in all_documents(fresh):
        try:
            found[recipe.path] = recipe.make(fresh)
        except NothingThere:
            continue
    return found


@pytest.mark.parametrize("name", VERBS)
def test_an_event_touches_what_it_changes(name: str) -> None:
    story = Story()
    page = story.page
    before = documents(page)
    seq = page.last_seq
    VERBS[name](story)
    after = documents(page)
    touched = touched_by(page, page.events.filter(seq__gt=seq), seen_at=READ_AT)
    assert touched is not None
    remade = {recipe.path for recipe in touched_documents(Readings(page, seen_at=READ_AT), touched)}
    changed = {path for path in after if after[path] != before.get(path)}
    gone = set() if touched.everything else before.keys() - after.keys()
    stale = {path for path in (changed | gone) - remade if not LATER.match(path)}
    if name == "add a component":
        stale = {path for path in stale if not LATER_FOR_A_NEW_COMPONENT.match(path)}
    assert sorted(stale) == []
