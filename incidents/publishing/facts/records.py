"""The rows compatible APIs tell, without what only staff may see."""

from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Prefetch

from incidents.lib.site import page_address
from incidents.publishing.facts.documents import NothingThere
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
from incidents.timeline.models import Affected, Component, ComponentChange, Incident, Page, Update, Visibility
from incidents.timeline.models.kinds import IncidentQuerySet

RECENT = 50
"""Incidents in a list of Statuspage; older ones are in `/history.json` and have a document each."""


def page_record(page: Page) -> PageRecord:
    """Return the page."""
    return PageRecord(page.code, page.name, page_address(page.host), page.zone, page.updated_at)


def now_records(page: Page) -> NowRecords:
    """Return how things stand on `page`."""
    components, groups = component_records(page)
    standing = _told(Incident.objects.on(page).open())
    return NowRecords(
        page=page_record(page),
        components=components,
        groups=groups,
        unresolved=tuple(one for one in standing if one.scheduled_for is None),
        maintenances=tuple(one for one in standing if one.scheduled_for is not None),
    )


def recent_incidents(page: Page) -> RecentRecords:
    """Return the newest incidents, open or not, without maintenances."""
    newest = _newest(Incident.objects.on(page).public().incidents())[:RECENT]
    return RecentRecords(page_record(page), _told(newest))


def recent_maintenances(page: Page) -> RecentRecords:
    """Return the newest maintenances, over or not."""
    newest = _newest(Incident.objects.on(page).public().maintenances())[:RECENT]
    return RecentRecords(page_record(page), _told(newest))


def incident_record(page: Page, code: str) -> RecentRecords:
    """Return one incident or maintenance, however old. Raises NothingThere."""
    found = _told(Incident.objects.on(page).public().filter(code=code))
    if not found:
        raise NothingThere(code)
    return RecentRecords(page_record(page), found)


def component_records(page: Page) -> tuple[tuple[ComponentRecord, ...], tuple[GroupRecord, ...]]:
    """Return the public components of `page` and the groups that have any."""
    rows = list(Component.objects.on(page).public().select_related("group"))
    told = {row.pk: _component(row) for row in rows}
    groups = {row.group.pk: row.group for row in rows if row.group}
    members = {
        key: tuple(sorted((told[row.pk] for row in rows if row.group_id == key), key=attrgetter("position")))
        for key in groups
    }
    return tuple(told.values()), tuple(
        GroupRecord(
            code=group.code,
            name=group.name,
            position=group.position,
            created_at=group.created_at,
            updated_at=group.updated_at,
            members=members[key],
            description=group.description,
        )
        for key, group in groups.items()
    )


def _newest(incidents: IncidentQuerySet) -> IncidentQuerySet:
    return incidents.order_by("-created_at", "-pk")


def _told(incidents: IncidentQuerySet) -> tuple[IncidentRecord, ...]:
    """Return `incidents`, newest first, in four queries however many there are."""
    public = Visibility.PUBLIC
    changes = ComponentChange.objects.filter(component__visibility=public).select_related("component__group")
    updates = Update.objects.standing().newest_first().select_related("phase")
    # Of a component that is gone, an incident keeps what its updates said, not the component (seen in captures).
    living = Affected.objects.filter(component__visibility=public, component__archived_at=None)
    affected = living.select_related("component__group")
    rows = incidents.select_related("phase").prefetch_related(
        Prefetch("updates", queryset=updates.prefetch_related(Prefetch("component_changes", queryset=changes))),
        Prefetch("affected", queryset=affected),
    )
    return tuple(sorted((_incident(row) for row in rows), key=attrgetter("created_at"), reverse=True))


def _incident(row: Incident) -> IncidentRecord:
    updates = tuple(_update(one) for one in row.updates.all())
    components = (_component(one.component) for one in row.affected.all())
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


def _update(row: Update) -> UpdateRecord:
    return UpdateRecord(
        code=row.code,
        status=row.phase.canonical,
        body=row.body,
        created_at=row.created_at,
        updated_at=row.updated_at,
        posted_at=row.posted_at,
        changes=tuple(_changes(row.component_changes.all())),
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
