"""Subscriber: an address on a page, and whether its owner agreed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.lib.text import clean_line
from incidents.subscriptions.addresses import (
    ADDRESS_LIMIT,
    KEY_LIMIT,
    MAIL_ADDRESS_LIMIT,
    shown_address,
)
from incidents.subscriptions.models.choices import ChannelKind, SeverityFloor, SubscriberState
from incidents.subscriptions.refusals import NothingChosen, NotSubscribed
from incidents.subscriptions.wishes import Wish, wish_for_incident
from incidents.timeline.models import Incident, Page

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incidents.subscriptions.models.scope import MutedIncident, Scope


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Adjectives for subscribers."""

    def active(self) -> SubscriberQuerySet:
        """Those who confirmed and have not left."""
        return self.filter(state=SubscriberState.ACTIVE)

    def on(self, page: Page) -> SubscriberQuerySet:
        """Those of `page`."""
        return self.filter(page=page)


PAUSE = timedelta(days=30)
"""How long a pause lasts; it ends by itself."""

HARD_LIMIT = 3
"""Refusals of the address after which it is switched off, where none was beyond doubt."""

SOFT_LIMIT = 10
"""Days with a refusal for the time being (half a point each, five points) before it is switched off."""

SOFT_MEMORY = timedelta(days=30)
"""A mailbox that was all right for this long starts from nothing."""

REASON_LIMIT = 500

_FAILURES = ("hard_failures", "soft_failures", "soft_failed_on", "disabled_at", "disabled_reason")


class Subscriber(models.Model):
    """An address on a page. The row of somebody who left stays: it is the suppression.

    `address` is usable as it stands: a mail address with its domain in ASCII, a URL, or a
    number with its country code (E.164). `address_key` is what makes it unique on its page and
    channel. `consents` counts confirmations; links carry it, so that those of an earlier
    subscription are dead. `contact_email` is who answers for a webhook, `signing_secret` what
    its requests are signed with. `soft_failures` counts days.
    """

    code = models.CharField(max_length=12, default=new_code, unique=True)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="subscribers")
    channel = models.CharField(max_length=20, choices=ChannelKind.choices, default=ChannelKind.EMAIL)
    address = models.CharField(max_length=ADDRESS_LIMIT)
    address_key = models.CharField(max_length=KEY_LIMIT)
    contact_email = models.CharField(max_length=MAIL_ADDRESS_LIMIT, blank=True)
    signing_secret = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=SubscriberState.choices, default=SubscriberState.PENDING)
    consents = models.PositiveIntegerField(default=0)
    wants_incidents = models.BooleanField(default=True)
    wants_maintenance = models.BooleanField(default=True)
    severity_floor = models.CharField(max_length=10, choices=SeverityFloor.choices, default=SeverityFloor.NONE)
    language = models.CharField(max_length=16, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    is_shared = models.BooleanField(default=False)
    hard_failures = models.PositiveSmallIntegerField(default=0)
    soft_failures = models.PositiveSmallIntegerField(default=0)
    soft_failed_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=REASON_LIMIT, blank=True)

    if TYPE_CHECKING:
        scopes: RelatedManager[Scope]
        muted: RelatedManager[MutedIncident]

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "channel", "address_key"], name="subscriber_once_per_page"),
            models.CheckConstraint(condition=~Q(address=""), name="subscriber_has_an_address"),
            models.CheckConstraint(
                condition=Q(wants_incidents=True) | Q(wants_maintenance=True), name="subscriber_wants_something"
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriberState.ACTIVE) | Q(confirmed_at__isnull=False),
                name="subscriber_active_has_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=False) | ~Q(state=SubscriberState.LEFT),
                name="subscriber_left_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriberState.DISABLED) | ~Q(disabled_reason=""),
                name="subscriber_disabled_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["page", "state"], name="subscriber_by_state")]
        ordering = ["address"]

    def __str__(self) -> str:
        return self.shown_address

    # Verbs

    def consent(self, wish: Wish, *, at: datetime) -> Subscriber:
        """Become active for exactly `wish`; whatever was agreed before is replaced."""
        with self.locked():
            self.state = SubscriberState.ACTIVE
            self.consents += 1
            self.confirmed_at = at
            self.left_at = self.paused_until = None
            self._forget_failures()
            self.save(update_fields=["state", "consents", "confirmed_at", "left_at", "paused_until", *_FAILURES])
            self.scopes.all().delete()
            self.muted.all().delete()
            self._follow(wish, at=at)
        return self

    def choose(self, wish: Wish | None, *, at: datetime) -> Subscriber:
        """Change what is followed from now on; incidents followed one by one stay.

        None follows nothing but those. Raises NothingChosen where there are none, NotSubscribed
        for somebody who has left.
        """
        with self.locked():
            if not self.is_active:
                raise NotSubscribed("You are not subscribed.")
            if wish is None and not self.incidents_followed():
                raise NothingChosen("Choose everything or some components, or leave.", field="what")
            self.scopes.filter(incident=None).delete()
            if wish is not None:
                self._follow(wish, at=at)
        return self

    def follow_incident(self, incident: Incident, *, at: datetime) -> Subscriber:
        """Hear of one incident on top of what is followed. Raises NotSubscribed, IncidentOver."""
        with self.locked():
            if not self.is_active:
                raise NotSubscribed("You are not subscribed.")
            self._follow(wish_for_incident(self.page, incident.code), at=at)
            self.muted.filter(incident=incident).delete()
        return self

    def leave(self, *, at: datetime) -> Subscriber:
        """Unsubscribe from everything; the first time counts, later ones change nothing."""
        with self.locked():
            if self.state == SubscriberState.LEFT:
                return self
            self.state = SubscriberState.LEFT
            self.left_at = at
            self.save(update_fields=["state", "left_at"])
            self.scopes.all().delete()
            self.muted.all().delete()
        return self

    def leave_incident(self, incident: Incident, *, at: datetime) -> Subscriber:
        """Hear no more of one incident; who followed nothing else has left."""
        with self.locked():
            if self.state != SubscriberState.ACTIVE:
                return self
            self.scopes.filter(incident=incident).delete()
            if not self.scopes.exists():
                return self.leave(at=at)
            self.muted.get_or_create(incident=incident, defaults={"created_at": at})
        return self

    def pause(self, *, at: datetime) -> Subscriber:
        """Hear nothing for 30 days. Raises NotSubscribed."""
        return self._pause_until(at + PAUSE)

    def resume(self) -> Subscriber:
        """End a pause early. Raises NotSubscribed."""
        return self._pause_until(None)

    def count_hard(self, *, answer: str, at: datetime, decisive: bool = True) -> Subscriber:
        """Count a refusal that says the address takes nothing; switch it off.

        At once where the answer leaves no doubt (`decisive`: no such mailbox, endpoint gone), else
        with the third. `answer` is the other side's own words, kept as the reason.
        """
        with self.locked():
            self.hard_failures += 1
            self.save(update_fields=["hard_failures"])
            if decisive or self.hard_failures >= HARD_LIMIT:
                self.disable(reason=answer, at=at)
        return self

    def count_soft(self, *, answer: str, at: datetime) -> Subscriber:
        """Count a day on which the address took nothing for the time being; a day counts once."""
        today = at.date()
        with self.locked():
            if self.soft_failed_on == today:
                return self
            self.soft_failures = 1 if self._soft_is_forgotten(today) else self.soft_failures + 1
            self.soft_failed_on = today
            self.save(update_fields=["soft_failures", "soft_failed_on"])
            if self.soft_failures >= SOFT_LIMIT:
                self.disable(reason=answer, at=at)
        return self

    def disable(self, *, reason: str, at: datetime) -> Subscriber:
        """Send nothing more to an address that takes nothing; the row stays and is listed."""
        with self.locked():
            if self.state != SubscriberState.ACTIVE:
                return self
            self.state = SubscriberState.DISABLED
            self.disabled_at = at
            self.disabled_reason = clean_line(reason)[:REASON_LIMIT] or "It takes nothing any more."
            self.save(update_fields=["state", "disabled_at", "disabled_reason"])
        return self

    def reactivate(self) -> Subscriber:
        """Send again to an address that was switched off; its consent still stands."""
        with self.locked():
            if self.state == SubscriberState.DISABLED:
                self.state = SubscriberState.ACTIVE
                self._forget_failures()
                self.save(update_fields=["state", *_FAILURES])
        return self

    # Questions

    @property
    def is_active(self) -> bool:
        """Whether it may be sent to."""
        return self.state == SubscriberState.ACTIVE

    @property
    def shown_address(self) -> str:
        """The address as people write it."""
        return shown_address(self.address) if self.channel == ChannelKind.EMAIL else self.address

    def is_paused(self, *, at: datetime) -> bool:
        """Whether a pause is running."""
        return self.paused_until is not None and at < self.paused_until

    @property
    def hears_something(self) -> bool:
        """Whether any mail can still come: active, and not only for incidents that are over."""
        return self.is_active and self.scopes.filter(ended_seq=None).exists()

    def follows(self) -> Wish:
        """Return the page or components followed; incidents followed one by one are not in it."""
        components = [
            scope.component
            for scope in self.scopes.exclude(component=None)
            .select_related("component__group")
            .order_by("component__position", "pk")
            if scope.component is not None
        ]
        return Wish(components=tuple(components))

    def incidents_followed(self) -> list[Incident]:
        """Return the incidents followed one by one that are not over."""
        rows = self.scopes.exclude(incident=None).filter(ended_seq=None).select_related("incident__phase")
        return [scope.incident for scope in rows.order_by("pk") if scope.incident is not None]

    @property
    def follows_only_incidents(self) -> bool:
        """Whether neither the page nor any component is followed."""
        return not self.scopes.filter(incident=None).exists()

    # Inner steps

    def _pause_until(self, until: datetime | None) -> Subscriber:
        with self.locked():
            if not self.is_active:
                raise NotSubscribed("You are not subscribed.")
            self.paused_until = until
            self.save(update_fields=["paused_until"])
        return self

    def _soft_is_forgotten(self, today: date) -> bool:
        return self.soft_failed_on is None or today - self.soft_failed_on > SOFT_MEMORY

    def _forget_failures(self) -> None:
        self.hard_failures = self.soft_failures = 0
        self.soft_failed_on = self.disabled_at = None
        self.disabled_reason = ""

    @contextmanager
    def locked(self) -> Iterator[Subscriber]:
        """Run the block in a transaction in which nobody else changes this subscriber, read anew."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
            yield self

    def _follow(self, wish: Wish, *, at: datetime) -> None:
        scope = self.scopes.model
        wanted = [scope(subscriber=self, component=component, created_at=at) for component in wish.components]
        if not wanted:
            wanted = [scope(subscriber=self, incident=wish.incident, created_at=at)]
        scope.objects.bulk_create(wanted, ignore_conflicts=True)
