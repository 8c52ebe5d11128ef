"""ActionItem: a promise made after an incident, which can be tracked."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import models
from django.db.models import Q

from incidents.timeline.checks import checked_line, optional_text, plausible_day
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.models.postmortem import Postmortem
from incidents.timeline.refusals import WrongPhase


class ActionState(models.TextChoices):
    """How far a promise is."""

    PLANNED = "planned", "Planned"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class ActionChanges(TypedDict, total=False):
    """What `ActionItem.edit` may change."""

    text: str
    owner: str
    due_on: date | None
    is_public: bool


class ActionItem(models.Model):
    """Something we promised to change, who owns it and by when."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=500)
    owner = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=12, choices=ActionState.choices, default=ActionState.PLANNED)
    reason = models.CharField(max_length=255, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="action_has_a_text"),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(reason=""), name="action_dropped_for_a_reason"),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def add(
        cls,
        *,
        postmortem: Postmortem,
        text: str,
        by: Actor,
        at: datetime,
        owner: str = "",
        due_on: date | None = None,
        is_public: bool = True,
    ) -> ActionItem:
        """Add a promise at the end of the list. Raises EmptyText, TextTooLong."""
        with postmortem.incident.page.locked():
            action = cls.objects.create(
                postmortem=postmortem,
                text=checked_line(text, field="text", what="The action", limit=500),
                owner=optional_text(owner, field="owner", what="The owner", limit=100),
                due_on=plausible_day(due_on, at=at, field="due_on", what="The day"),
                is_public=is_public,
                position=postmortem.actions.count(),
                created_at=at,
                updated_at=at,
            )
            action._record("action.added", by=by, at=at)
        return action

    def edit(self, *, by: Actor, at: datetime, **changes: Unpack[ActionChanges]) -> ActionItem:
        """Change text, owner, due day or whether it is public. Raises EmptyText, TextTooLong."""
        if "text" in changes:
            changes["text"] = checked_line(changes["text"], field="text", what="The action", limit=500)
        if "owner" in changes:
            changes["owner"] = optional_text(changes["owner"], field="owner", what="The owner", limit=100)
        plausible_day(changes.get("due_on"), at=at, field="due_on", what="The day")
        with self.postmortem.incident.page.locked():
            for name, value in changes.items():
                setattr(self, name, value)
            self.updated_at = at
            self.save(update_fields=[*changes, "updated_at"])
            self._record("action.edited", by=by, at=at)
        return self

    def move_to(self, state: str, *, by: Actor, at: datetime, reason: str = "") -> ActionItem:
        """Say how far it is; dropping needs a reason, done keeps its day (page zone).

        Raises EmptyText (reason), WrongPhase (no such state).
        """
        if state not in ActionState.values:
            raise WrongPhase("Choose one of the states offered.", field="state")
        page = self.postmortem.incident.page
        with page.locked():
            self.state = state
            self.reason = (
                checked_line(reason, field="reason", what="The reason") if state == ActionState.DROPPED else ""
            )
            self.done_on = page.today(at=at) if state == ActionState.DONE else None
            self.updated_at = at
            self.save(update_fields=["state", "reason", "done_on", "updated_at"])
            self._record(f"action.{state}", by=by, at=at)
        return self

    def _record(self, kind: str, *, by: Actor, at: datetime) -> None:
        incident = self.postmortem.incident
        Event.record(
            page=incident.page,
            kind=kind,
            by=by,
            at=at,
            subject=self,
            payload={"incident": incident.code, "text": self.text, "state": self.state},
        )
