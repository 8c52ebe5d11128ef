"""Components, their groups and their days."""

from dataclasses import dataclass
from datetime import date, datetime

from incidents.timeline.uptime import Day


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """A component and its last 90 days, oldest first."""

    code: str
    name: str
    status: str
    description: str = ""
    showcase: bool = True
    """Whether uptime is shown; without it a component is a name and a state."""
    started_on: date | None = None
    days: tuple[Day, ...] = ()
    group: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """Components under one heading; an empty name is a run of components outside any group."""

    components: tuple[ComponentFacts, ...]
    name: str = ""
    description: str = ""
    always_open: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """A component with the days of whole months, oldest first, up to today."""

    component: ComponentFacts
    days: tuple[Day, ...]
    incidents: tuple[date, ...] = ()
    """Day on which each incident that touched the component began."""
