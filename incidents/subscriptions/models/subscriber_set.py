"""Sets of subscribers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from incidents.subscriptions.choices import SubscriberState
from incidents.timeline.models import Page

if TYPE_CHECKING:
    from incidents.subscriptions.models.subscriber import Subscriber  # noqa: F401 - named in the type below


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Adjectives for subscribers."""

    def active(self) -> SubscriberQuerySet:
        """Those who confirmed, have not left, and whose address takes something."""
        return self.filter(state=SubscriberState.ACTIVE)

    def awake(self, *, at: datetime) -> SubscriberQuerySet:
        """Active ones who have not asked for quiet."""
        return self.active().filter(Q(paused_until=None) | Q(paused_until__lte=at))

    def on(self, page: Page) -> SubscriberQuerySet:
        """Those of `page`."""
        return self.filter(page=page)
