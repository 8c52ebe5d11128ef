"""What follows from the updates of an incident, told in order: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from incidents.timeline.states import ENDED_PHASES, IncidentPhase, MaintenancePhase

if TYPE_CHECKING:
    from incidents.timeline.models.update import Update

_KIND_ON_ENTERING = {
    IncidentPhase.RESOLVED.value: "incident.resolved",
    IncidentPhase.POSTMORTEM.value: "postmortem.published",
    MaintenancePhase.IN_PROGRESS.value: "maintenance.started",
    MaintenancePhase.COMPLETED.value: "maintenance.completed",
    MaintenancePhase.CANCELLED.value: "maintenance.cancelled",
}


def event_kind(kind: str, *, before: str, now: str) -> str:
    """Return the `noun.past_verb` of an update that leads from one canonical phase to another.

    `kind` is "incident" or "maintenance"; `before` is "" for the first public update.
    """
    if not before:
        return "maintenance.scheduled" if kind == "maintenance" else "incident.opened"
    if now == before:
        return f"{kind}.updated"
    if before in ENDED_PHASES and now not in ENDED_PHASES:
        return f"{kind}.reopened"
    return _KIND_ON_ENTERING.get(now, f"{kind}.updated")


def last_posted(told: Sequence[Update], canonical: str) -> datetime | None:
    """Return the stamp of the newest update in a canonical phase, None without one."""
    stamps = [update.posted_at for update in told if update.phase.canonical == canonical]
    return stamps[-1] if stamps else None


def start_of_the_end(told: Sequence[Update]) -> datetime | None:
    """Return when the closing run of updates began: later notes do not move the end."""
    end = None
    for update in reversed(told):
        if update.phase.canonical not in ENDED_PHASES:
            break
        end = update.posted_at
    return end
