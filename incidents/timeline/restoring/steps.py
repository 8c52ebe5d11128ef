"""The steps components took during an incident, as its updates tell them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from incidents.timeline.restoring.records import RestoredIncident
from incidents.timeline.states import ComponentStatus


@dataclass(frozen=True)
class Step:
    """A component (code) went from one state to another at an instant, as an update (code) tells."""

    component: str
    old: str
    new: str
    at: datetime
    update: str


def steps(record: RestoredIncident) -> Iterator[Step]:
    """Return the steps components took during an incident, in the order of its updates.

    An update states that its components are in the state `new` from its stamp on; what it
    calls `old` is taken from the update before, so that the steps always join. A component
    begins operational and is so again at the end of the incident, as when staff resolve one.
    """
    state: dict[str, tuple[str, datetime]] = {}
    for update in record.updates:
        for change in update.changes:
            old, _ = state.get(change.component, (ComponentStatus.OPERATIONAL.value, update.posted_at))
            if old != change.new:
                yield Step(change.component, old, change.new, update.posted_at, update.code)
            state[change.component] = change.new, update.posted_at
    if record.resolved_at is None:
        return
    for component, (old, said_at) in state.items():
        if old != ComponentStatus.OPERATIONAL:
            end = max(record.resolved_at, said_at)
            cause = [update.code for update in record.updates if update.posted_at <= end][-1]
            yield Step(component, old, ComponentStatus.OPERATIONAL.value, end, cause)
