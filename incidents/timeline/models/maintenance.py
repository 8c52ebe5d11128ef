"""Maintenance: an incident that is planned, with a window and verbs of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop

from incidents.lib.languages import speaking
from incidents.timeline.checks import checked_window
from incidents.timeline.models.component import Component
from incidents.timeline.models.event import (
    Actor,
    Event,
    actor_account,
    actor_name,
    fingerprint,
)
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import IncidentKind, IncidentVisibility
from incidents.timeline.models.page import Page, Phase
from incidents.timeline.models.update import Update
from incidents.timeline.models.writing import write_update
from incidents.timeline.refusals import (
    UnknownRecurrence,
    WrongPhase,
)
from incidents.timeline.states import ComponentStatus, Impact, MaintenancePhase

STARTED = gettext_noop("Scheduled maintenance is currently in progress. We will provide updates as necessary.")
COMPLETED = gettext_noop("The scheduled maintenance has been completed.")
CANCELLED = gettext_noop("This maintenance will not take place.")
"""What is said where nobody says anything else, in the language of the page."""


class MaintenanceManager(models.Manager["Maintenance"]):
    """Only maintenances."""

    def get_queryset(self) -> models.QuerySet[Maintenance]:
        """Return the rows of this kind."""
        return super().get_queryset().filter(kind=IncidentKind.MAINTENANCE)


class Maintenance(Incident):
    """A planned window. Its phases are scheduled, in progress, verifying, completed, cancelled."""

    # A proxy may narrow the manager of its table; the type of a class attribute cannot say so.
    objects = MaintenanceManager()  # type: ignore[assignment,misc]

    class Meta:
        proxy = True

    # Factories

    @classmethod
    def schedule(
        cls,
        *,
        page: Page,
        title: str,
        body: str,
        starts_at: datetime,
        ends_at: datetime,
        by: Actor,
        at: datetime,
        components: Iterable[Component] = (),
        auto_start: bool = True,
        auto_finish: bool = False,
        remind_minutes: Sequence[int] = (),
        recurrence: str = "",
        notify: bool = True,
        request_key: str = "",
    ) -> Maintenance:
        """Announce a maintenance window and return it.

        `remind_minutes` are minutes before the start at which subscribers are reminded;
        `recurrence` is an RRULE (RFC 5545, section 3.3.10) by which the next window follows.
        Raises WindowEndsBeforeItStarts, ImplausibleTime, UnknownRecurrence, EmptyText, TextTooLong,
        ForeignComponent, RequestKeyReused.
        """
        checked_window(starts_at, ends_at, at=at)
        _next_by_rule(recurrence, starts_at, zone=page.zone, at=at)
        digest = fingerprint({"schedule": title, "body": body, "for": starts_at, "on": page.pk})
        with page.locked():
            earlier = Event.earlier(page=page, request_key=request_key, request_fingerprint=digest)
            if earlier is not None:
                return cls.objects.get(pk=earlier.subject_id)
            maintenance = cls._begin(
                page=page,
                title=title,
                at=at,
                kind=IncidentKind.MAINTENANCE,
                phase=page.phase(MaintenancePhase.SCHEDULED, maintenance=True),
                visibility=IncidentVisibility.PUBLIC,
                impact=Impact.MAINTENANCE,
                impact_started_at=starts_at,
                scheduled_for=starts_at,
                scheduled_until=ends_at,
                auto_start=auto_start,
                auto_finish=auto_finish,
                remind_minutes=sorted({int(minutes) for minutes in remind_minutes}, reverse=True),
                recurrence=recurrence,
            )
            maintenance.name_components(components)
            update = write_update(
                maintenance,
                body=body,
                by=by,
                at=at,
                phase=maintenance.phase,
                components={},
                posted_at=at,
                notify=notify,
            )
            maintenance._record_update("maintenance.scheduled", update, by, at, request_key, digest)
        return maintenance

    # Verbs

    def start(self, *, by: Actor, at: datetime, body: str | None = None, notify: bool = True) -> Update:
        """Begin: its components go under maintenance. Raises WrongPhase unless scheduled."""
        with self.page.locked():
            self._refuse_unless(MaintenancePhase.SCHEDULED)
            return self.post_update(
                body=self._said(STARTED) if body is None else body,
                by=by,
                at=at,
                phase=self._phase(MaintenancePhase.IN_PROGRESS),
                components=dict.fromkeys(self._own_components(), ComponentStatus.UNDER_MAINTENANCE.value),
                notify=notify,
            )

    def finish(self, *, by: Actor, at: datetime, body: str | None = None, notify: bool = True) -> Update:
        """End it: components nothing else holds down return to operational.

        A recurring maintenance schedules its next window. Raises WrongPhase unless running.
        """
        with self.page.locked():
            self._refuse_unless(MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING)
            update = self.post_update(
                body=self._said(COMPLETED) if body is None else body,
                by=by,
                at=at,
                phase=self._phase(MaintenancePhase.COMPLETED),
                components=self.released_components(),
                notify=notify,
            )
            self._schedule_next(by=by, at=at)
        return update

    def cancel(self, *, body: str, by: Actor, at: datetime, notify: bool = True) -> Update:
        """Call it off, before or during the window. Raises WrongPhase when it is over."""
        with self.page.locked():
            self._refuse_unless(
                MaintenancePhase.SCHEDULED,
                MaintenancePhase.IN_PROGRESS,
                MaintenancePhase.VERIFYING,
            )
            running = self.is_running
            return self.post_update(
                body=body,
                by=by,
                at=at,
                phase=self._phase(MaintenancePhase.CANCELLED),
                components=self.released_components() if running else {},
                notify=notify,
            )

    def move(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime,
        body: str,
        by: Actor,
        at: datetime,
        notify: bool = True,
    ) -> Update:
        """Give it another window; the old one stays readable.

        Raises WindowEndsBeforeItStarts, ImplausibleTime, WrongPhase unless scheduled.
        """
        checked_window(starts_at, ends_at, at=at)
        with self.page.locked():
            self._refuse_unless(MaintenancePhase.SCHEDULED)
            self.window_moves.create(
                old_starts_at=self.window[0],
                old_ends_at=self.window[1],
                at=at,
                by=actor_account(by),
                by_name=actor_name(by),
            )
            self.scheduled_for = self.impact_started_at = starts_at
            self.scheduled_until = ends_at
            self.reminded_minutes = []
            update = write_update(
                self,
                body=body,
                by=by,
                at=at,
                phase=self.phase,
                components={},
                posted_at=at,
                notify=notify,
            )
            self._record_update("maintenance.moved", update, by, at, "", "")
        return update

    def remind(self, *, minutes: int, by: Actor, at: datetime) -> None:
        """Record that the reminder due `minutes` before the start goes out now, once."""
        with self.page.locked():
            self.refresh_from_db()
            if minutes in self.reminded_minutes:
                return
            self.reminded_minutes = [*self.reminded_minutes, minutes]
            self.save(update_fields=["reminded_minutes"])
            Event.record(
                page=self.page,
                kind="maintenance.reminded",
                by=by,
                at=at,
                subject=self,
                update=self.updates.standing().newest_first().first(),
                notify=True,
                payload={"incident": self.code, "minutes": minutes},
            )

    # Questions

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Start and end; a constraint of the table sees to it that a maintenance has both."""
        return cast("datetime", self.scheduled_for), cast("datetime", self.scheduled_until)

    def reminder_due(self, *, at: datetime) -> int | None:
        """Return the tightest reminder (minutes before start) whose time has come, if any.

        Reminders missed while nothing ran collapse into one, and none goes out after the start.
        """
        if self.phase.canonical != MaintenancePhase.SCHEDULED or at >= self.window[0]:
            return None
        due = [minutes for minutes in self.remind_minutes if self.window[0] - timedelta(minutes=minutes) <= at]
        tightest = min(due, default=None)
        return None if tightest in self.reminded_minutes else tightest

    # Inner steps

    def _phase(self, canonical: MaintenancePhase) -> Phase:
        return self.page.phase(canonical, maintenance=True)

    def _own_components(self) -> models.QuerySet[Component]:
        return Component.objects.living().filter(affected__incident=self)

    def _said(self, words: str) -> str:
        with speaking(self.page.language):
            return gettext(words)

    def _refuse_unless(self, *phases: MaintenancePhase) -> None:
        self.refresh_from_db()
        if self.phase.canonical not in phases:
            raise WrongPhase(f"That does not fit a maintenance that is {self.phase.label.lower()}.")

    def _schedule_next(self, *, by: Actor, at: datetime) -> Maintenance | None:
        former_start, former_end = self.window
        starts_at = _next_by_rule(self.recurrence, former_start, zone=self.page.zone, at=at)
        if starts_at is None:
            return None
        first = self.updates.standing().order_by("posted_at", "pk").first()
        return type(self).schedule(
            page=self.page,
            title=self.title,
            body=first.body if first else self.title,
            starts_at=starts_at,
            ends_at=starts_at + (former_end - former_start),
            by=by,
            at=at,
            components=self._own_components(),
            auto_start=self.auto_start,
            auto_finish=self.auto_finish,
            remind_minutes=self.remind_minutes,
            recurrence=self.recurrence,
            notify=False,
        )


class WindowMove(models.Model):
    """A former window of a maintenance, kept when it was moved."""

    maintenance = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="window_moves")
    old_starts_at = models.DateTimeField()
    old_ends_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(old_ends_at__gt=F("old_starts_at")), name="window_ended_after_start"),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"was {self.old_starts_at:%Y-%m-%d %H:%M}"


def _next_by_rule(rule: str, starts_at: datetime, *, zone: ZoneInfo, at: datetime) -> datetime | None:
    """Return the next start after the last one and after now, at the same wall-clock time."""
    if not rule:
        return None
    local_start = starts_at.astimezone(zone).replace(tzinfo=None)
    local_now = at.astimezone(zone).replace(tzinfo=None)
    try:
        following = rrulestr(rule, dtstart=local_start).after(max(local_start, local_now))
    except (ValueError, TypeError) as error:
        raise UnknownRecurrence(
            "The repetition is not a rule such as FREQ=WEEKLY;BYDAY=SU.", field="recurrence"
        ) from error
    return following.replace(tzinfo=zone) if following else None
