"""`/api/v2`: the documents of Statuspage's public API, key for key and in its order.

Times have three decimals and the offset of the page's zone, "Z" where that zone is UTC.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from incidents.publishing import paths
from incidents.publishing.records import (
    ComponentRecord,
    GroupRecord,
    IncidentRecord,
    NowRecords,
    PageRecord,
    RecentRecords,
    UpdateRecord,
)
from incidents.timeline.states import RUNNING_MAINTENANCE_PHASES, MaintenancePhase
from incidents.timeline.system_status import system_status

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"})


def summary(facts: NowRecords) -> bytes:
    """Return `summary.json`: every component, what is open, what is planned or under way."""
    return _written(
        facts.page,
        components=_components(facts),
        incidents=_incidents(facts.unresolved, facts.page),
        scheduled_maintenances=_incidents(facts.maintenances, facts.page),
        status=status_of(facts),
    )


def status(facts: NowRecords) -> bytes:
    """Return `status.json`."""
    return _written(facts.page, status=status_of(facts))


def components(facts: NowRecords) -> bytes:
    """Return `components.json`: groups and components in one flat list."""
    return _written(facts.page, components=_components(facts))


def unresolved(facts: NowRecords) -> bytes:
    """Return `incidents/unresolved.json`."""
    return _written(facts.page, incidents=_incidents(facts.unresolved, facts.page))


def upcoming_maintenances(facts: NowRecords) -> bytes:
    """Return `scheduled-maintenances/upcoming.json`: those whose window has not begun."""
    ahead = [one for one in facts.maintenances if one.status == MaintenancePhase.SCHEDULED]
    return _written(facts.page, scheduled_maintenances=_incidents(ahead, facts.page))


def active_maintenances(facts: NowRecords) -> bytes:
    """Return `scheduled-maintenances/active.json`: those under way."""
    running = [one for one in facts.maintenances if one.status in RUNNING_MAINTENANCE_PHASES]
    return _written(facts.page, scheduled_maintenances=_incidents(running, facts.page))


def incidents(facts: RecentRecords) -> bytes:
    """Return `incidents.json`: the newest, resolved or not."""
    return _written(facts.page, incidents=_incidents(facts.incidents, facts.page))


def maintenances(facts: RecentRecords) -> bytes:
    """Return `scheduled-maintenances.json`: the newest, over or not."""
    return _written(facts.page, scheduled_maintenances=_incidents(facts.incidents, facts.page))


def incident(facts: RecentRecords) -> bytes:
    """Return `incidents/<code>.json`: one, however old.

    The page is told as of the incident's last change: what happens later elsewhere on the page must
    not make thousands of old documents anew.
    """
    one = facts.incidents[0]
    return _written(replace(facts.page, updated_at=one.updated_at), incident=_incident(one, facts.page))


def status_of(facts: NowRecords) -> dict[str, str]:
    """Return the page's state as Statuspage words it."""
    found = system_status([one.status for one in facts.components])
    return {"indicator": found.indicator, "description": found.description}


def page_of(page: PageRecord) -> dict[str, Any]:
    """Return the object every document begins with."""
    is_utc = page.zone.key in UTC_NAMES
    return {
        "id": page.code,
        "name": page.name,
        "url": page.address,
        "time_zone": "Etc/UTC" if is_utc else page.zone.key,
        "updated_at": moment(page.updated_at, page.zone),
    }


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return "2019-06-24T06:07:14.473-07:00"."""
    written = at.astimezone(zone).isoformat(timespec="milliseconds")
    return f"{written.removesuffix('+00:00')}Z" if zone.key in UTC_NAMES else written


def compact(document: dict[str, Any]) -> bytes:
    """Return JSON in UTF-8 without spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _written(page: PageRecord, **parts: Any) -> bytes:
    return compact({"page": page_of(page), **parts})


def _moment(at: datetime | None, page: PageRecord) -> str | None:
    return moment(at, page.zone) if at else None


def _components(facts: NowRecords) -> list[dict[str, Any]]:
    rows = [
        *(_component(one, facts.page) for one in facts.components),
        *(_group(one, facts.page) for one in facts.groups),
    ]
    return sorted(rows, key=lambda row: (row["position"], row["name"]))


def _component(one: ComponentRecord, page: PageRecord) -> dict[str, Any]:
    return {
        "id": one.code,
        "name": one.name,
        "status": one.status,
        "created_at": moment(one.created_at, page.zone),
        "updated_at": moment(one.updated_at, page.zone),
        "position": one.position,
        "description": one.description or None,
        "showcase": one.showcase,
        "start_date": one.started_on.isoformat() if one.started_on else None,
        "group_id": one.group or None,
        "page_id": page.code,
        "group": False,
        "only_show_if_degraded": one.only_show_if_degraded,
    }


def _group(one: GroupRecord, page: PageRecord) -> dict[str, Any]:
    return {
        "id": one.code,
        "name": one.name,
        "status": one.status,
        "created_at": moment(one.created_at, page.zone),
        "updated_at": moment(one.updated_at, page.zone),
        "position": one.position,
        "description": one.description or None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": page.code,
        "group": True,
        "only_show_if_degraded": False,
        "components": [member.code for member in one.members],
    }


def _incidents(rows: Iterable[IncidentRecord], page: PageRecord) -> list[dict[str, Any]]:
    return [_incident(one, page) for one in rows]


def _incident(one: IncidentRecord, page: PageRecord) -> dict[str, Any]:
    told = {
        "id": one.code,
        "name": one.name,
        "status": _status(one.status),
        "created_at": moment(one.created_at, page.zone),
        "updated_at": moment(one.updated_at, page.zone),
        "monitoring_at": _moment(one.monitoring_at, page),
        "resolved_at": _moment(one.resolved_at, page),
        "impact": one.impact,
        "shortlink": f"{page.address}{paths.incident(one.code)}",
        "started_at": moment(one.started_at, page.zone),
        "page_id": page.code,
        "incident_updates": [_update(update, one, page) for update in one.updates],
        "components": [_component(component, page) for component in one.components],
    }
    if one.scheduled_for is not None:
        told["scheduled_for"] = moment(one.scheduled_for, page.zone)
        told["scheduled_until"] = _moment(one.scheduled_until, page)
    return told


def _update(update: UpdateRecord, one: IncidentRecord, page: PageRecord) -> dict[str, Any]:
    return {
        "id": update.code,
        "status": _status(update.status),
        "body": update.body,
        "incident_id": one.code,
        "created_at": moment(update.created_at, page.zone),
        "updated_at": moment(update.updated_at, page.zone),
        "display_at": moment(update.posted_at, page.zone),
        "affected_components": _changes(update),
        "deliver_notifications": update.notify,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _changes(update: UpdateRecord) -> Sequence[dict[str, str]] | None:
    """Return None, never an empty list, for an update that names no component."""
    told = [
        {"code": one.code, "name": one.name, "old_status": one.old, "new_status": one.new} for one in update.changes
    ]
    return told or None


def _status(canonical: str) -> str:
    """Return the word for a phase; Statuspage knows no cancelled maintenance, so it is completed."""
    return MaintenancePhase.COMPLETED.value if canonical == MaintenancePhase.CANCELLED else canonical
