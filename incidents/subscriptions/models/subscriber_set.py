"""Sets of subscribers."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from incidents.subscriptions.choices import ChannelKind, SubscriberState
from incidents.timeline.models import Page

if TYPE_CHECKING:
    from incidents.subscriptions.models.subscriber import Subscriber


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

    def count_soft(self, *, at: datetime) -> list[Subscriber]:
        """Count a day on which these mailboxes took nothing for the time being; a day counts once.

        Returns those for whom it would be one too many, with nothing counted. A relay in trouble answers like this
        for every third recipient: one by one would take longer than sending. Call it in a transaction.
        """
        counted: dict[int, list[int]] = defaultdict(list)
        at_the_brink = []
        # Judged here, not in the query: of rows imported a minute ago PostgreSQL knows nothing, and would read
        # everybody who is active to find these.
        for one in self.order_by("pk").select_for_update():
            if not one.is_active or one.channel != ChannelKind.EMAIL or one.soft_failed_on == at.date():
                continue
            if one.is_at_the_brink(on=at.date()):
                at_the_brink.append(one)
                continue
            one.add_soft_failure(on=at.date())
            counted[one.soft_failures].append(one.pk)
        for failures, keys in counted.items():
            self.model.objects.filter(pk__in=keys).update(soft_failures=failures, soft_failed_on=at.date())
        return at_the_brink
