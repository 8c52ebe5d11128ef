"""Page: one public status page, and the phases its incidents move through."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.timeline.access import Access, checked_password, checked_ranges
from incidents.timeline.agreed_hours import AgreedHours, checked_hours
from incidents.timeline.checks import (
    NAME_LIMIT,
    checked_host,
    checked_language,
    checked_languages,
    checked_line,
    checked_names,
    checked_web_address,
    checked_zone,
)
from incidents.timeline.looks import Look, checked_look
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.refusals import DuplicateName, UnknownChoice, UnknownPhase
from incidents.timeline.states import IncidentPhase, MaintenancePhase

HOLD_SECONDS = 10
LONGEST_HOLD = 60


class PageChanges(TypedDict, total=False):
    """What `Page.edit` may change."""

    name: str
    host: str
    product_url: str
    description: str
    time_zone: str
    language: str
    further_languages: Iterable[str]
    publishes_detection: bool
    takes_reports: bool
    publishes_reports: bool
    publishes_scorecard: bool
    is_unlisted: bool
    postmortem_due_days: int
    hold_seconds: int
    confirm_recipients: int
    asks_second_person: bool
    agreed_hours: AgreedHours | None


class Page(models.Model):
    """A status page. Several live in one install; the default one needs no host."""

    code = models.CharField(max_length=12, default=new_code, unique=True)
    name = models.CharField(max_length=NAME_LIMIT)
    host = models.CharField(max_length=253, blank=True)
    product_url = models.URLField(blank=True)
    description = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, default="en")
    further_languages = models.JSONField(default=list, blank=True)
    """Tags of the languages it is published in beside the main one, in the order they are offered in."""
    is_default = models.BooleanField(default=False)
    publishes_detection = models.BooleanField(default=False)
    takes_reports = models.BooleanField(default=False)
    """Whether readers may say that something affects them too."""
    publishes_reports = models.BooleanField(default=False)
    """Whether the page tells how many did, in words."""
    publishes_scorecard = models.BooleanField(default=False)
    """Whether readers see how fast incidents were noticed, told of and resolved (scorecard.py)."""
    postmortem_due_days = models.PositiveSmallIntegerField(default=0)
    """Days after a major incident by which a postmortem is promised; 0 promises none."""
    agreed_hours = models.JSONField(default=dict, blank=True)
    """When maintenance is expected (agreed_hours.py); {} agrees on none."""
    hold_seconds = models.PositiveSmallIntegerField(default=HOLD_SECONDS)
    """Seconds for which what staff publish can be taken back before anything of it leaves; 0 publishes at once."""
    confirm_recipients = models.PositiveIntegerField(default=5_000)
    """More people than this are told only after the numbers were confirmed."""
    asks_second_person = models.BooleanField(default=False)
    """Whether somebody else has to agree wherever numbers have to be confirmed."""
    is_unlisted = models.BooleanField(default=False)
    """Whether search engines are asked to leave it out."""
    look_chosen = models.JSONField(default=dict, blank=True)
    """Colours, corners, face and logo (looks.py); {} is the usual look."""
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.PUBLIC)
    password_hash = models.CharField(max_length=128, blank=True)
    address_ranges = models.JSONField(default=list, blank=True)
    """Networks whose readers are let in, where access is by address."""
    feed_secret = models.CharField(max_length=43, blank=True)
    """Part of the addresses at which programs follow a page that is not public."""
    last_seq = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="page_host_is_unique"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="page_one_default"),
            models.CheckConstraint(condition=~Q(name=""), name="page_has_a_name"),
            models.CheckConstraint(condition=Q(hold_seconds__lte=LONGEST_HOLD), name="page_holds_a_minute_at_most"),
        ]
        ordering = ["-is_default", "name"]

    def __str__(self) -> str:
        return self.name

    # Factories

    @classmethod
    def create(
        cls,
        *,
        name: str,
        by: Actor,
        at: datetime,
        time_zone: str = "UTC",
        host: str = "",
        code: str = "",
        created_at: datetime | None = None,
        hold_seconds: int = HOLD_SECONDS,
    ) -> Page:
        """Make a page with the standard phases and return it; the first one is the default.

        Raises EmptyText, TextTooLong, UnknownTimeZone, DuplicateName (host taken).
        """
        with transaction.atomic():
            page = cls(
                code=code or new_code(),
                name=checked_line(name, field="name", what="The name"),
                host=cls._free_host(host),
                time_zone=checked_zone(time_zone),
                is_default=not cls.objects.filter(is_default=True).exists(),
                created_at=created_at or at,
                updated_at=at,
                hold_seconds=hold_seconds,
            )
            page.save(force_insert=True)
            Phase.objects.bulk_create(_standard_phases(page))
            Event.record(page=page, kind="page.created", by=by, at=at, subject=page)
        return page

    # Verbs

    def edit(self, *, by: Actor, at: datetime, **changes: Unpack[PageChanges]) -> Page:
        """Change name, host, zone, languages or switches. The main language is never among the further ones.

        Raises EmptyText, UnknownTimeZone, UnknownLanguage, DuplicateName.
        """
        clean = self._checked(changes)
        if not 0 <= changes.get("hold_seconds", 0) <= LONGEST_HOLD:
            raise UnknownChoice(f"Give 0 to {LONGEST_HOLD} seconds.", field="hold_seconds")
        with self.locked():
            if "host" in changes:
                clean["host"] = self._free_host(changes["host"], but=self)
            for name, value in clean.items():
                setattr(self, name, value)
            self.save(update_fields=list(clean))
            Event.record(page=self, kind="page.edited", by=by, at=at, subject=self, payload=clean)
        return self

    def dress(self, look: Look, *, by: Actor, at: datetime) -> Page:
        """Look like this from now on. Raises UnknownChoice, TooFaint, TextTooLong."""
        chosen = checked_look(look).as_kept()
        with self.locked():
            self.look_chosen = chosen
            self.save(update_fields=["look_chosen"])
            Event.record(page=self, kind="page.dressed", by=by, at=at, subject=self, payload=chosen)
        return self

    def restrict(
        self, *, access: str, by: Actor, at: datetime, password: str = "", address_ranges: Iterable[str] = ()
    ) -> Page:
        """Let these readers in and nobody else; what was published for everybody is withdrawn at once.

        An empty password keeps the one there is. Raises UnknownChoice, UnusableAccess.
        """
        if access not in Access.values:
            raise UnknownChoice("Choose one of the ways offered.", field="access")
        with self.locked():
            self.access = access
            if access == Access.PASSWORD and (password or not self.password_hash):
                self.password_hash = make_password(checked_password(password))
            if access == Access.ADDRESSES:
                self.address_ranges = checked_ranges(address_ranges)
            self.feed_secret = self.feed_secret or secrets.token_urlsafe(32)
            self.save(update_fields=["access", "password_hash", "address_ranges", "feed_secret"])
            Event.record(page=self, kind="page.restricted", by=by, at=at, subject=self, payload={"access": access})
        return self

    def renew_feed_secret(self, *, by: Actor, at: datetime) -> Page:
        """Give the feeds of a page that is not public new addresses; the former ones lead nowhere."""
        with self.locked():
            self.feed_secret = secrets.token_urlsafe(32)
            self.save(update_fields=["feed_secret"])
            Event.record(page=self, kind="page.feeds_moved", by=by, at=at, subject=self)
        return self

    def add_phase(self, *, slug: str, label: str, canonical: str, by: Actor, at: datetime) -> Phase:
        """Add a phase of the page's own, mapped to the canonical one that APIs report.

        Raises UnknownPhase (canonical), DuplicateName (slug taken), EmptyText.
        """
        if canonical not in (*IncidentPhase.values, *MaintenancePhase.values):
            raise UnknownPhase("Choose the standard phase it stands for.", field="canonical")
        slug = checked_line(slug, field="slug", what="The short name", limit=40)
        label = checked_line(label, field="label", what="The label", limit=60)
        with self.locked():
            if self.phases.filter(slug=slug).exists():
                raise DuplicateName(f"The page has a phase “{slug}” already.", field="slug")
            phase = self.phases.create(slug=slug, label=label, canonical=canonical, position=self.phases.count())
            Event.record(page=self, kind="phase.added", by=by, at=at, subject=phase)
        return phase

    @contextmanager
    def locked(self) -> Iterator[Page]:
        """Run the block in a transaction in which nobody else changes this page.

        On PostgreSQL the page row is locked; on SQLite the transaction, begun IMMEDIATE,
        is the only writer anyway.
        """
        with transaction.atomic():
            type(self).objects.select_for_update().only("pk").get(pk=self.pk)
            yield self

    def take_next_seq(self, *, at: datetime) -> int:
        """Return the next event number, inside the caller's transaction."""
        fresh = type(self).objects.select_for_update().only("last_seq").get(pk=self.pk)
        self.last_seq = fresh.last_seq + 1
        self.updated_at = at
        self.save(update_fields=["last_seq", "updated_at"])
        return self.last_seq

    # Questions

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the page's days begin and its stamps are written."""
        return ZoneInfo(self.time_zone)

    @property
    def look(self) -> Look:
        """How the page looks."""
        return Look.kept(self.look_chosen)

    @property
    def is_private(self) -> bool:
        """Whether its readers have to show something before they read it."""
        return self.access != Access.PUBLIC

    def today(self, *, at: datetime) -> date:
        """Return the calendar day of the page's zone at the instant `at`."""
        return at.astimezone(self.zone).date()

    def phase(self, slug: str, *, maintenance: bool = False) -> Phase:
        """Return the phase called `slug`. Raises UnknownPhase, also for the other kind's."""
        phase = self.phases.filter(slug=slug).first()
        if phase is None or phase.is_for_maintenance != maintenance:
            raise UnknownPhase("Choose one of the phases offered.", field="phase")
        return phase

    @classmethod
    def for_host(cls, host: str) -> Page | None:
        """Return the page served at `host` (no port), else the default page, else None."""
        named = Q(host=host.lower()) & ~Q(host="")
        return cls.objects.filter(named | Q(is_default=True)).order_by("is_default").first()

    def _checked(self, changes: PageChanges) -> dict[str, Any]:
        """Return the changes clean, but for the host, which needs the lock."""
        clean = checked_names(changes)
        if "time_zone" in changes:
            clean["time_zone"] = checked_zone(changes["time_zone"])
        if "language" in changes:
            clean["language"] = checked_language(changes["language"])
        if "language" in changes or "further_languages" in changes:
            further = changes.get("further_languages", self.further_languages)
            clean["further_languages"] = checked_languages(further, beside=clean.get("language", self.language))
        if "agreed_hours" in changes:
            clean["agreed_hours"] = checked_hours(changes["agreed_hours"])
        if "product_url" in changes:
            clean["product_url"] = checked_web_address(changes["product_url"], field="product_url")
        return clean

    @classmethod
    def _free_host(cls, host: str, but: Page | None = None) -> str:
        host = checked_host(host)
        taken = cls.objects.filter(host=host).exclude(pk=but.pk if but else None)
        if host and taken.exists():
            raise DuplicateName(f"Another page answers at {host}.", field="host")
        return host


class Phase(models.Model):
    """A step an incident or maintenance can be in. Labels are the page's; meaning is canonical."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="phases")
    slug = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    canonical = models.CharField(max_length=20, choices=[*IncidentPhase.choices, *MaintenancePhase.choices])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "slug"], name="phase_once_per_page"),
            models.CheckConstraint(
                condition=Q(canonical__in=[*IncidentPhase.values, *MaintenancePhase.values]),
                name="phase_has_a_canonical_meaning",
            ),
        ]
        ordering = ["page", "position"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_for_maintenance(self) -> bool:
        """Whether the phase belongs to maintenances rather than incidents."""
        return self.canonical in MaintenancePhase.values


def _standard_phases(page: Page) -> list[Phase]:
    steps = [
        ("investigating", IncidentPhase.INVESTIGATING, "Investigating"),
        ("identified", IncidentPhase.IDENTIFIED, "Identified"),
        ("reactivating", IncidentPhase.IDENTIFIED, "Reactivating"),
        ("monitoring", IncidentPhase.MONITORING, "Monitoring"),
        ("resolved", IncidentPhase.RESOLVED, "Resolved"),
        ("postmortem", IncidentPhase.POSTMORTEM, "Postmortem"),
        *((str(step), step, str(step.label)) for step in MaintenancePhase),
    ]
    return [
        Phase(page=page, slug=slug, canonical=canonical, label=label, position=position)
        for position, (slug, canonical, label) in enumerate(steps)
    ]
