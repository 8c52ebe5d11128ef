"""Deliveries as rows of a list: to whom, what came of it, in whose words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404

from incidents.console.access import StaffRequest
from incidents.console.delivery_report import Explained, explained, masked, with_masks
from incidents.notifications.choices import WAITING
from incidents.notifications.models import ChannelState, Delivery, DeliveryState
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.notifications.replaying import can_replay
from incidents.staff.roles import Role

PER_PAGE = 50

FILTERS: dict[str, tuple[str, tuple[DeliveryState, ...]]] = {
    "failed": ("Failed", (DeliveryState.FAILED,)),
    "bounced": ("Bounced", (DeliveryState.BOUNCED,)),
    "again": ("To be tried again", (DeliveryState.RETRYING,)),
    "waiting": ("Waiting", (DeliveryState.QUEUED, DeliveryState.LEASED)),
    "held": ("Held for a digest", (DeliveryState.HELD,)),
    "sent": ("Sent", (DeliveryState.SENT,)),
    "overtaken": ("Overtaken", (DeliveryState.SUPERSEDED,)),
    "unsubscribed": ("Unsubscribed", (DeliveryState.SUPPRESSED,)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery as it is shown."""

    delivery: Delivery
    recipient: str
    said: str
    """What the other side answered last, as far as it is for the eyes of whoever asks."""
    is_stopped: bool = False
    """Whether its channel is paused, so that no next try has a time."""

    @property
    def answer(self) -> Explained:
        """The same, taken apart."""
        return explained(self.delivery, self.said)

    @property
    def is_waiting(self) -> bool:
        """Whether a next try is planned."""
        return self.delivery.state == DeliveryState.RETRYING

    @property
    def may_be_replayed(self) -> bool:
        """Whether it can be sent to its endpoint once more."""
        return can_replay(self.delivery)


def listed_rows(request: StaffRequest, deliveries: DeliveryQuerySet) -> dict[str, Any]:
    """Return `listed` (a part of the list, for the pager) and its `rows`."""
    listed = Paginator(deliveries, PER_PAGE).get_page(request.GET.get("part"))
    return {"listed": listed, "rows": list(rows_of(request, listed))}


def rows_of(request: StaffRequest, deliveries: Any) -> Iterator[Row]:
    """Yield deliveries as rows, addresses masked for whom they are no business of."""
    is_shown = request.standing.role.covers(Role.EDITOR)
    paused = set(ChannelState.objects.filter(paused_at__isnull=False).values_list("channel", flat=True))
    for delivery in deliveries:
        is_stopped = delivery.channel in paused and delivery.state in WAITING
        if is_shown:
            yield Row(delivery, delivery.shown_address, delivery.last_answer, is_stopped)
        else:
            yield Row(delivery, masked(delivery.shown_address), with_masks(delivery.last_answer), is_stopped)


def asked_state(asked: str | None) -> str:
    """Return the filter named in a query string, "" for none. Raises Http404 for one there is not."""
    if not asked:
        return ""
    if asked not in FILTERS:
        raise Http404
    return asked


def narrowed(deliveries: DeliveryQuerySet, *, state: str, channel: str) -> DeliveryQuerySet:
    """Return those in the states of a filter, on a channel; "" leaves either open."""
    if state:
        deliveries = deliveries.filter(state__in=FILTERS[state][1])
    return deliveries.filter(channel=channel) if channel else deliveries
