"""Impact from component states: pure functions."""

from collections.abc import Iterable

from incidents.timeline.states import SEVERITY, ComponentStatus, Impact

_IMPACT_OF_STATUS = {
    ComponentStatus.OPERATIONAL: Impact.NONE,
    ComponentStatus.UNDER_MAINTENANCE: Impact.NONE,
    ComponentStatus.DEGRADED_PERFORMANCE: Impact.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Impact.CRITICAL,
}


def worst_status(statuses: Iterable[str]) -> ComponentStatus:
    """Return the most severe of `statuses`; operational where there is none."""
    worst = max(statuses, key=SEVERITY.__getitem__, default=ComponentStatus.OPERATIONAL)
    return ComponentStatus(worst)


def impact_of(statuses: Iterable[str]) -> Impact:
    """Return the impact that follows from the worst of `statuses`.

    Degraded is minor, partial outage major, major outage critical, anything else none
    (the mapping of Statuspage).
    """
    return _IMPACT_OF_STATUS[worst_status(statuses)]
