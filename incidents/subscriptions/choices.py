"""The words a subscriber is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.timeline.states import Impact


class ChannelKind(models.TextChoices):
    """By which way somebody is told; each has one file in `notifications/channels`."""

    EMAIL = "email", _("Email")
    WEBHOOK = "webhook", "Webhook"
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    DISCORD = "discord", "Discord"
    GOOGLE_CHAT = "google_chat", "Google Chat"
    MATTERMOST = "mattermost", "Mattermost"
    TELEGRAM = "telegram", "Telegram"
    SMS = "sms", "SMS"


SECRET_ADDRESSES = frozenset(
    {ChannelKind.SLACK, ChannelKind.TEAMS, ChannelKind.DISCORD, ChannelKind.GOOGLE_CHAT, ChannelKind.MATTERMOST}
)
"""Channels whose address is a secret: whoever knows it can post there."""


class SubscriberState(models.TextChoices):
    """How far consent has come, and whether the address still takes anything."""

    PENDING = "pending", "Waiting for confirmation"
    ACTIVE = "active", "Active"
    LEFT = "left", "Left"
    DISABLED = "disabled", "Switched off"


class SeverityFloor(models.TextChoices):
    """From which impact on an incident is told; maintenance has none and is always told."""

    NONE = Impact.NONE.value, _("Any")
    MINOR = Impact.MINOR.value, _("Degraded performance and worse")
    MAJOR = Impact.MAJOR.value, _("Partial outage and worse")
    CRITICAL = Impact.CRITICAL.value, _("Major outage only")

    @classmethod
    def reached_by(cls, impact: str) -> list[str]:
        """Return the floors an incident of `impact` is not below."""
        floors: list[str] = list(cls.values)
        return floors[: floors.index(impact) + 1] if impact in floors else [cls.NONE.value]


class Leaving(models.TextChoices):
    """How a subscription may be ended by whoever holds one of its mails."""

    FREE = "free", "By one click"
    TYPED = "typed", "By typing the address"
    LOCKED = "locked", "By staff only"


class RequestKind(models.TextChoices):
    """What the mail of a request offers."""

    CONFIRM = "confirm", "Confirmation"
    MANAGE = "manage", "Manage link"
    MOVE = "move", "Confirmation of a new address"


class Suppressing(models.TextChoices):
    """Why an address is not to be mailed, or (consented) may be again."""

    LEFT = "left", "Left"
    COMPLAINED = "complained", "Complained"
    ERASED = "erased", "Erased"
    CONSENTED = "consented", "Agreed again"


class ConsentAct(models.TextChoices):
    """What happened to somebody's consent."""

    CONFIRMED = "confirmed", "Confirmed by its link"
    ADDED = "added", "Added by staff, consent on record"
    IMPORTED = "imported", "Imported, consent on record"
    INVITED = "invited", "Invited by staff"
    CHOSE = "chose", "Changed what is followed"
    PAUSED = "paused", "Paused"
    RESUMED = "resumed", "Resumed"
    MOVED = "moved", "Moved to another address"
    LEFT = "left", "Left"
    COMPLAINED = "complained", "Complained"
    DISABLED = "disabled", "Switched off"
    REACTIVATED = "reactivated", "Switched on again"
    RESTORED_LEAVE = "restored_leave", "Had left, says the suppression journal"
    RULE = "rule", "Changed how it may be ended"
