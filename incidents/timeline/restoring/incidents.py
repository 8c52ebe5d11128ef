"""Restoring an incident or maintenance with its updates and what they said of components."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from incidents.lib.markdown import render_markdown, sanitise_html
from incidents.timeline.models import (
    Actor,
    Affected,
    Component,
    ComponentChange,
    Event,
    Incident,
    Page,
    Phase,
    Postmortem,
    StatusChange,
    Update,
)
from incidents.timeline.models.event import actor_account, actor_name
from incidents.timeline.restoring.judging import Judgement, judge_incident, last_report, stories, update_values
from incidents.timeline.restoring.records import Outcome, RestoredIncident
from incidents.timeline.states import ComponentStatus

_MARKUP = re.compile(r"</?(a|b|br|code|div|em|h[1-6]|i|li|ol|p|pre|span|strong|table|ul)(\s[^<>]*)?/?>", re.IGNORECASE)
_BREAKING_MARKUP = re.compile(r"<(br|div|li|p)\b", re.IGNORECASE)


def restore_incident(record: RestoredIncident, *, page: Page, by: Actor, at: datetime) -> tuple[Incident, Outcome]:
    """Bring the page's incident of that code in line with the record; nobody is told.

    All times, codes and the impact are the record's. What was added or edited here stays. One
    event, `incident.imported` or `maintenance.imported`, where anything was new or changed.
    Raises WrittenHere, UnknownPhase, ForeignComponent, EmptyText, TextTooLong, UnknownStatus,
    UnusableCode, DuplicateName, ImplausibleTime, ResolvedBeforeStart, WindowEndsBeforeItStarts.
    """
    with page.locked():
        phases = {phase.slug: phase for phase in page.phases.all()}
        components = {component.code: component for component in page.components.all()}
        judgement = judge_incident(
            record,
            kept=stories(page).filter(code=record.code).first(),
            phases=phases,
            components=set(components),
            at=at,
        )
        if judgement.outcome == Outcome.UNCHANGED and judgement.kept is not None:
            return judgement.kept, judgement.outcome
        incident = _Scribe(page, phases, components, by).write(judgement)
        Event.record(
            page=page,
            kind=f"{incident.kind}.imported",
            by=by,
            at=at,
            subject=incident,
            payload={"incident": incident.code, "outcome": judgement.outcome, "from": incident.imported_from},
        )
    return incident, judgement.outcome


@dataclass(frozen=True)
class _Scribe:
    """Writes the rows of one incident, inside the verb's transaction."""

    page: Page
    phases: dict[str, Phase]
    components: dict[str, Component]
    by: Actor

    def write(self, judgement: Judgement) -> Incident:
        record = judgement.record
        # The judged row holds what was read of its updates, which is about to be outdated.
        kept = judgement.kept and Incident.objects.get(pk=judgement.kept.pk)
        incident = kept or Incident(page=self.page, code=record.code)
        for name, value in judgement.values.items():
            setattr(incident, name, value)
        incident.save()
        updates = {update.code: update for update in judgement.kept.updates.all()} if judgement.kept else {}
        updates |= self._write_updates(incident, judgement, updates)
        self._write_affected(incident, judgement.worst)
        self._write_history(incident, record, updates)
        self._write_report(incident, record, updates)
        return incident

    def _write_updates(self, incident: Incident, judgement: Judgement, kept: dict[str, Update]) -> dict[str, Update]:
        made = Update.objects.bulk_create(
            Update(
                incident=incident,
                code=record.code,
                html=html_of(record.body),
                author=actor_account(self.by),
                author_name=actor_name(self.by),
                **update_values(record, self.phases),
            )
            for record in judgement.new_updates
        )
        for record in judgement.changed_updates:
            row = kept[record.code]
            for name, value in update_values(record, self.phases).items():
                setattr(row, name, value)
            row.html = html_of(record.body)
            row.save()
            row.component_changes.all().delete()
        rows = kept | {row.code: row for row in made}
        ComponentChange.objects.bulk_create(
            ComponentChange(
                update=rows[record.code],
                component=self.components[change.component],
                old=change.old,
                new=change.new,
            )
            for record in (*judgement.new_updates, *judgement.changed_updates)
            for change in record.changes
        )
        return {row.code: row for row in made}

    def _write_affected(self, incident: Incident, worst: dict[str, str]) -> None:
        Affected.objects.bulk_create(
            [
                Affected(incident=incident, component=self.components[code], worst=state)
                for code, state in worst.items()
            ],
            update_conflicts=True,
            update_fields=["worst"],
            unique_fields=["incident", "component"],
        )

    def _write_history(self, incident: Incident, record: RestoredIncident, updates: dict[str, Update]) -> None:
        """Add the steps its components took because of it that history does not have yet."""
        taken = list(steps(record))
        known = set(StatusChange.objects.filter(update__incident=incident).values_list("component__code", "at", "new"))
        StatusChange.objects.bulk_create(
            StatusChange(
                component=self.components[step.component],
                old=step.old,
                new=step.new,
                at=step.at,
                update=updates[step.update],
                by=actor_account(self.by),
                by_name=actor_name(self.by),
            )
            for step in taken
            if (step.component, step.at, step.new) not in known
        )
        for code in {step.component for step in taken}:
            self._join_to_present(self.components[code])

    def _join_to_present(self, component: Component) -> None:
        # Somebody set the component by hand while the incident was open: history must end
        # with the state it is known to be in.
        latest = component.status_changes.order_by("-at", "-pk")[0]
        if latest.new != component.status:
            StatusChange.objects.create(
                component=component,
                old=latest.new,
                new=component.status,
                at=max(component.updated_at, latest.at),
                by=actor_account(self.by),
                by_name=actor_name(self.by),
            )

    def _write_report(self, incident: Incident, record: RestoredIncident, updates: dict[str, Update]) -> None:
        report = last_report(record, self.phases)
        if report is None:
            return
        update = updates[report.code]
        kept = Postmortem.objects.filter(incident=incident).first()
        if kept is not None and (kept.update_id != update.pk or kept.updated_at > report.updated_at):
            return  # one was written or revised here
        Postmortem.objects.update_or_create(
            incident=incident,
            defaults={
                "draft": report.body,
                "body": report.body,
                "html": html_of(report.body),
                "update": update,
                "published_at": report.posted_at,
                "created_at": report.created_at,
                "updated_at": report.updated_at,
            },
        )


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


def html_of(body: str) -> str:
    """Return the HTML of a text from elsewhere: Markdown, unless it is marked up already.

    Older Statuspage exports carry lists and links as HTML and break lines as typed; newer
    ones have written <br /> for every line break.
    """
    if not _MARKUP.search(body):
        return render_markdown(body)
    return sanitise_html(body if _BREAKING_MARKUP.search(body) else body.replace("\n", "<br>\n"))
