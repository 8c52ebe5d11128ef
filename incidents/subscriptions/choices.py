"""The words a subscriber is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.timeline.states import Impact


class ChannelKind(models.TextChoices):
    """By which way somebody is told; each has one file in `notifications/channels`."""

    EMAIL = "email", _("Email")
    WEBHOOK = "webhook", _("Webhook")
    SLACK = "slack", _("Slack")
    TEAMS = "teams", _("Microsoft Teams")
    DISCORD = "discord", _("Discord")
    GOOGLE_CHAT = "google_chat", _("Google Chat")
    MATTERMOST = "mattermost", _("Mattermost")
    TELEGRAM = "telegram", _("Telegram")
    SMS = "sms", _("SMS")


SECRET_ADDRESSES = frozenset(
    {ChannelKind.SLACK, ChannelKind.TEAMS, ChannelKind.DISCORD, ChannelKind.GOOGLE_CHAT, ChannelKind.MATTERMOST}
)
"""Channels whose address is a secret: whoever knows it can post there."""


class SubscriberState(models.TextChoices):
    """How far consent has come, and whether the address still takes anything."""

    PENDING = "pending", _("Waiting for confirmation")
    ACTIVE = "active", _("Active")
    LEFT = "left", _("Left")
    DISABLED = "disabled", _("Switched off")


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

    FREE = "free", _("By one click")
    TYPED = "typed", _("By typing the address")
    LOCKED = "locked", _("By staff only")


class RequestKind(models.TextChoices):
    """What the mail of a request offers."""

    CONFIRM = "confirm", _("Confirmation")
    MANAGE = "manage", _("Manage link")
    MOVE = "move", _("Confirmation of a new address")


class Suppressing(models.TextChoices):
    """Why an address is not to be mailed, or (consented) may be again."""

    LEFT = "left", _("Left")
    COMPLAINED = "complained", _("Complained")
    ERASED = "erased", _("Erased")
    CONSENTED = "consented", _("Agreed again")


class ConsentAct(models.TextChoices):
    """What happened to somebody's consent."""

    CONFIRMED = "confirmed", _("Confirmed by its link")
    ADDED = "added", _("Added by staff, consent on record")
    IMPORTED = "imported", _("Imported, consent on record")
    INVITED = "invited", _("Invited by staff")
    CHOSE = "chose", _("Changed what is followed")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    MOVED = "moved", _("Moved to another address")
    LEFT = "left", _("Left")
    COMPLAINED = "complained", _("Complained")
    DISABLED = "disabled", _("Switched off")
    REACTIVATED = "reactivated", _("Switched on again")
    RESTORED_LEAVE = "restored_leave", _("Had left, says the suppression journal")
    RULE = "rule", _("Changed how it may be ended")
