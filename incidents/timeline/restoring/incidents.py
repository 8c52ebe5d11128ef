"""Restoring incidents and maintenances with their updates and what they said of components."""

from collections.abc import Sequence
from datetime import datetime

from incidents.timeline.models import Actor, Event, Incident, Page, Phase
from incidents.timeline.refusals import Refused
from incidents.timeline.restoring.judging import Judgement, judge_incident, stories
from incidents.timeline.restoring.records import Outcome, RestoredIncident
from incidents.timeline.restoring.scribe import Scribe


def restore_incident(record: RestoredIncident, *, page: Page, by: Actor, at: datetime) -> tuple[Incident, Outcome]:
    """Bring the page's incident of that code in line with the record; nobody is told.

    All times, codes and the impact are the record's. What was added or edited here stays. One
    event, `incident.imported` or `maintenance.imported`, where anything was new or changed.
    Raises WrittenHere, UnknownPhase, ForeignComponent, EmptyText, TextTooLong, UnknownStatus,
    UnusableCode, DuplicateName, ImplausibleTime, ResolvedBeforeStart, WindowEndsBeforeItStarts.
    """
    restored = restore_incidents([record], page=page, by=by, at=at)[0]
    if isinstance(restored, Refused):
        raise restored
    return restored


def restore_incidents(
    records: Sequence[RestoredIncident], *, page: Page, by: Actor, at: datetime
) -> list[tuple[Incident, Outcome] | Refused]:
    """Restore incidents of different codes in one transaction; return for each what `restore_incident` does or raises.

    One that is refused does not keep the others back. Rows of one kind are written by one statement, however
    many incidents they belong to. Raises what a receiver of `recording` raises; then none of them is written.
    """
    with page.locked():
        phases = {phase.slug: phase for phase in page.phases.all()}
        components = {component.code: component for component in page.components.all()}
        kept = {row.code: row for row in stories(page).filter(code__in=[record.code for record in records])}
        judged = [_judged(one, kept.get(one.code), phases, set(components), at) for one in records]
        wanted = [one for one in judged if isinstance(one, Judgement) and one.outcome != Outcome.UNCHANGED]
        written = Scribe(page, phases, components, by).write(wanted)
        if written:
            events = [_event(row, one.outcome, page, by, at) for row, one in zip(written, wanted, strict=True)]
            Event.record_all(events, page=page, at=at)
    rows = {row.code: row for row in (*kept.values(), *written)}
    return [one if isinstance(one, Refused) else (rows[one.record.code], one.outcome) for one in judged]


def _judged(
    record: RestoredIncident, kept: Incident | None, phases: dict[str, Phase], components: set[str], at: datetime
) -> Judgement | Refused:
    try:
        return judge_incident(record, kept=kept, phases=phases, components=components, at=at)
    except Refused as refusal:
        return refusal


def _event(incident: Incident, outcome: Outcome, page: Page, by: Actor, at: datetime) -> Event:
    payload = {"incident": incident.code, "outcome": outcome, "from": incident.imported_from}
    return Event.about(incident, page=page, kind=f"{incident.kind}.imported", by=by, at=at, payload=payload)
