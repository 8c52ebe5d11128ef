"""The stepper: the phases an incident can be in, with where it is and what comes next."""

from dataclasses import dataclass

from incidents.timeline.models import Incident, Page, Phase
from incidents.timeline.states import (
    ENDED_PHASES,
    PHASE_ORDER,
    RUNNING_MAINTENANCE_PHASES,
    IncidentPhase,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One segment of the stepper."""

    slug: str
    label: str
    moon: str
    is_chosen: bool
    is_next: bool
    is_end: bool
    """Whether it says that all is over, so that nothing more is promised."""


def incident_phases(page: Page) -> list[Phase]:
    """Return the phases staff choose between; the postmortem has a verb of its own."""
    return [
        phase
        for phase in page.phases.all()
        if phase.canonical in IncidentPhase.values and phase.canonical != IncidentPhase.POSTMORTEM
    ]


def phases_of(incident: Incident) -> list[Phase]:
    """Return the phases an update may choose; start, finish and cancel are verbs of their own."""
    if not incident.is_maintenance:
        return incident_phases(incident.page)
    if not incident.is_running:
        return [incident.phase]
    return [phase for phase in incident.page.phases.all() if phase.canonical in RUNNING_MAINTENANCE_PHASES]


def steps(phases: list[Phase], *, chosen: str, now: Phase | None) -> list[Step]:
    """Return the segments; nothing is suggested before there is a `now`."""
    suggested = _next_slug(phases, now) if now else ""
    return [
        Step(
            slug=phase.slug,
            label=phase.label,
            moon=phase.canonical,
            is_chosen=phase.slug == chosen,
            is_next=phase.slug == suggested,
            is_end=phase.canonical in ENDED_PHASES,
        )
        for phase in phases
    ]


def _next_slug(phases: list[Phase], now: Phase) -> str:
    """Return the first phase further along than `now`, nothing after the last."""
    further = (one for one in phases if PHASE_ORDER[one.canonical] > PHASE_ORDER[now.canonical])
    return next((phase.slug for phase in further), "")
