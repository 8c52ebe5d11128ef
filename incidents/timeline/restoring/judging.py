"""What restoring an incident would change: reading only, for rehearsals and for the verb."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from incidents.timeline.impact import worst_status
from incidents.timeline.models import Incident, IncidentKind, IncidentVisibility, Page, Phase, Update
from incidents.timeline.refusals import ForeignComponent
from incidents.timeline.restoring.doors import WrittenHere, checked_incident, checked_phase_kind
from incidents.timeline.restoring.records import Outcome, RestoredIncident, RestoredUpdate
from incidents.timeline.states import ComponentStatus, IncidentPhase


@dataclass(frozen=True)
class Judgement:
    """The clean record, the row there is, and what differs between them.

    `worst` is the worst state it gave each component (by code) it affected, in order.
    """

    outcome: Outcome
    record: RestoredIncident
    worst: dict[str, str]
    kept: Incident | None = None
    values: dict[str, Any] = field(default_factory=dict)
    new_updates: tuple[RestoredUpdate, ...] = ()
    changed_updates: tuple[RestoredUpdate, ...] = ()


def stories(page: Page) -> QuerySet[Incident]:
    """Return the page's incidents with all that judging one needs, in a constant number of queries."""
    return Incident.objects.on(page).prefetch_related("updates__component_changes__component", "affected__component")


def judge_incident(
    record: RestoredIncident, *, kept: Incident | None, phases: dict[str, Phase], components: set[str], at: datetime
) -> Judgement:
    """Say what restoring the incident would do to the row `kept` (one of `stories`).

    `phases` are the page's by slug, `components` the codes it has. A row changed later than
    the record stays as it is, and so does an update edited or removed here. Raises
    WrittenHere, UnknownPhase, ForeignComponent, and as `checked_incident`.
    """
    record = checked_incident(record, at=at)
    worst = _worst_states(record)
    _refuse_unknown_phases(record, phases)
    for code in worst:
        if code not in components:
            raise ForeignComponent(f"It affected component {code}, which could not be taken.", field="components")
    if kept is None:
        values = incident_values(record, phases)
        return Judgement(Outcome.NEW, record, worst, values=values, new_updates=record.updates)
    if not kept.imported_from:
        raise WrittenHere(f"The page has an incident {record.code} that was written here; it stays.", field="code")
    if kept.updated_at > record.updated_at:
        return Judgement(Outcome.UNCHANGED, record, worst, kept)
    return _compared(record, kept, worst, phases)


def incident_values(record: RestoredIncident, phases: dict[str, Phase]) -> dict[str, Any]:
    """Return the fields of the incident's row as the record tells them."""
    return {
        "kind": IncidentKind.MAINTENANCE.value if record.is_maintenance else IncidentKind.INCIDENT.value,
        "title": record.title,
        "phase_id": phases[record.phase].pk,
        "visibility": IncidentVisibility.PUBLIC.value,
        "impact": record.impact,
        "imported_from": record.origin,
        "impact_started_at": record.scheduled_for or record.started_at,
        "detected_by": record.detected_by,
        "customer_noticed_at": record.customer_noticed_at,
        "first_update_at": record.updates[0].posted_at,
        "monitoring_at": record.monitoring_at,
        "resolved_at": record.resolved_at,
        "scheduled_for": record.scheduled_for,
        "scheduled_until": record.scheduled_until,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def update_values(record: RestoredUpdate, phases: dict[str, Phase]) -> dict[str, Any]:
    """Return the fields of the update's row as the record tells them, the HTML apart."""
    return {
        "phase_id": phases[record.phase].pk,
        "body": record.body,
        "notify": record.notify,
        "posted_at": record.posted_at,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def last_report(record: RestoredIncident, phases: dict[str, Phase]) -> RestoredUpdate | None:
    """Return the update that carries the postmortem, if there is one."""
    reports = [update for update in record.updates if phases[update.phase].canonical == IncidentPhase.POSTMORTEM]
    return reports[-1] if reports else None


def _compared(record: RestoredIncident, kept: Incident, worst: dict[str, str], phases: dict[str, Phase]) -> Judgement:
    wanted = incident_values(record, phases)
    values = {name: value for name, value in wanted.items() if getattr(kept, name) != value}
    updates = {update.code: update for update in kept.updates.all()}
    new = tuple(each for each in record.updates if each.code not in updates)
    changed = tuple(
        each for each in record.updates if each.code in updates and _differs(each, updates[each.code], phases)
    )
    affected = {row.component.code: row.worst for row in kept.affected.all()}
    same = not (values or new or changed) and all(affected.get(code) == state for code, state in worst.items())
    outcome = Outcome.UNCHANGED if same else Outcome.CHANGED
    return Judgement(outcome, record, worst, kept, values, new, changed)


def _differs(record: RestoredUpdate, kept: Update, phases: dict[str, Phase]) -> bool:
    if kept.edited_at or kept.removed_at:
        return False
    told = {(change.component, change.old, change.new) for change in record.changes}
    written = {(row.component.code, row.old, row.new) for row in kept.component_changes.all()}
    return told != written or any(getattr(kept, name) != value for name, value in update_values(record, phases).items())


def _worst_states(record: RestoredIncident) -> dict[str, str]:
    worst = dict.fromkeys(record.components, ComponentStatus.OPERATIONAL.value)
    for update in record.updates:
        for change in update.changes:
            states = (worst.get(change.component, ComponentStatus.OPERATIONAL.value), change.old, change.new)
            worst[change.component] = worst_status(states).value
    return worst


def _refuse_unknown_phases(record: RestoredIncident, phases: dict[str, Phase]) -> None:
    for slug in (record.phase, *(update.phase for update in record.updates)):
        known = phases.get(slug)
        checked_phase_kind(
            slug,
            is_for_maintenance=known.is_for_maintenance if known else None,
            maintenance=record.is_maintenance,
        )
