"""Component groups: headings over components."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import models
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.timeline.checks import NAME_LIMIT, checked_line, checked_names, optional_text
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.models.page import Page
from incidents.timeline.models.places import assign, next_position, refuse_taken_name


class GroupChanges(TypedDict, total=False):
    """What `ComponentGroup.edit` may change."""

    name: str
    description: str
    position: int
    always_open: bool


class ComponentGroup(models.Model):
    """A heading over components; its state is the worst of theirs."""

    code = models.CharField(max_length=12, default=new_code)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=NAME_LIMIT)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    always_open = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "code"], name="group_code_once_per_page"),
            models.CheckConstraint(condition=~Q(name=""), name="group_has_a_name"),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def add(
        cls, *, page: Page, name: str, by: Actor, at: datetime, description: str = "", always_open: bool = False
    ) -> ComponentGroup:
        """Add a group at the end of the page. Raises EmptyText, TextTooLong, DuplicateName."""
        name = checked_line(name, field="name", what="The name")
        description = optional_text(description, field="description", what="The description")
        with page.locked():
            refuse_taken_name(cls.objects.filter(page=page), name)
            group = cls.objects.create(
                page=page,
                name=name,
                description=description,
                position=next_position(page),
                always_open=always_open,
                created_at=at,
                updated_at=at,
            )
            Event.record(page=page, kind="group.added", by=by, at=at, subject=group)
        return group

    def edit(self, *, by: Actor, at: datetime, **changes: Unpack[GroupChanges]) -> ComponentGroup:
        """Change what is given. Raises EmptyText, TextTooLong, DuplicateName."""
        clean = checked_names(changes)
        with self.page.locked():
            if "name" in clean:
                others = ComponentGroup.objects.filter(page=self.page).exclude(pk=self.pk)
                refuse_taken_name(others, clean["name"])
            assign(self, clean, at=at)
            Event.record(page=self.page, kind="group.edited", by=by, at=at, subject=self, payload=clean)
        return self

    def remove(self, *, by: Actor, at: datetime) -> None:
        """Remove the heading; its components stay on the page without one."""
        with self.page.locked():
            Event.record(
                page=self.page,
                kind="group.removed",
                by=by,
                at=at,
                subject=self,
                payload={"name": self.name},
            )
            self.delete()
