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
