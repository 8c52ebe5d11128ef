"""Incidents and maintenance with everything said about them."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Prefetch, QuerySet

from incidents.publishing.shapes import (
    ActionFacts,
    AffectedFacts,
    ChangeFacts,
    IncidentFacts,
    MoveFacts,
    PhaseFacts,
    PostmortemFacts,
    UpdateFacts,
)
from incidents.timeline.impact import worst_status
from incidents.timeline.models import (
    ActionItem,
    Affected,
    Component,
    ComponentChange,
    Incident,
    Page,
    Phase,
    Postmortem,
    Update,
    Visibility,
)
from incidents.timeline.states import ComponentStatus, DetectedBy

TYPO_GRACE = timedelta(minutes=2)
"""Edits this soon after publishing are typos, of which readers need not hear."""


def told(incidents: QuerySet[Incident], page: Page) -> list[IncidentFacts]:
    """Return `incidents` in their order with updates, components and postmortem.

    A fixed number of queries, however many incidents and updates there are. Staff-only components and
    internal action items are left out here, so that no document can show them.
    """
    public = Visibility.PUBLIC
    changes = ComponentChange.objects.filter(component__visibility=public).select_related("component")
    updates = Update.objects.select_related("phase").prefetch_related(Prefetch("component_changes", queryset=changes))
    affected = Affected.objects.filter(component__visibility=public).select_related("component__group")
    actions = ActionItem.objects.filter(is_public=True)
    rows = incidents.select_related("phase", "postmortem").prefetch_related(
        Prefetch("updates", queryset=updates.newest_first()),
        Prefetch("affected", queryset=affected),
        Prefetch("postmortem__actions", queryset=actions),
        "window_moves",
    )
    return [_incident(row, page) for row in rows]


def is_edit_visible(update: Update) -> bool:
    """Say whether readers are told that `update` was edited."""
    return update.edited_at is not None and update.edited_at - update.created_at > TYPO_GRACE


def _incident(row: Incident, page: Page) -> IncidentFacts:
    affected = tuple(_affected(one) for one in sorted(row.affected.all(), key=_place))
    return IncidentFacts(
        code=row.code,
        number=row.pk,
        title=row.title,
        phase=_phase(row.phase),
        impact=row.impact,
        worst=worst_status(one.worst for one in affected).value,
        started_at=row.impact_started_at,
        updated_at=row.updated_at,
        updates=tuple(_updates(row.updates.all())),
        affected=affected,
        ended_at=None if row.is_open else row.resolved_at or row.updated_at,
        impact_ended_at=row.impact_ended_at,
        detected_at=row.detected_at or row.customer_noticed_at,
        detected_by=_noticed_by(row, page),
        postmortem=_postmortem(getattr(row, "postmortem", None)),
        scheduled_for=row.scheduled_for if row.is_maintenance else None,
        scheduled_until=row.scheduled_until if row.is_maintenance else None,
        moves=tuple(MoveFacts(move.old_starts_at, move.old_ends_at) for move in row.window_moves.all()),
    )


def _updates(rows: Iterable[Update]) -> Iterable[UpdateFacts]:
    """Leave out what was taken back before anybody was mailed."""
    return (_update(row) for row in rows if row.removed_at is None or row.notify)


def _update(row: Update) -> UpdateFacts:
    gone = row.removed_at is not None
    return UpdateFacts(
        code=row.code,
        phase=_phase(row.phase),
        html="" if gone else row.html,
        posted_at=row.posted_at,
        changes=() if gone else tuple(_change(one) for one in row.component_changes.all()),
        edited_at=row.edited_at if is_edit_visible(row) else None,
        removed_at=row.removed_at,
        next_update_due_at=row.next_update_due_at,
    )


def _phase(row: Phase) -> PhaseFacts:
    return PhaseFacts(row.slug, row.label, row.canonical)


def _change(row: ComponentChange) -> ChangeFacts:
    return ChangeFacts(_public_code(row.component), row.component.name, row.old, row.new)


def _affected(row: Affected) -> AffectedFacts:
    component = row.component
    living = component.archived_at is None
    return AffectedFacts(
        code=_public_code(component),
        name=component.name,
        worst=row.worst,
        group=component.group.name if component.group else "",
        current=component.status if living else ComponentStatus.OPERATIONAL,
    )


def _public_code(component: Component) -> str:
    return component.code if component.archived_at is None else ""


def _place(row: Affected) -> tuple[int, int, int]:
    component = row.component
    position = component.group.position if component.group else component.position
    return position, component.position, component.pk


def _noticed_by(row: Incident, page: Page) -> str:
    if not page.publishes_detection or row.detected_by == DetectedBy.UNKNOWN:
        return ""
    return str(DetectedBy(row.detected_by).label)


def _postmortem(row: Postmortem | None) -> PostmortemFacts | None:
    if row is None or row.published_at is None:
        return None
    actions = tuple(
        ActionFacts(one.text, one.owner, one.state, one.due_on, one.done_on, one.reason) for one in row.actions.all()
    )
    return PostmortemFacts(row.html, row.published_at, actions)
