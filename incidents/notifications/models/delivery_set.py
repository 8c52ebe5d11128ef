"""Sets of deliveries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from incidents.lib.conditions import is_exactly, is_not, is_one_of
from incidents.notifications.choices import UNFINISHED, WAITING, DeliveryState, MailKind
from incidents.subscriptions.models import SubscriberState
from incidents.timeline.models import Page

if TYPE_CHECKING:
    from incidents.notifications.models.delivery import Delivery  # noqa: F401 - named in the type below

# As the indexes of Delivery have them.
_WAITS = is_one_of("state", *WAITING)
_HAS_LEASE = is_not("lease", "")
_IS_HELD = is_exactly("state", DeliveryState.HELD)


SUSPECT_FROM = 5
"""Workers that ended with a delivery in hand, from when on it is claimed apart from those above suspicion."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Adjectives for deliveries. Times are the database's, so that workers need not agree on one."""

    def on(self, page: Page) -> DeliveryQuerySet:
        """Those of `page`."""
        return self.filter(page=page)

    def unfinished(self) -> DeliveryQuerySet:
        """Those not at an end."""
        return self.filter(state__in=UNFINISHED)

    def held(self) -> DeliveryQuerySet:
        """Those that wait for a digest."""
        return self.filter(_IS_HELD)

    def abandoned(self) -> DeliveryQuerySet:
        """Those whose worker has not come back within its lease."""
        return self.filter(_HAS_LEASE, state=DeliveryState.LEASED, lease_until__lt=Now())

    def leased_by(self, key: str) -> DeliveryQuerySet:
        """Those a worker holds by the key of its lease."""
        return self.filter(_HAS_LEASE, lease=key, state=DeliveryState.LEASED)

    def due(self) -> DeliveryQuerySet:
        """Those to send now.

        Not while another message about the same incident is on its way to the same person:
        the older one could arrive after the newer.
        """
        on_its_way = self.model.objects.filter(
            state=DeliveryState.LEASED, subscriber=OuterRef("subscriber"), incident=OuterRef("incident")
        )
        due = self.filter(_WAITS, next_try_at__lte=Now())
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

    def suspected(self) -> DeliveryQuerySet:
        """Those that may be what ends the workers that hold them."""
        return self.filter(lost__gte=SUSPECT_FROM)

    def above_suspicion(self) -> DeliveryQuerySet:
        """The others."""
        return self.filter(lost__lt=SUSPECT_FROM)

    def overtaken(self) -> DeliveryQuerySet:
        """Waiting ones whose subscriber has a newer one about the same incident.

        Held ones overtake nobody before their digest is due, and a digest is overtaken by nobody:
        it may tell of other incidents as well, and what is newer waits for the next one.
        """
        newer = self.model.objects.filter(
            incident=OuterRef("incident"), subscriber=OuterRef("subscriber"), channel=OuterRef("channel")
        ).exclude(state=DeliveryState.HELD)
        # A value, not EXISTS: PostgreSQL makes a join of that, and while it knows nothing of a new
        # incident's rows it compares each with each (197 s for 20,000).
        newest = Subquery(newer.order_by("-seq").values("seq")[:1])
        return self.filter(_WAITS, seq__lt=newest).exclude(kind=MailKind.DIGEST)

    def withdrawn(self) -> DeliveryQuerySet:
        """News nobody is to get any more: the subscriber left, was switched off, pauses or does not want this incident.

        Or the update that was to be told of was taken back. A digest goes on as long as anything in it is wanted.
        """
        muted = Q(subscriber__muted__incident=F("incident"))
        left = ~Q(subscriber__state=SubscriberState.ACTIVE) | Q(subscriber__paused_until__gt=Now())
        taken_back = Q(event__update__removed_at__isnull=False)
        others = self.model.objects.filter(digest=OuterRef("pk"), event__update__removed_at=None)
        wanted = others.exclude(subscriber__muted__incident=F("incident"))
        is_empty = ~Q(kind=MailKind.DIGEST) | ~Exists(wanted)
        return self.filter(left | ((muted | taken_back) & is_empty), event__isnull=False)
