"""ChannelState: whether a way out is open, how fast it may be used, and why not."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from incidents.subscriptions.models import ChannelKind

REASON_LIMIT = 500

OUR_ACCOUNT = (ChannelKind.EMAIL, ChannelKind.TELEGRAM, ChannelKind.SMS)
"""Channels on which everything goes out under one account of ours, so that one refusal of it speaks for all.

On the others every endpoint is its subscriber's: none of them can shut the way for the rest.
"""


class ChannelState(models.Model):
    """One way out, for the whole installation: all workers read and write this row.

    `refusals` counts what was refused because of us since the last message that was taken.
    `paused_by` is empty where the breaker did it. While `permit_until` is ahead, the one message
    that may be under way is. `rate` is messages a second at `slowed_at`, from where it grows;
    None is as fast as it goes.
    """

    channel = models.CharField(max_length=20, primary_key=True, choices=ChannelKind.choices)
    refusals = models.PositiveSmallIntegerField(default=0)
    last_refusal = models.CharField(max_length=REASON_LIMIT, blank=True)
    taken_at = models.DateTimeField(null=True)
    permit_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=150, blank=True)
    paused_because = models.CharField(max_length=REASON_LIMIT, blank=True)
    probes = models.PositiveSmallIntegerField(default=0)
    probe_at = models.DateTimeField(null=True)
    rate = models.FloatField(null=True)
    slowed_at = models.DateTimeField(null=True)
    tokens = models.FloatField(default=0)
    tokens_at = models.DateTimeField(null=True)
    down_since = models.DateTimeField(null=True)
    down_because = models.CharField(max_length=REASON_LIMIT, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(paused_because=""), name="channel_paused_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(rate__isnull=True) | Q(rate__gt=0), name="channel_rate_is_positive"),
        ]
        ordering = ["channel"]

    def __str__(self) -> str:
        return self.get_channel_display()

    # Verbs. They change the row in hand and do not save it: whoever holds its lock does.

    def pause(self, *, because: str, by: str, at: datetime, probe_at: datetime | None) -> None:
        """Let nothing begin. Once paused, the first reason stands."""
        if self.paused_at is None:
            self.paused_at, self.paused_by, self.paused_because = at, by, because[:REASON_LIMIT]
            self.probes, self.probe_at = 0, probe_at

    def resume(self, *, refusals: int) -> None:
        """Let messages begin again, the first alone, with `refusals` counted already."""
        self.paused_at = self.probe_at = self.permit_until = self.taken_at = None
        self.paused_by = self.paused_because = ""
        self.probes, self.refusals = 0, refusals

    # Questions

    @property
    def is_paused(self) -> bool:
        """Whether nothing may begin."""
        return self.paused_at is not None

    @property
    def is_paused_by_breaker(self) -> bool:
        """Whether it may heal by itself."""
        return self.is_paused and not self.paused_by

    @property
    def is_our_account(self) -> bool:
        """Whether one refusal of us speaks for all messages."""
        return self.channel in OUR_ACCOUNT
