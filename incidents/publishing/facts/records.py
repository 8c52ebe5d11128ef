"""The rows compatible APIs tell, without what only staff may see."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from zoneinfo import ZoneInfo

from incidents.lib.site import page_address
from incidents.lib.time_tokens import in_words
from incidents.publishing.facts.documents import NothingThere
from incidents.publishing.facts.rows import IncidentRow, Rows, UpdateRow
from incidents.publishing.records import (
    ChangeRecord,
    ComponentRecord,
    GroupRecord,
    IncidentRecord,
    NowRecords,
    PageRecord,
    RecentRecords,
    UpdateRecord,
)
from incidents.timeline.models import Component, ComponentChange, Page
from incidents.timeline.models.kinds import IncidentQuerySet

RECENT = 50
"""Incidents in a list of Statuspage; older ones are in `/history.json` and have a document each."""


def page_record(page: Page) -> PageRecord:
    """Return the page."""
    return PageRecord(page.code, page.name, page_address(page.host), page.zone, page.updated_at)


def now_records(rows: Rows) -> NowRecords:
    """Return how things stand on the page."""
    components, groups = _component_records(rows)
    standing = _told(rows.public.filter(rows.is_open), rows)
    return NowRecords(
        page=page_record(rows.page),
        components=components,
        groups=groups,
        unresolved=tuple(one for one in standing if one.scheduled_for is None),
        maintenances=tuple(one for one in standing if one.scheduled_for is not None),
    )


def recent_incidents(rows: Rows) -> RecentRecords:
    """Return the newest incidents, open or not, without maintenances."""
    return RecentRecords(page_record(rows.page), _told(_newest(rows.public.incidents()), rows))


def recent_maintenances(rows: Rows) -> RecentRecords:
    """Return the newest maintenances, over or not."""
    return RecentRecords(page_record(rows.page), _told(_newest(rows.public.maintenances()), rows))


def incident_record(rows: Rows, code: str) -> RecentRecords:
    """Return one incident or maintenance, however old. Raises NothingThere."""
    row = rows.incident(code)
    if row is None:
        raise NothingThere(code)
    return RecentRecords(page_record(rows.page), (_incident(row, rows.page.zone),))


def _component_records(rows: Rows) -> tuple[tuple[ComponentRecord, ...], tuple[GroupRecord, ...]]:
    """Return the public components and the groups that have any."""
    told = {row.pk: _component(row) for row in rows.components}
    groups = {row.group.pk: row.group for row in rows.components if row.group}
    members: dict[int | None, list[ComponentRecord]] = defaultdict(list)
    for row in rows.components:
        members[row.group_id].append(told[row.pk])
    return tuple(told.values()), tuple(
        GroupRecord(
            code=group.code,
            name=group.name,
            position=group.position,
            created_at=group.created_at,
            updated_at=group.updated_at,
            members=tuple(sorted(members[key], key=attrgetter("position"))),
            description=group.description,
        )
        for key, group in groups.items()
    )


def _newest(incidents: IncidentQuerySet) -> IncidentQuerySet:
    return incidents.order_by("-created_at", "-pk")[:RECENT]


def _told(wanted: IncidentQuerySet, rows: Rows) -> tuple[IncidentRecord, ...]:
    """Return incidents, newest first, in a fixed number of queries however many there are."""
    records = (_incident(row, rows.page.zone) for row in rows.incidents(wanted))
    return tuple(sorted(records, key=attrgetter("created_at"), reverse=True))


def _incident(told: IncidentRow, zone: ZoneInfo) -> IncidentRecord:
    row = told.incident
    updates = tuple(_update(one, zone) for one in told.updates if one.update.removed_at is None)
    # Of a component that is gone, an incident keeps what its updates said, not the component (seen in captures).
    components = (_component(one.component) for one in told.affected if one.component.archived_at is None)
    return IncidentRecord(
        code=row.code,
        name=row.title,
        status=row.phase.canonical,
        impact=row.impact,
        created_at=row.created_at,
        updated_at=row.updated_at,
        # The impact of a maintenance begins with its window; what was started earlier is its telling.
        started_at=row.first_update_at or row.created_at if row.is_maintenance else row.impact_started_at,
        monitoring_at=row.monitoring_at,
        resolved_at=row.resolved_at,
        updates=updates,
        components=tuple(sorted(components, key=attrgetter("position", "name"))),
        scheduled_for=row.scheduled_for if row.is_maintenance else None,
        scheduled_until=row.scheduled_until if row.is_maintenance else None,
    )


def _update(told: UpdateRow, zone: ZoneInfo) -> UpdateRecord:
    row = told.update
    return UpdateRecord(
        code=row.code,
        status=row.phase.canonical,
        body=in_words(row.body, zone),
        created_at=row.created_at,
        updated_at=row.updated_at,
        posted_at=row.posted_at,
        changes=tuple(_changes(told.changes)),
        notify=row.notify,
    )


def _changes(rows: Iterable[ComponentChange]) -> Iterable[ChangeRecord]:
    return (ChangeRecord(one.component.code, one.component.full_name, one.old, one.new) for one in rows)


def _component(row: Component) -> ComponentRecord:
    return ComponentRecord(
        code=row.code,
        name=row.name,
        status=row.status,
        position=row.position,
        created_at=row.created_at,
        updated_at=row.updated_at,
        description=row.description,
        showcase=row.showcase,
        started_on=row.started_on,
        group=row.group.code if row.group else "",
        only_show_if_degraded=row.only_show_if_degraded,
    )
