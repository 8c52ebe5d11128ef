"""The rows of incidents from elsewhere, one statement for each kind of row however many incidents there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incidents.timeline.models import (
    Actor,
    Affected,
    Component,
    ComponentChange,
    Incident,
    Page,
    Phase,
    Postmortem,
    StatusChange,
    Update,
)
from incidents.timeline.models.event import actor_account, actor_name
from incidents.timeline.restoring.histories import Histories
from incidents.timeline.restoring.judging import Judgement, last_report, update_values
from incidents.timeline.restoring.markup import html_of
from incidents.timeline.restoring.records import RestoredUpdate
from incidents.timeline.restoring.steps import steps

_Step = tuple[str, datetime, str]
"""Component (code), instant and the state from then on."""


@dataclass(frozen=True)
class _Story:
    """An incident being written: what was judged of it, its row, and its updates by their codes."""

    judgement: Judgement
    row: Incident
    updates: dict[str, Update] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.judgement.kept is None


@dataclass(frozen=True)
class Scribe:
    """Writes the rows of incidents of one page, inside the verb's transaction."""

    page: Page
    phases: dict[str, Phase]
    components: dict[str, Component]
    by: Actor

    def write(self, judgements: Sequence[Judgement]) -> list[Incident]:
        """Write what was judged new or changed and return the incidents, in the order given."""
        stories = [self._story(judgement) for judgement in judgements]
        Incident.objects.bulk_create(story.row for story in stories if story.is_new)
        for story in stories:
            if not story.is_new:
                story.row.save()
        self._write_updates(stories)
        self._write_changes(stories)
        self._write_affected(stories)
        self._write_history(stories)
        for story in stories:
            self._write_report(story)
        return [story.row for story in stories]

    def _story(self, judgement: Judgement) -> _Story:
        kept = judgement.kept
        # The judged row holds what was read of its updates, which is about to be outdated.
        row = Incident.objects.get(pk=kept.pk) if kept else Incident(page=self.page, code=judgement.record.code)
        for name, value in judgement.values.items():
            setattr(row, name, value)
        return _Story(judgement, row, {update.code: update for update in kept.updates.all()} if kept else {})

    def _write_updates(self, stories: Iterable[_Story]) -> None:
        new = [(story, self._update(story, record)) for story in stories for record in story.judgement.new_updates]
        Update.objects.bulk_create(row for _, row in new)
        for story, row in new:
            story.updates[row.code] = row
        for story in stories:
            for record in story.judgement.changed_updates:
                self._rewrite(story.updates[record.code], record)

    def _update(self, story: _Story, record: RestoredUpdate) -> Update:
        return Update(
            incident=story.row,
            code=record.code,
            html=html_of(record.body),
            author=actor_account(self.by),
            author_name=actor_name(self.by),
            **update_values(record, self.phases),
        )

    def _rewrite(self, row: Update, record: RestoredUpdate) -> None:
        for name, value in update_values(record, self.phases).items():
            setattr(row, name, value)
        row.html = html_of(record.body)
        row.save()
        row.component_changes.all().delete()

    def _write_changes(self, stories: Iterable[_Story]) -> None:
        ComponentChange.objects.bulk_create(
            ComponentChange(
                update=story.updates[record.code],
                component=self.components[change.component],
                old=change.old,
                new=change.new,
            )
            for story in stories
            for record in (*story.judgement.new_updates, *story.judgement.changed_updates)
            for change in record.changes
        )

    def _write_affected(self, stories: Iterable[_Story]) -> None:
        Affected.objects.bulk_create(
            [
                Affected(incident=story.row, component=self.components[code], worst=state)
                for story in stories
                for code, state in story.judgement.worst.items()
            ],
            update_conflicts=True,
            update_fields=["worst"],
            unique_fields=["incident", "component"],
        )

    def _write_history(self, stories: Iterable[_Story]) -> None:
        """Add the steps components took because of each that history does not have yet."""
        told = self._steps_told(stories)
        histories = Histories(self.components, by=self.by)
        for story in stories:
            taken = list(steps(story.judgement.record))
            for step in taken:
                if (step.component, step.at, step.new) not in told[story.row.pk]:
                    histories.add(step, cause=story.updates[step.update])
            for code in dict.fromkeys(step.component for step in taken):
                histories.join_to_present(code)
        histories.write()

    def _steps_told(self, stories: Iterable[_Story]) -> dict[int, set[_Step]]:
        """Return what history has of incidents that were here before, by their keys."""
        kept = [story.row.pk for story in stories if not story.is_new]
        rows = StatusChange.objects.filter(update__incident__in=kept)
        told: dict[int, set[_Step]] = defaultdict(set)
        for incident, component, at, new in rows.values_list("update__incident", "component__code", "at", "new"):
            told[incident].add((component, at, new))
        return told

    def _write_report(self, story: _Story) -> None:
        report = last_report(story.judgement.record, self.phases)
        if report is None:
            return
        update = story.updates[report.code]
        kept = None if story.is_new else Postmortem.objects.filter(incident=story.row).first()
        if kept is not None and (kept.update_id != update.pk or kept.updated_at > report.updated_at):
            return  # one was written or revised here
        values: dict[str, Any] = {
            "draft": report.body,
            "body": report.body,
            "html": html_of(report.body),
            "update": update,
            "published_at": report.posted_at,
            "created_at": report.created_at,
            "updated_at": report.updated_at,
        }
        Postmortem.objects.update_or_create(incident=story.row, defaults=values)
