"""Updates: what was said, when, and which components it moved."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.lib.codes import new_code
from incidents.lib.markdown import render_markdown
from incidents.lib.time_tokens import completed
from incidents.timeline.checks import checked_line, checked_text, not_after, plausible
from incidents.timeline.models.component import Component
from incidents.timeline.models.event import Actor, Event, actor_account, actor_name
from incidents.timeline.models.phase import Phase
from incidents.timeline.refusals import AlreadyRemoved
from incidents.timeline.states import ComponentStatus

if TYPE_CHECKING:
    from incidents.timeline.models.incident import Incident


class UpdateChanges(TypedDict, total=False):
    """What `Update.edit` may change."""

    body: str
    posted_at: datetime
    phase: Phase
    next_update_due_at: datetime | None


class UpdateQuerySet(models.QuerySet["Update"]):
    """Adjectives for updates."""

    def standing(self) -> UpdateQuerySet:
        """Those not removed."""
        return self.filter(removed_at=None)

    def newest_first(self) -> UpdateQuerySet:
        """In the order readers see them."""
        return self.order_by("-posted_at", "-pk")


class Update(models.Model):
    """One timestamped message on an incident.

    `posted_at` is the stamp readers see and may be back-dated; `created_at` is when the row
    was written. `html` is made from `body` once, at write time.
    """

    code = models.CharField(max_length=12, default=new_code)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="updates")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    html = models.TextField()
    posted_at = models.DateTimeField()
    next_update_due_at = models.DateTimeField(null=True, blank=True)
    notify = models.BooleanField(default=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=150)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = UpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "code"], name="update_code_once_per_incident"),
            models.CheckConstraint(
                condition=Q(next_update_due_at=None) | Q(next_update_due_at__gt=F("posted_at")),
                name="update_next_is_due_later",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "-posted_at"], name="update_newest_first"),
            models.Index(fields=["-posted_at"], name="update_newest_of_all"),
        ]
        ordering = ["posted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.phase.label}: {self.body[:60]}"

    def edit(self, *, by: Actor, at: datetime, notify: bool = False, **changes: Unpack[UpdateChanges]) -> Update:
        """Change text, stamp or phase; the former version is kept as a revision.

        The states of components stay as they are: their history has its own verb. Subscribers
        hear of a correction where `notify` asks for it and the update is the newest: a correction
        of an older one would overtake newer news. Raises EmptyText, TextTooLong, TimeInTheFuture,
        UnknownPhase, AlreadyRemoved.
        """
        if "body" in changes:
            text = checked_text(changes["body"], field="body", what="The text")
            posted_at = changes.get("posted_at", self.posted_at)
            changes["body"] = completed(text, zone=self.incident.page.zone, on=posted_at)
        if "posted_at" in changes:
            not_after(changes["posted_at"], at=at, field="posted_at", what="The stamp")
        if (due := changes.get("next_update_due_at")) is not None:
            plausible(due, at=at, field="next_update_due_at", what="The next update")
        if "phase" in changes:
            changes["phase"] = self.incident.phase_of_page(changes["phase"])
        with self.incident.page.locked():
            self._read_again()
            self._keep_revision(by=by, at=at)
            for name, value in changes.items():
                setattr(self, name, value)
            self.html = render_markdown(self.body) if "body" in changes else self.html
            if self.next_update_due_at and self.next_update_due_at <= self.posted_at:
                self.next_update_due_at = None
            self.edited_at = self.updated_at = at
            self.save()
            self.incident.follow_updates(at=at)
            self._record("update.edited", by=by, at=at, notify=notify and self.is_newest)
        return self

    def remove(self, *, by: Actor, at: datetime, reason: str) -> Update:
        """Take the update off the page; the row and the reason stay.

        Raises AlreadyRemoved, also for the last update an incident has left, and EmptyText.
        """
        reason = checked_line(reason, field="reason", what="The reason")
        with self.incident.page.locked():
            self._read_again()
            if self.incident.updates.standing().count() == 1:
                raise AlreadyRemoved("This is the only update left; edit it instead.")
            self.removed_at = self.updated_at = at
            self.save(update_fields=["removed_at", "updated_at"])
            self.incident.follow_updates(at=at)
            self._record("update.removed", by=by, at=at, reason=reason)
        return self

    @property
    def is_newest(self) -> bool:
        """Whether no update of the incident that stands was posted after this one."""
        newest = self.incident.updates.standing().newest_first().first()
        return newest is not None and newest.pk == self.pk

    def _read_again(self) -> None:
        """Read the row, and its incident when next asked for, as they are under the page's lock.

        Else what somebody else changed since they were loaded would be written back. Raises AlreadyRemoved.
        """
        self.refresh_from_db()
        if self.removed_at is not None:
            raise AlreadyRemoved("This update was removed before.")

    def _keep_revision(self, *, by: Actor, at: datetime) -> None:
        self.revisions.create(
            body=self.body,
            html=self.html,
            phase=self.phase,
            posted_at=self.posted_at,
            replaced_at=at,
            replaced_by=actor_account(by),
            replaced_by_name=actor_name(by),
        )

    def _record(self, kind: str, *, by: Actor, at: datetime, reason: str = "", notify: bool = False) -> None:
        incident: Incident = self.incident
        payload = {"incident": incident.code, "code": self.code}
        Event.record(
            page=incident.page,
            kind=kind,
            by=by,
            at=at,
            subject=self,
            update=self,
            notify=notify,
            payload={**payload, "reason": reason} if reason else payload,
        )


class UpdateRevision(models.Model):
    """A former version of an update, kept whole when it was replaced."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField()
    html = models.TextField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    replaced_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ["replaced_at", "pk"]

    def __str__(self) -> str:
        return f"until {self.replaced_at:%Y-%m-%d %H:%M}: {self.body[:60]}"


class ComponentChange(models.Model):
    """What an update said about one component; equal states mean it only names it."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="component_changes")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="changes")
    old = models.CharField(max_length=20, choices=ComponentStatus.choices)
    new = models.CharField(max_length=20, choices=ComponentStatus.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "component"], name="component_change_once_per_update"),
            models.CheckConstraint(
                condition=Q(old__in=ComponentStatus.values, new__in=ComponentStatus.values),
                name="component_change_is_known",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.component}: {self.old} → {self.new}"
