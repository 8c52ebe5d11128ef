"""Maintenance: an incident that is planned, with a window and verbs of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Unpack, cast

from django.db import models

from incidents.timeline.checks import checked_window
from incidents.timeline.models import arranging
from incidents.timeline.models.arranging import Arrangement, Told, tightest_last
from incidents.timeline.models.component import Component
from incidents.timeline.models.event import Actor, Event, fingerprint
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import IncidentKind, IncidentVisibility
from incidents.timeline.models.page import Page
from incidents.timeline.models.series import WindowWords, planned_start, schedule_next
from incidents.timeline.models.translation import Translation
from incidents.timeline.models.update import Update
from incidents.timeline.models.writing import facts_of, write_update
from incidents.timeline.own_words import COMPLETED, STARTED, in_language
from incidents.timeline.recurrence import checked_rule
from incidents.timeline.refusals import WrongPhase
from incidents.timeline.states import ComponentStatus, Impact, MaintenancePhase


class MaintenanceManager(models.Manager["Maintenance"]):
    """Only maintenances."""

    def get_queryset(self) -> models.QuerySet[Maintenance]:
        """Return the rows of this kind."""
        return super().get_queryset().filter(kind=IncidentKind.MAINTENANCE)


class Maintenance(Incident):
    """A planned window. Its phases are scheduled, in progress, verifying, completed, cancelled.

    The `translations` a verb takes are its text in further languages of the page.
    """

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
        sets_components: bool = True,
        remind_minutes: Sequence[int] = (),
        recurrence: str = "",
        recurs_from: datetime | None = None,
        titles: Mapping[str, str] | None = None,
        translations: Mapping[str, str] | None = None,
        placeholders: bool = False,
        notify: bool = True,
        request_key: str = "",
    ) -> Maintenance:
        """Announce a maintenance window and return it.

        `remind_minutes` are minutes before the start at which subscribers are reminded;
        `recurrence` is an RRULE (RFC 5545, section 3.3.10) by which the next window follows, counted
        from `recurs_from`, the start of the first window of the series (default: this one).
        `titles` and `translations` are title and text in further languages of the page; `placeholders`
        says that all of them are written with placeholders; a duration is that of the window.
        Raises WindowEndsBeforeItStarts, ImplausibleTime, UnknownRecurrence, EmptyText, TextTooLong,
        ForeignComponent, UnknownLanguage, BlankLeft, NothingToInsert, RequestKeyReused.
        """
        checked_window(starts_at, ends_at, at=at)
        if recurs_from is None:
            recurrence = checked_rule(recurrence, first=starts_at, zone=page.zone)
        words = WindowWords(title, body, titles or {}, translations or {})
        digest = fingerprint({"schedule": title, "body": body, "for": starts_at, "on": page.pk})
        with page.locked():
            earlier = Event.earlier(page=page, request_key=request_key, request_fingerprint=digest)
            if earlier is not None:
                return cls.objects.get(pk=earlier.subject_id)
            components = list(components)
            said = words
            if placeholders:
                known = facts_of(page, components, starts_at, ends_at, None)
                said = words.filled(known) if recurs_from is None else words.filled_for_next(known)
            maintenance = cls._begin(
                page=page,
                title=said.title,
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
                sets_components=sets_components,
                remind_minutes=tightest_last(remind_minutes),
                recurrence=recurrence,
                recurs_from=recurs_from,
                series_words=asdict(words) if recurrence and placeholders else {},
            )
            maintenance.name_components(components)
            update = write_update(
                maintenance,
                body=said.body,
                by=by,
                at=at,
                phase=maintenance.phase,
                components={},
                posted_at=at,
                notify=notify,
                translations=said.translations,
            )
            Translation.of_title(maintenance, said.titles, by=by, at=at, beside_text=True)
            maintenance.record_update("maintenance.scheduled", update, by, at, request_key, digest)
        return maintenance

    # Verbs

    def start(self, *, by: Actor, at: datetime, body: str | None = None, **told: Unpack[Told]) -> Update:
        """Begin; its components go under maintenance unless told otherwise. Raises WrongPhase unless scheduled."""
        with self.page.locked():
            self.refuse_unless(MaintenancePhase.SCHEDULED)
            body = in_language(STARTED, self.page.language) if body is None else body
            return self._enter(MaintenancePhase.IN_PROGRESS, self.rested_components(), body=body, by=by, at=at, **told)

    def finish(self, *, by: Actor, at: datetime, body: str | None = None, **told: Unpack[Told]) -> Update:
        """End it: components nothing else holds down return to operational.

        A recurring maintenance schedules its next window. Raises WrongPhase unless running.
        """
        with self.page.locked():
            self.refuse_unless(MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING)
            body = in_language(COMPLETED, self.page.language) if body is None else body
            released = self.released_components()
            update = self._enter(MaintenancePhase.COMPLETED, released, body=body, by=by, at=at, **told)
            schedule_next(self, by=by, at=at)
        return update

    def cancel(self, *, body: str, by: Actor, at: datetime, ends_series: bool = True, **told: Unpack[Told]) -> Update:
        """Call it off, before or during the window, and the windows that would follow with it.

        Without `ends_series` the next one is scheduled all the same. Raises WrongPhase when it is over.
        """
        with self.page.locked():
            self.refuse_unless(
                MaintenancePhase.SCHEDULED,
                MaintenancePhase.IN_PROGRESS,
                MaintenancePhase.VERIFYING,
            )
            released = self.released_components() if self.is_running else {}
            update = self._enter(MaintenancePhase.CANCELLED, released, body=body, by=by, at=at, **told)
            if not ends_series:
                schedule_next(self, by=by, at=at)
        return update

    def arrange(self, *, by: Actor, at: datetime, **wanted: Unpack[Arrangement]) -> Maintenance:
        """Change what happens by itself; nobody is told.

        Raises WrongPhase when it is over, UnknownRecurrence.
        """
        arranging.arrange(self, wanted, by=by, at=at)
        return self

    def move(
        self, *, starts_at: datetime, ends_at: datetime, body: str, by: Actor, at: datetime, **told: Unpack[Told]
    ) -> Update:
        """Give it another window; the old one stays readable.

        Raises WindowEndsBeforeItStarts, ImplausibleTime, WrongPhase unless scheduled.
        """
        return arranging.move(self, starts_at=starts_at, ends_at=ends_at, body=body, by=by, at=at, told=told)

    def remind(self, *, minutes: int, by: Actor, at: datetime) -> None:
        """Record that the reminder due `minutes` before the start goes out now, once."""
        arranging.remind(self, minutes=minutes, by=by, at=at)

    # Questions

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Start and end; a constraint of the table sees to it that a maintenance has both."""
        return cast("datetime", self.scheduled_for), cast("datetime", self.scheduled_until)

    @property
    def series_began_at(self) -> datetime:
        """The start a rule is counted from: of the first window of the series, before any move."""
        if not self.recurrence:
            return self.window[0]
        return self.recurs_from or planned_start(self)

    def reminder_due(self, *, at: datetime) -> int | None:
        """Return the tightest reminder (minutes before start) whose time has come, if any.

        Reminders missed while nothing ran collapse into one, and none goes out after the start.
        """
        return arranging.reminder_due(self, at=at)

    def rested_components(self) -> dict[Component, str]:
        """Return its components as they are while it runs; none where it leaves them as they are."""
        if not self.sets_components:
            return {}
        return dict.fromkeys(self.living_components(), ComponentStatus.UNDER_MAINTENANCE.value)

    # Used by its verbs, here and in arranging.py

    def refuse_unless(self, *phases: MaintenancePhase) -> None:
        """Read the row again. Raises WrongPhase where it is in none of the phases."""
        self.refresh_from_db()
        if self.phase.canonical not in phases:
            raise WrongPhase(f"That does not fit a maintenance that is {self.phase.label.lower()}.")

    def _enter(
        self,
        canonical: MaintenancePhase,
        components: Mapping[Component, str],
        *,
        body: str,
        by: Actor,
        at: datetime,
        **told: Unpack[Told],
    ) -> Update:
        phase = self.page.phase(canonical, maintenance=True)
        return self.post_update(body=body, by=by, at=at, phase=phase, components=components, **told)
