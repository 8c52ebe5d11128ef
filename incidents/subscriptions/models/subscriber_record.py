"""What is kept of a subscriber: its columns, what the database refuses, and plain questions."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from incidents.lib.codes import new_code
from incidents.subscriptions.addresses import ADDRESS_LIMIT, KEY_LIMIT, MAIL_ADDRESS_LIMIT, masked, shown_address
from incidents.subscriptions.choices import SECRET_ADDRESSES, ChannelKind, Leaving, SubscriberState
from incidents.subscriptions.models.endurance import Endurance
from incidents.subscriptions.models.following import Following
from incidents.subscriptions.models.subscriber_set import SubscriberQuerySet
from incidents.timeline.models import Page


class SubscriberRecord(Following, Endurance):
    """The row without its verbs, which are those of Subscriber.

    `address` is usable as it stands: a mail address with its domain in ASCII, a URL, or a
    number with its country code (E.164). `address_key` is what makes it unique on its page and
    channel. `consents` counts confirmations; links carry it, so that those of an earlier
    subscription are dead. `contact_email` is who answers for a webhook, `signing_secret` what
    its requests are signed with.
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
    leaving = models.CharField(max_length=10, choices=Leaving.choices, default=Leaving.FREE)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        abstract = True
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
        indexes = [
            models.Index(fields=["page", "state"], name="subscriber_by_state"),
            models.Index(fields=["page", "address"], name="subscriber_by_address"),
        ]
        ordering = ["address"]

    def __str__(self) -> str:
        return self.shown_address

    @property
    def is_active(self) -> bool:
        """Whether it may be sent to, unless it is paused."""
        return self.state == SubscriberState.ACTIVE

    @property
    def is_mail(self) -> bool:
        """Whether the address is one of mail."""
        return self.channel == ChannelKind.EMAIL

    @property
    def shown_address(self) -> str:
        """The address as people write it; of a chat's, which lets anybody post there, only where it leads."""
        if self.channel in SECRET_ADDRESSES:
            return masked(self.address)
        return shown_address(self.address) if self.is_mail else self.address

    def is_paused(self, *, at: datetime) -> bool:
        """Whether a pause is running."""
        return self.paused_until is not None and at < self.paused_until

    @property
    def hears_something(self) -> bool:
        """Whether any mail can still come: active, and not only for incidents that are over."""
        return self.is_active and self.has_living_scopes
