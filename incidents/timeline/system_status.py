"""The page's state in the words of Statuspage, for programs that know no others.

The sentence readers see is another; this one follows the component states alone, so that
an open incident or a maintenance that moves no component leaves it quiet (seen in captures).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.timeline.impact import worst_status
from incidents.timeline.states import ComponentStatus


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """Indicator (none, minor, major, critical, maintenance) and its sentence."""

    indicator: str
    description: str


_QUIET = SystemStatus("none", "All Systems Operational")
_PARTIAL = SystemStatus("major", "Partial System Outage")

_WHEN_ALL = {
    ComponentStatus.OPERATIONAL: _QUIET,
    ComponentStatus.UNDER_MAINTENANCE: SystemStatus("maintenance", "Service Under Maintenance"),
    ComponentStatus.DEGRADED_PERFORMANCE: SystemStatus("minor", "Degraded System Service"),
    ComponentStatus.PARTIAL_OUTAGE: _PARTIAL,
    ComponentStatus.MAJOR_OUTAGE: SystemStatus("critical", "Major System Outage"),
}
_WHEN_SOME = {
    **_WHEN_ALL,
    ComponentStatus.DEGRADED_PERFORMANCE: SystemStatus("minor", "Partially Degraded Service"),
    ComponentStatus.PARTIAL_OUTAGE: SystemStatus("minor", "Minor Service Outage"),
    ComponentStatus.MAJOR_OUTAGE: _PARTIAL,
}


def system_status(statuses: Sequence[str]) -> SystemStatus:
    """Return the words for the states of all components, groups not counted.

    Statuspage's documentation names the sentences; one component alone speaks as all do.
    """
    worst = worst_status(statuses)
    share = _WHEN_ALL if all(status == worst for status in statuses) else _WHEN_SOME
    return share[worst]
