"""Page: one public status page."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.timeline.access import Access, checked_password, checked_ranges
from incidents.timeline.agreed_hours import AgreedHours, checked_hours
from incidents.timeline.checks import (
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
from incidents.timeline.models.page_record import HOLD_SECONDS, LONGEST_HOLD, PageRecord
from incidents.timeline.models.phase import Phase, standard_phases
from incidents.timeline.refusals import DuplicateName, UnknownChoice, UnknownPhase
from incidents.timeline.states import IncidentPhase, MaintenancePhase


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


class Page(PageRecord):
    """A status page. Several live in one install; the default one needs no host."""

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
            Phase.objects.bulk_create(standard_phases(page))
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

    def take_seqs(self, number: int, *, at: datetime) -> int:
        """Take the next `number` event numbers, inside the caller's transaction; return the last of them."""
        fresh = type(self).objects.select_for_update().only("last_seq").get(pk=self.pk)
        self.last_seq = fresh.last_seq + number
        self.updated_at = at
        self.save(update_fields=["last_seq", "updated_at"])
        return self.last_seq

    # Questions

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
