"""Components: the parts of the product people can tell apart."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import models

from incidents.timeline.checks import checked_line, checked_names, not_after, optional_text, plausible_day
from incidents.timeline.models.component_record import ComponentRecord, Visibility
from incidents.timeline.models.event import Actor, Event, actor_account, actor_name
from incidents.timeline.models.group import ComponentGroup
from incidents.timeline.models.page import Page
from incidents.timeline.models.places import assign, next_position, refuse_taken_name
from incidents.timeline.models.status_history import StatusChange, StatusCorrection
from incidents.timeline.refusals import AlreadyRemoved, ForeignComponent, UnknownStatus, WindowEndsBeforeItStarts
from incidents.timeline.states import ComponentStatus


class ComponentChanges(TypedDict, total=False):
    """What `Component.edit` may change."""

    name: str
    description: str
    group: ComponentGroup | None
    position: int
    showcase: bool
    started_on: date | None
    only_show_if_degraded: bool
    visibility: str


class Component(ComponentRecord):
    """A part of the product people can tell apart, with a state and a history of states."""

    # Factories

    @classmethod
    def add(
        cls,
        *,
        page: Page,
        name: str,
        by: Actor,
        at: datetime,
        group: ComponentGroup | None = None,
        description: str = "",
        started_on: date | None = None,
        showcase: bool = True,
        visibility: str = Visibility.PUBLIC,
        only_show_if_degraded: bool = False,
    ) -> Component:
        """Add an operational component at the end of the page or group.

        `started_on` is the first day (page zone) with data; the day of `at` where not given.
        Raises EmptyText, TextTooLong, DuplicateName, ForeignComponent (group of another page).
        """
        name = checked_line(name, field="name", what="The name")
        description = optional_text(description, field="description", what="The description")
        _refuse_foreign_group(page, group)
        with page.locked():
            refuse_taken_name(cls.objects.on(page).living().filter(group=group), name)
            component = cls.objects.create(
                page=page,
                group=group,
                name=name,
                description=description,
                started_on=plausible_day(started_on, at=at, field="started_on", what="The first day")
                or page.today(at=at),
                showcase=showcase,
                visibility=visibility,
                only_show_if_degraded=only_show_if_degraded,
                position=next_position(page),
                created_at=at,
                updated_at=at,
            )
            Event.record(page=page, kind="component.added", by=by, at=at, subject=component)
        return component

    # Verbs

    def edit(self, *, by: Actor, at: datetime, **changes: Unpack[ComponentChanges]) -> Component:
        """Change what is given; never the state, which has a verb and a history of its own.

        Raises EmptyText, TextTooLong, DuplicateName, ForeignComponent.
        """
        clean = checked_names(changes)
        if "started_on" in changes:
            plausible_day(changes["started_on"], at=at, field="started_on", what="The first day")
        group = changes.get("group", self.group)
        _refuse_foreign_group(self.page, group)
        with self.page.locked():
            siblings = Component.objects.on(self.page).living().exclude(pk=self.pk)
            refuse_taken_name(siblings.filter(group=group), clean.get("name", self.name))
            assign(self, clean, at=at)
            payload = {**clean, "group": group.code if group else None}
            Event.record(
                page=self.page,
                kind="component.edited",
                by=by,
                at=at,
                subject=self,
                payload=payload,
            )
        return self

    def set_status(self, status: str, *, by: Actor, at: datetime) -> StatusChange | None:
        """Set the state outside any incident; returns the change, None where nothing changed.

        Raises UnknownStatus, AlreadyRemoved.
        """
        with self.page.locked():
            self.refresh_from_db()
            change = self.enter_status(status, by=by, at=at)
            if change is not None:
                Event.record(
                    page=self.page,
                    kind="component.changed",
                    by=by,
                    at=at,
                    subject=self,
                    payload={"old": change.old, "new": change.new},
                )
        return change

    def correct_history(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime,
        status: str,
        reason: str,
        by: Actor,
        at: datetime,
    ) -> StatusCorrection:
        """State what the component's condition really was in a past window.

        The recorded changes stay as they are; the correction lies over them and keeps who
        made it, when and why. Raises WindowEndsBeforeItStarts, TimeInTheFuture, UnknownStatus,
        EmptyText (reason).
        """
        if ends_at <= starts_at:
            raise WindowEndsBeforeItStarts("The end must come after the start.", field="ends_at")
        not_after(ends_at, at=at, field="ends_at", what="The end")
        not_after(starts_at, at=at, field="starts_at", what="The start")
        with self.page.locked():
            correction = StatusCorrection.objects.create(
                component=self,
                starts_at=starts_at,
                ends_at=ends_at,
                status=_known_status(status),
                reason=checked_line(reason, field="reason", what="The reason"),
                at=at,
                by=actor_account(by),
                by_name=actor_name(by),
            )
            Event.record(
                page=self.page,
                kind="component.history_corrected",
                by=by,
                at=at,
                subject=self,
                payload={
                    "starts_at": starts_at,
                    "ends_at": ends_at,
                    "status": status,
                    "reason": correction.reason,
                },
            )
        return correction

    def archive(self, *, by: Actor, at: datetime) -> Component:
        """Take the component off the page; its past stays in history. Raises AlreadyRemoved."""
        with self.page.locked():
            self.refresh_from_db(fields=["archived_at"])
            if self.archived_at is not None:
                raise AlreadyRemoved(f"{self.name} was removed before.")
            assign(self, {"archived_at": at}, at=at)
            Event.record(page=self.page, kind="component.archived", by=by, at=at, subject=self)
        return self

    def enter_status(
        self,
        status: str,
        *,
        by: Actor,
        at: datetime,
        because: models.Model | None = None,
    ) -> StatusChange | None:
        """Write the change of state at `at`, inside a caller's transaction, without an event.

        Used by the verbs that record the event themselves: `set_status` and an incident's
        update (`because`). A change dated before a later one moves history, not the present.
        """
        if self.archived_at is not None:
            raise AlreadyRemoved(f"{self.name} was removed from the page.", field="components")
        old = self.status_at(at)
        new = _known_status(status)
        if old == new:
            return None
        change = StatusChange.objects.create(
            component=self,
            old=old,
            new=new,
            at=at,
            update_id=because.pk if because else None,
            by=actor_account(by),
            by_name=actor_name(by),
        )
        latest = self.status_changes.order_by("-at", "-pk").values_list("new", flat=True)[0]
        assign(self, {"status": latest}, at=max(at, self.updated_at))
        return change

    # Questions

    def status_at(self, moment: datetime) -> str:
        """Return the recorded state at an instant, as the changes tell it."""
        earlier = self.status_changes.filter(at__lte=moment).order_by("-at", "-pk").first()
        if earlier is not None:
            return earlier.new
        later = self.status_changes.order_by("at", "pk").first()
        return later.old if later is not None else self.status


def _known_status(status: str) -> str:
    if status not in ComponentStatus.values:
        raise UnknownStatus("Choose one of the states offered.", field="components")
    return status


def _refuse_foreign_group(page: Page, group: ComponentGroup | None) -> None:
    if group is not None and group.page_id != page.pk:
        raise ForeignComponent("That group does not exist on this page.", field="group")
