"""Taking in an export: what it would do first, then doing it, some incidents at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from incidents.exchange.statuspage.documents import Found
from incidents.exchange.statuspage.gathering import Export
from incidents.exchange.statuspage.problems import Report
from incidents.timeline.models import Page, Phase
from incidents.timeline.refusals import Refused
from incidents.timeline.restoring import (
    Judgement,
    Outcome,
    RestoredComponent,
    RestoredGroup,
    RestoredIncident,
    judge_component,
    judge_group,
    judge_incident,
    restore_component,
    restore_group,
    restore_incidents,
    stories,
)
from incidents.timeline.states import IncidentPhase, MaintenancePhase

Record = TypeVar("Record", RestoredGroup, RestoredComponent, RestoredIncident)
Verdict = TypeVar("Verdict")

ACTOR = "import"
KINDS = ("groups", "components", "incidents", "maintenances", "updates")
"""What is counted, in the order it is told."""

TOGETHER = 50
"""Incidents that come in by one transaction: what is posted meanwhile waits for a quarter of a second."""


@dataclass
class Survey:
    """What bringing an export in would do. `to_do` are the records that are new or changed."""

    counts: dict[str, Counter[Outcome]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})
    groups: list[Found[RestoredGroup]] = field(default_factory=list)
    components: list[Found[RestoredComponent]] = field(default_factory=list)
    incidents: list[Found[RestoredIncident]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many records there are to write."""
        return len(self.groups) + len(self.components) + len(self.incidents)


def survey(export: Export, *, page: Page | None, report: Report, at: datetime) -> Survey:
    """Judge every record against what `page` has (None: it is still to be made), writing nothing.

    What would be refused goes to `report`, and counts nowhere.
    """
    return _Surveyor(page, report, at).survey(export)


def bring_in(plan: Survey, *, page: Page, report: Report, at: datetime) -> Iterator[str]:
    """Write what is new or changed, yielding the place of each record after its transaction.

    What is refused goes to `report`. Stopped anywhere, every record is either whole or not
    there, and the next survey finds the rest.
    """
    for group in plan.groups:
        yield _tried(group, lambda record: restore_group(record, page=page, by=ACTOR, at=at), report)
    for component in plan.components:
        yield _tried(component, lambda record: restore_component(record, page=page, by=ACTOR, at=at), report)
    for start in range(0, len(plan.incidents), TOGETHER):
        some = plan.incidents[start : start + TOGETHER]
        _bring_in_incidents(some, page=page, report=report, at=at)
        yield from (incident.where for incident in some)


def _bring_in_incidents(some: Sequence[Found[RestoredIncident]], *, page: Page, report: Report, at: datetime) -> None:
    """Write incidents in one transaction; one by one where a listener refuses one of them."""
    try:
        restored = restore_incidents([each.record for each in some], page=page, by=ACTOR, at=at)
    except Refused as refusal:
        if len(some) == 1:
            report.skip(some[0].where, refusal.sentence)
            return
        for each in some:
            _bring_in_incidents([each], page=page, report=report, at=at)
        return
    for each, outcome in zip(some, restored, strict=True):
        if isinstance(outcome, Refused):
            report.skip(each.where, outcome.sentence)


def _tried(found: Found[Record], restore: Callable[[Record], object], report: Report) -> str:
    try:
        restore(found.record)
    except Refused as refusal:
        report.skip(found.where, refusal.sentence)
    return found.where


@dataclass
class _Surveyor:
    page: Page | None
    report: Report
    at: datetime
    plan: Survey = field(default_factory=Survey)

    def survey(self, export: Export) -> Survey:
        groups = self._survey_groups(export)
        components = self._survey_components(export, groups)
        self._survey_incidents(export, components)
        return self.plan

    def _survey_groups(self, export: Export) -> dict[str, int | None]:
        kept = {group.code: group for group in self.page.groups.all()} if self.page else {}
        keys: dict[str, int | None] = {code: group.pk for code, group in kept.items()}
        for found in export.groups:
            code = found.record.code
            judged = self._judged(found, lambda record: judge_group(record, kept=kept.get(record.code), at=self.at))
            if judged is not None:
                keys.setdefault(code, None)
                self._plan("groups", judged[0], self.plan.groups, found)
        return keys

    def _survey_components(self, export: Export, groups: dict[str, int | None]) -> set[str]:
        kept = {component.code: component for component in self.page.components.all()} if self.page else {}
        taken = set(kept)
        for found in export.components:
            judged = self._judged(
                found,
                lambda record: judge_component(record, kept=kept.get(record.code), groups=groups, at=self.at),
            )
            if judged is not None:
                taken.add(found.record.code)
                self._plan("components", judged[0], self.plan.components, found)
        return taken

    def _survey_incidents(self, export: Export, components: set[str]) -> None:
        kept = {incident.code: incident for incident in stories(self.page)} if self.page else {}
        phases = _phases(self.page)
        for found in export.incidents:
            judgement = self._judged(
                found,
                lambda record: judge_incident(
                    record, kept=kept.get(record.code), phases=phases, components=components, at=self.at
                ),
            )
            if judgement is not None:
                kind = "maintenances" if found.record.is_maintenance else "incidents"
                self._plan(kind, judgement.outcome, self.plan.incidents, found)
                self._count_updates(judgement)

    def _judged(self, found: Found[Record], judge: Callable[[Record], Verdict]) -> Verdict | None:
        try:
            return judge(found.record)
        except Refused as refusal:
            self.report.skip(found.where, refusal.sentence)
            return None

    def _plan(self, kind: str, outcome: Outcome, to_do: list[Found[Record]], found: Found[Record]) -> None:
        self.plan.counts[kind][outcome] += 1
        if outcome != Outcome.UNCHANGED:
            to_do.append(found)

    def _count_updates(self, judgement: Judgement) -> None:
        new, changed = len(judgement.new_updates), len(judgement.changed_updates)
        rest = len(judgement.record.updates) - new - changed
        self.plan.counts["updates"].update({Outcome.NEW: new, Outcome.CHANGED: changed, Outcome.UNCHANGED: rest})


def _phases(page: Page | None) -> dict[str, Phase]:
    if page is not None:
        return {phase.slug: phase for phase in page.phases.all()}
    return {slug: Phase(slug=slug, canonical=slug) for slug in (*IncidentPhase.values, *MaintenancePhase.values)}
