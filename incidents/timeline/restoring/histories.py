"""The histories of a page's components while incidents are added to them, written together at the end."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import OuterRef, Subquery

from incidents.timeline.models import Actor, Component, StatusChange, Update
from incidents.timeline.models.event import actor_account, actor_name
from incidents.timeline.restoring.steps import Step


@dataclass
class Histories:
    """Steps to be added to the histories of `components` (by code), in the order they are given."""

    components: dict[str, Component]
    by: Actor
    _rows: list[StatusChange] = field(default_factory=list)

    def add(self, step: Step, *, cause: Update) -> None:
        """Add a step an update tells."""
        self._add(self.components[step.component], step.old, step.new, step.at, cause)

    def join_to_present(self, code: str) -> None:
        """Let the history of a component that has one end with the state the component is known to be in.

        Somebody may have set it by hand while the incident was open.
        """
        component, latest = self.components[code], self._latest[code]
        if latest.new != component.status:
            self._add(component, latest.new, component.status, max(component.updated_at, latest.at), None)

    def write(self) -> None:
        """Write what was added."""
        StatusChange.objects.bulk_create(self._rows)

    def _add(self, component: Component, old: str, new: str, at: datetime, cause: Update | None) -> None:
        row = StatusChange(
            component=component,
            old=old,
            new=new,
            at=at,
            update=cause,
            by=actor_account(self.by),
            by_name=actor_name(self.by),
        )
        self._rows.append(row)
        # Of two at one instant the one written later is the later one.
        if component.code not in self._latest or self._latest[component.code].at <= at:
            self._latest[component.code] = row

    @cached_property
    def _latest(self) -> dict[str, StatusChange]:
        """The last step of each component that took one."""
        codes = {component.pk: code for code, component in self.components.items()}
        newest = StatusChange.objects.filter(component=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
        keys = Component.objects.filter(pk__in=codes).values(latest=Subquery(newest))
        return {codes[row.component_id]: row for row in StatusChange.objects.filter(pk__in=keys)}
