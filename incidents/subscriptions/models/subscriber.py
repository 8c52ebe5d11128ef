"""Subscriber: an address on a page, and whether its owner agreed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.subscriptions.addresses import ADDRESS_LIMIT, shown_address
from incidents.subscriptions.refusals import NothingChosen, NotSubscribed
from incidents.subscriptions.wishes import Wish, wish_for_incident
from incidents.timeline.models import Incident, Page

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incidents.subscriptions.models.scope import MutedIncident, Scope


class SubscriberState(models.TextChoices):
    """How far consent has come."""

    PENDING = "pending", "Not confirmed yet"
    ACTIVE = "active", "Active"
    LEFT = "left", "Unsubscribed"


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Adjectives for subscribers."""

    def active(self) -> SubscriberQuerySet:
        """Those who confirmed and have not left."""
        return self.filter(state=SubscriberState.ACTIVE)

    def on(self, page: Page) -> SubscriberQuerySet:
        """Those of `page`."""
        return self.filter(page=page)


class Subscriber(models.Model):
    """An address on a page. The row of somebody who left stays: it is the suppression.

    `email` is deliverable as it stands (domain in ASCII); `mailbox` is what makes it unique.
    `consents` counts confirmations; links carry it, so that those of an earlier subscription
    are dead.
    """

    code = models.CharField(max_length=12, default=new_code, unique=True)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="subscribers")
    email = models.CharField(max_length=ADDRESS_LIMIT)
    mailbox = models.CharField(max_length=ADDRESS_LIMIT)
    state = models.CharField(max_length=10, choices=SubscriberState.choices, default=SubscriberState.PENDING)
    consents = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=16, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        scopes: RelatedManager[Scope]
        muted: RelatedManager[MutedIncident]

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "mailbox"], name="subscriber_once_per_page"),
            models.CheckConstraint(condition=~Q(email=""), name="subscriber_has_an_address"),
            models.CheckConstraint(
                condition=~Q(state=SubscriberState.ACTIVE) | Q(confirmed_at__isnull=False),
                name="subscriber_active_has_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=False) | ~Q(state=SubscriberState.LEFT),
                name="subscriber_left_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["page", "state"], name="subscriber_by_state")]
        ordering = ["email"]

    def __str__(self) -> str:
        return self.shown_email

    # Verbs

    def consent(self, wish: Wish, *, at: datetime) -> Subscriber:
        """Become active for exactly `wish`; whatever was agreed before is replaced."""
        with self.locked():
            self.state = SubscriberState.ACTIVE
            self.consents += 1
            self.confirmed_at = at
            self.left_at = None
            self.save(update_fields=["state", "consents", "confirmed_at", "left_at"])
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

    # Questions

    @property
    def is_active(self) -> bool:
        """Whether it may be sent to."""
        return self.state == SubscriberState.ACTIVE

    @property
    def shown_email(self) -> str:
        """The address as people write it."""
        return shown_address(self.email)

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
