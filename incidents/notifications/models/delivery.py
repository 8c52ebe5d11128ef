"""Delivery: one message to one address, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from incidents.notifications.choices import WAITING, WITHOUT_CAUSE, DeliveryState, Lane, MailKind
from incidents.notifications.models.alarm import Alarm
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.subscriptions.addresses import ADDRESS_LIMIT, masked, shown_address
from incidents.subscriptions.choices import SECRET_ADDRESSES
from incidents.subscriptions.models import ChannelKind, Subscriber, SubscriptionRequest
from incidents.timeline.models import Event, Incident, Page

ANSWER_LIMIT = 500


class Delivery(models.Model):
    """One message to one address: news of an event to a subscriber, or the mail of a request.

    `seq` is the event's number, kept here so that "newer" needs no join. `message_id` is the
    same on every try, so that a mailbox can tell a second copy from a second message. `digest`
    is the mail in which a held delivery was told of together with others. `attempts` counts tries
    the other side may have heard of, `refusals` those its mailbox refused for the time being, `lost`
    the workers that ended without a word since the last answer while they held it, `unanswered` how often it may have
    arrived without our learning so. `component` is the code
    of the component whose change a webhook is told of, "" for the news itself.
    """

    # Every index costs two writes for each message sent: where one of those below begins with a key, it has none.

    # Page and incident are those of the event (of the alarm, of the request), whose key the database holds: to check
    # them again for each of a hundred thousand rows took a quarter of a fan-out.
    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="deliveries", db_index=False, db_constraint=False
    )
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False, db_constraint=False
    )
    event = models.ForeignKey(Event, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    seq = models.PositiveBigIntegerField(default=0)
    subscription_request = models.ForeignKey(
        SubscriptionRequest, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.CASCADE, related_name="deliveries")
    alarm = models.ForeignKey(Alarm, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    digest = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="members", db_index=False)
    component = models.CharField(max_length=12, blank=True, default="")
    channel = models.CharField(max_length=20, choices=ChannelKind.choices, default=ChannelKind.EMAIL)
    kind = models.CharField(max_length=30, choices=MailKind.choices)
    address = models.CharField(max_length=ADDRESS_LIMIT)
    message_id = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.NEWS)
    attempts = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0, db_default=0)
    lost = models.PositiveSmallIntegerField(default=0, db_default=0)
    unanswered = models.PositiveSmallIntegerField(default=0, db_default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(db_default=Now())
    last_answer = models.CharField(max_length=ANSWER_LIMIT, blank=True)
    fault = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber", "channel", "component"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(event__isnull=False)
                | Q(subscription_request__isnull=False)
                | Q(alarm__isnull=False)
                | Q(kind__in=WITHOUT_CAUSE),
                name="delivery_has_a_cause",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False), name="delivery_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.LEASED) | Q(lease_until__isnull=False),
                name="delivery_leased_has_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "lane", "next_try_at", "id"],
                condition=Q(state__in=WAITING),
                name="delivery_waiting",
            ),
            models.Index(
                # Not by state: due() would then compare with every leased row instead of looking the few up.
                fields=["lease", "lease_until"],
                condition=~Q(lease=""),
                name="delivery_leased",
            ),
            models.Index(
                fields=["subscription_request"],
                condition=Q(subscription_request__isnull=False),
                name="delivery_of_request",
            ),
            models.Index(fields=["alarm"], condition=Q(alarm__isnull=False), name="delivery_of_alarm"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="delivery_in_digest"),
            models.Index(fields=["next_try_at"], condition=Q(state=DeliveryState.HELD), name="delivery_held"),
            models.Index(fields=["incident", "subscriber", "seq"], name="delivery_by_incident"),
            models.Index(fields=["page", "-created_at"], name="delivery_newest"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} to {self.shown_address}"

    @property
    def shown_address(self) -> str:
        """The address as people write it."""
        if self.channel in SECRET_ADDRESSES:
            return masked(self.address)
        return shown_address(self.address) if self.channel == ChannelKind.EMAIL else self.address
