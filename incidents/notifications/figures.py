"""Figures: how far deliveries have come, for each channel, as numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Now

from incidents.notifications.choices import UNFINISHED
from incidents.notifications.models import Delivery, DeliveryState, FanOut
from incidents.notifications.models.delivery_set import DeliveryQuerySet

RATE_WINDOW = timedelta(seconds=10)
"""What "a second" is measured over: long enough to be steady, short enough to be true."""

LATELY = timedelta(hours=1)

_RUNNING = {DeliveryState.QUEUED, DeliveryState.LEASED, DeliveryState.RETRYING}


@dataclass(slots=True)
class Figures:
    """One channel. `states` and `faults` count deliveries; times are None where there are none."""

    channel: str
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sent_lately: int = 0
    oldest_at: datetime | None = None
    """When the oldest of those not at an end was queued."""
    began_at: datetime | None = None
    last_sent_at: datetime | None = None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states.values())

    @property
    def sent(self) -> int:
        """Those the other side took."""
        return self.states.get(DeliveryState.SENT, 0)

    @property
    def backlog(self) -> int:
        """Those still to be sent; held ones are not, before their digest is due."""
        return sum(self.states.get(state, 0) for state in _RUNNING)

    @property
    def is_running(self) -> bool:
        """Whether anything may still change by itself."""
        return any(self.states.get(state, 0) for state in UNFINISHED)

    @property
    def troubled(self) -> int:
        """Those that failed or bounced for good."""
        return self.states.get(DeliveryState.FAILED, 0) + self.states.get(DeliveryState.BOUNCED, 0)

    @property
    def rate(self) -> float:
        """Messages taken a second, lately."""
        return self.sent_lately / RATE_WINDOW.total_seconds()

    @property
    def time_left(self) -> timedelta | None:
        """How long the rest takes at this rate; None while nothing goes out or nothing is left."""
        return timedelta(seconds=self.backlog / self.rate) if self.rate and self.backlog else None


def figures_of(deliveries: DeliveryQuerySet) -> list[Figures]:
    """Return the figures of `deliveries`, a line for each channel, by one query."""
    rows = (
        deliveries.order_by()
        .values("channel", "state", "fault")
        .annotate(
            number=Count("pk"),
            lately=Count("pk", filter=Q(sent_at__gt=Now() - RATE_WINDOW)),
            first=Min("created_at"),
            last=Max("sent_at"),
        )
    )
    found: dict[str, Figures] = {}
    for row in rows:
        figures = found.setdefault(row["channel"], Figures(row["channel"]))
        figures.states[row["state"]] += row["number"]
        if row["fault"]:
            figures.faults[row["fault"]] += row["number"]
        if row["state"] == DeliveryState.SENT:
            figures.sent_lately += row["lately"]
            figures.last_sent_at = _latest(figures.last_sent_at, row["last"])
        if row["state"] in UNFINISHED:
            figures.oldest_at = _earliest(figures.oldest_at, row["first"])
        figures.began_at = _earliest(figures.began_at, row["first"])
    return [found[channel] for channel in sorted(found)]


def backlogs() -> dict[str, Figures]:
    """Return by channel what waits now, and what goes out, over all pages.

    Only what is not at an end and what belongs to news of the last hour is looked at, so that the
    cost does not grow with what was ever sent.
    """
    waiting = {one.channel: one for one in figures_of(Delivery.objects.unfinished())}
    recent = FanOut.objects.filter(expanded_at__gt=Now() - LATELY).values("event")
    sent = Delivery.objects.filter(event__in=recent, state=DeliveryState.SENT)
    for one in figures_of(sent):
        figures = waiting.setdefault(one.channel, Figures(one.channel))
        figures.sent_lately, figures.last_sent_at = one.sent_lately, one.last_sent_at
    return waiting


def is_running(lines: Iterable[Figures]) -> bool:
    """Say whether any channel may still change by itself."""
    return any(line.is_running for line in lines)


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else one or other


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other
