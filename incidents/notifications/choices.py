"""The words of deliveries: where one stands, when it goes, which message it is."""

from django.db import models


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
