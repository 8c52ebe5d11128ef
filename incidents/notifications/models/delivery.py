"""Delivery: one message to one address, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from incidents.notifications.models.alarm import Alarm
from incidents.subscriptions.addresses import ADDRESS_LIMIT, masked, shown_address
from incidents.subscriptions.choices import SECRET_ADDRESSES
from incidents.subscriptions.models import ChannelKind, Subscriber, SubscriberState, SubscriptionRequest
from incidents.timeline.models import Event, Incident, Page

ANSWER_LIMIT = 500


class DeliveryState(models.TextChoices):
    """Where a delivery stands. The last five are ends.

    Held is what the flood stop keeps back until it goes out with others as one digest.
    """

    QUEUED = "queued", "Waiting"
    LEASED = "leased", "Being sent"
    RETRYING = "retrying", "Will be tried again"
    HELD = "held", "Held for a digest"
    SENT = "sent", "Sent"
    BOUNCED = "bounced", "Bounced"
    FAILED = "failed", "Failed"
    SUPERSEDED = "superseded", "Overtaken by a newer update"
    SUPPRESSED = "suppressed", "Unsubscribed before it was sent"


WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
UNFINISHED = (*WAITING, DeliveryState.HELD, DeliveryState.LEASED)
FINISHED = tuple(state for state in DeliveryState if state not in UNFINISHED)


class Lane(models.IntegerChoices):
    """What goes first when several wait: a person at a form, fresh news, then second tries."""

    CONSENT = 0
    NEWS = 1
    RETRY = 2


class MailKind(models.TextChoices):
    """Which mail it is; the folder of its templates."""

    CONFIRM = "confirm", "Confirmation"
    MANAGE_LINK = "manage_link", "Manage link"
    INCIDENT_OPENED = "incident_opened", "Incident opened"
    INCIDENT_UPDATED = "incident_updated", "Incident update"
    INCIDENT_RESOLVED = "incident_resolved", "Incident resolved"
    MAINTENANCE_PLANNED = "maintenance_planned", "Maintenance planned"
    MAINTENANCE_REMINDER = "maintenance_reminder", "Maintenance reminder"
    MAINTENANCE_STARTED = "maintenance_started", "Maintenance started"
    MAINTENANCE_UPDATED = "maintenance_updated", "Maintenance update"
    MAINTENANCE_COMPLETED = "maintenance_completed", "Maintenance completed"
    MAINTENANCE_MOVED = "maintenance_moved", "Maintenance moved"
    MAINTENANCE_CANCELLED = "maintenance_cancelled", "Maintenance cancelled"
    POSTMORTEM = "postmortem", "Postmortem"
    CORRECTION = "correction", "Correction"
    DIGEST = "digest", "Digest"
    PROBE = "probe", "Question whether the mailbox still works"
    ALARM = "alarm", "Alarm to staff"
    COMPONENT_CHANGED = "component_changed", "Component changed"
    ENDPOINT_FAILING = "endpoint_failing", "Endpoint fails"
    ENDPOINT_OFF = "endpoint_off", "Endpoint switched off"


WITHOUT_CAUSE = (MailKind.PROBE, MailKind.ENDPOINT_FAILING, MailKind.ENDPOINT_OFF)
"""Mails about an address itself: neither an event nor a request is behind them."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Adjectives for deliveries. Times are the database's, so that workers need not agree on one."""

    def on(self, page: Page) -> DeliveryQuerySet:
        """Those of `page`."""
        return self.filter(page=page)

    def unfinished(self) -> DeliveryQuerySet:
        """Those not at an end."""
        return self.filter(state__in=UNFINISHED)

    def abandoned(self) -> DeliveryQuerySet:
        """Those whose worker has not come back within its lease."""
        return self.filter(state=DeliveryState.LEASED, lease_until__lt=Now()).exclude(lease="")

    def due(self) -> DeliveryQuerySet:
        """Those to send now.

        Not while another message about the same incident is on its way to the same person:
        the older one could arrive after the newer.
        """
        on_its_way = Delivery.objects.filter(
            state=DeliveryState.LEASED, subscriber=OuterRef("subscriber"), incident=OuterRef("incident")
        )
        due = self.filter(state__in=WAITING, next_try_at__lte=Now())
        return due.alias(on_its_way=Subquery(on_its_way.order_by().values("pk")[:1])).filter(on_its_way=None)

    def due_on(
        self, channel: str, *, lanes: Sequence[int] | None, without: Collection[int], frozen: Collection[int] = ()
    ) -> DeliveryQuerySet:
        """Those to send now on a channel, in their order: of some lanes, and not of the events `without`.

        Nor news of the pages `frozen`: there only answers to people and words to staff go out.
        """
        due = self.due().filter(channel=channel).order_by("lane", "next_try_at", "pk")
        if lanes is not None:
            due = due.filter(lane__in=lanes)
        if frozen:
            due = due.exclude(page__in=frozen, event__isnull=False)
        return due.exclude(event__in=without) if without else due

    def overtaken(self) -> DeliveryQuerySet:
        """Waiting ones whose subscriber has a newer one about the same incident.

        Held ones overtake nobody before their digest is due, and a digest is overtaken by nobody:
        it may tell of other incidents as well, and what is newer waits for the next one.
        """
        newer = Delivery.objects.filter(
            incident=OuterRef("incident"), subscriber=OuterRef("subscriber"), channel=OuterRef("channel")
        ).exclude(state=DeliveryState.HELD)
        # A value, not EXISTS: PostgreSQL makes a join of that, and while it knows nothing of a new
        # incident's rows it compares each with each (197 s for 20,000).
        newest = Subquery(newer.order_by("-seq").values("seq")[:1])
        return self.filter(seq__lt=newest, state__in=WAITING).exclude(kind=MailKind.DIGEST)

    def withdrawn(self) -> DeliveryQuerySet:
        """News nobody is to get any more: the subscriber left, was switched off, pauses or does not want this incident.

        Or the update that was to be told of was taken back.
        """
        muted = Q(subscriber__muted__incident=F("incident"))
        left = ~Q(subscriber__state=SubscriberState.ACTIVE) | Q(subscriber__paused_until__gt=Now())
        taken_back = Q(event__update__removed_at__isnull=False)
        return self.filter(left | muted | taken_back, event__isnull=False)


class Delivery(models.Model):
    """One message to one address: news of an event to a subscriber, or the mail of a request.

    `seq` is the event's number, kept here so that "newer" needs no join. `message_id` is the
    same on every try, so that a mailbox can tell a second copy from a second message. `digest`
    is the mail in which a held delivery was told of together with others. `attempts` counts tries
    the other side may have heard of, `refusals` those its mailbox refused for the time being, `lost`
    the workers that ended without a word since the last answer while they held it. `component` is the code
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
