"""How often one network may ask within an hour."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F

from incidents.subscriptions.refusals import TooManyRequests

ASKS_PER_HOUR = 20
"""Requests one network may make in an hour of the clock, for whatever addresses."""


class AskTally(models.Model):
    """Requests of one network within one hour; the network is kept as a keyed digest only."""

    network = models.CharField(max_length=64)
    hour_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "hour_starts_at"], name="ask_tally_once_per_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.count} since {self.hour_starts_at:%H:%M}"

    @classmethod
    def add(cls, *, client: str, at: datetime) -> None:
        """Count one request of `client` (an IP address) inside the caller's transaction.

        Raises TooManyRequests beyond the limit.
        """
        hour = at.replace(minute=0, second=0, microsecond=0)
        cls.objects.filter(hour_starts_at__lt=hour - timedelta(hours=1)).delete()
        tally, _ = cls.objects.get_or_create(network=network_digest(client), hour_starts_at=hour)
        # The increment takes the row lock, so that two requests cannot both be the last allowed one.
        cls.objects.filter(pk=tally.pk).update(count=F("count") + 1)
        tally.refresh_from_db()
        if tally.count > ASKS_PER_HOUR:
            raise TooManyRequests("Too many requests came from your network; try again in an hour.")


def network_digest(client: str) -> str:
    """Return a keyed digest of the network of an IP address: the /64 of IPv6, all of IPv4."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        network = "unknown"
    else:
        prefix = 64 if address.version == 6 else 32
        network = str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
    return hmac.new(settings.SECRET_KEY.encode(), network.encode(), hashlib.sha256).hexdigest()
