"""Statuspage's JSON objects (public API, version 2) as the timeline's records.

Every function raises Complaint where the object is not of the documented shape.
"""

from dataclasses import dataclass
from datetime import datetime

from incidents.exchange.statuspage.fields import Fields
from incidents.exchange.statuspage.problems import Complaint
from incidents.lib.text import clean_line
from incidents.timeline.restoring import (
    RestoredChange,
    RestoredComponent,
    RestoredGroup,
    RestoredIncident,
    RestoredPage,
    RestoredUpdate,
)
from incidents.timeline.states import ComponentStatus, Impact, IncidentPhase, MaintenancePhase


@dataclass(frozen=True)
class Mention:
    """What an update called the component with this code, and when."""

    code: str
    name: str
    at: datetime


def read_page(value: object) -> RestoredPage:
    """Return the page an answer is about."""
    fields = Fields(value, what="its page")
    return RestoredPage(
        code=fields.code("id"),
        name=clean_line(fields.text("name")),
        time_zone=fields.optional_text("time_zone") or "UTC",
    )


def read_component(value: object) -> RestoredComponent | RestoredGroup:
    """Return a component, or the group where the object says it is one."""
    fields = Fields(value)
    created_at = fields.moment("created_at")
    updated_at = fields.optional_moment("updated_at") or created_at
    if fields.switch("group", default=False):
        return RestoredGroup(
            code=fields.code("id"),
            name=fields.text("name"),
            description=fields.optional_text("description"),
            position=fields.number("position", default=0),
            created_at=created_at,
            updated_at=updated_at,
        )
    return RestoredComponent(
        code=fields.code("id"),
        name=fields.text("name"),
        status=fields.choice("status", ComponentStatus.values),
        group=fields.code("group_id") if fields.has("group_id") else "",
        description=fields.optional_text("description"),
        position=fields.number("position", default=0),
        showcase=fields.switch("showcase", default=True),
        started_on=fields.optional_day("start_date"),
        only_show_if_degraded=fields.switch("only_show_if_degraded", default=False),
        created_at=created_at,
        updated_at=updated_at,
    )


def read_incident(value: object, *, origin: str) -> tuple[RestoredIncident, list[Mention]]:
    """Return an incident, or a maintenance where it has a window, and the components it names."""
    fields = Fields(value)
    is_maintenance = fields.has("scheduled_for")
    phases = MaintenancePhase.values if is_maintenance else IncidentPhase.values
    created_at = fields.moment("created_at")
    told = [_read_update(row, phases) for row in fields.rows("incident_updates")]
    # Statuspage shows its newest update first, also among those with one stamp.
    told.reverse()
    updates = tuple(update for update, _ in told)
    newest = max((update.updated_at for update in updates), default=created_at)
    incident = RestoredIncident(
        code=fields.code("id"),
        origin=origin,
        title=fields.text("name"),
        phase=fields.choice("status", phases),
        impact=fields.choice("impact", Impact.values) if fields.has("impact") else Impact.NONE.value,
        started_at=fields.optional_moment("started_at") or created_at,
        monitoring_at=fields.optional_moment("monitoring_at"),
        resolved_at=fields.optional_moment("resolved_at"),
        scheduled_for=fields.optional_moment("scheduled_for"),
        scheduled_until=fields.moment("scheduled_until") if is_maintenance else None,
        created_at=created_at,
        updated_at=fields.optional_moment("updated_at") or newest,
        components=tuple(Fields(row, what="one of its components").code("id") for row in components_of(value)),
        updates=updates,
    )
    return incident, [mention for _, mentions in told for mention in mentions]


def components_of(incident: object) -> list[object]:
    """Return the component objects an incident carries."""
    return Fields(incident).optional_rows("components")


def _read_update(value: object, phases: list[str]) -> tuple[RestoredUpdate, list[Mention]]:
    fields = Fields(value, what="one of its updates")
    code = fields.code("id")
    try:
        created_at = fields.moment("created_at")
        posted_at = fields.optional_moment("display_at") or created_at
        changes, mentions = _read_changes(fields.optional_rows("affected_components"), posted_at)
        update = RestoredUpdate(
            code=code,
            phase=fields.choice("status", phases),
            body=fields.text("body"),
            posted_at=posted_at,
            created_at=created_at,
            updated_at=fields.optional_moment("updated_at") or created_at,
            changes=changes,
            notify=fields.switch("deliver_notifications", default=False),
        )
    except Complaint as complaint:
        raise Complaint(f"update {code}: {complaint.sentence}") from None
    return update, mentions


def _read_changes(rows: list[object], at: datetime) -> tuple[tuple[RestoredChange, ...], list[Mention]]:
    changes: dict[str, RestoredChange] = {}
    mentions = []
    for row in rows:
        fields = Fields(row, what="an affected component")
        if _names_nothing(fields):
            continue
        code = fields.code("code")
        old = fields.choice("old_status", ComponentStatus.values)
        new = fields.choice("new_status", ComponentStatus.values)
        earlier = changes.get(code)
        changes[code] = RestoredChange(code, earlier.old if earlier else old, new)
        mentions.append(Mention(code, fields.text("name"), at))
    return tuple(changes.values()), mentions


def _names_nothing(fields: Fields) -> bool:
    # Around 2016 Statuspage wrote this sentence in place of a component.
    return not fields.has("code") and fields.optional_text("name").startswith("No components were affected")
