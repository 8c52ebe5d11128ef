"""Ways: one channel during a run of posting, with its lease, its gate and what waits on it."""

import time

from incidents.lib.clock import now
from incidents.notifications import breaker, leases
from incidents.notifications.component_news import end_overtaken
from incidents.notifications.models import Delivery
from incidents.notifications.pacing import Pace, Places
from incidents.notifications.packing import Packer

READ_WITH = ("page", "subscriber__page")

WAITING_AT_MOST = 500
"""Deliveries of a channel a run holds at a time."""

REFILL_BELOW = 100
LOOK_EVERY = 1.0
"""Seconds between looks at a channel on which nothing was due."""


class Way:
    """One channel's part of a run."""

    def __init__(self, channel: str, places: Places, slow_until: dict[int, float]) -> None:
        self.channel = channel
        self.gate = breaker.gate(channel)
        self.lease = leases.Lease(channel)
        self.packer = Packer(at=now())
        self.pace = Pace(places=places, slow_until=slow_until)
        self._under_way = 0
        self._found_nothing = float("-inf")

    def refill(self) -> None:
        """Take more where little waits, but do not ask the database all the time for nothing."""
        if len(self.pace) <= REFILL_BELOW and time.monotonic() - self._found_nothing > LOOK_EVERY:
            self.claim()

    def claim(self) -> bool:
        """Take what is due unless the channel is paused; return whether anything was."""
        room = WAITING_AT_MOST - len(self.pace)
        if room <= 0 or self.gate.is_shut() or not Delivery.objects.due().filter(channel=self.channel).exists():
            self._found_nothing = time.monotonic()
            return False
        if not (len(self.pace) or self._under_way) or not leases.renew(self.lease):
            self._begin_lease()
        keys = end_overtaken(leases.claim_into(self.lease, limit=room))
        rows = Delivery.objects.filter(pk__in=keys).select_related(*READ_WITH)
        self.packer = Packer(at=now())
        self.pace.add(rows.order_by("lane", "next_try_at", "pk"))
        return bool(keys)

    def keep_lease(self) -> None:
        """Renew in time; where that came too late, others have taken over what was not begun."""
        is_used = len(self.pace) or self._under_way
        if is_used and self.lease.age > leases.RENEW_EVERY and not leases.renew(self.lease):
            self._begin_lease()

    def forget_those_who_left(self) -> None:
        """Begin nothing for subscribers who have left since, nor news of pages whose mail was frozen since."""
        if len(self.pace):
            self.pace.drop(leases.withdraw(self.lease))
            self.leave_frozen()

    def leave_frozen(self) -> None:
        """Give back the news of pages whose mail staff froze: it waits."""
        frozen = self.pace.waiting(lambda one: self.gate.freezes(one.page_id, one.event_id))
        if frozen:
            self.pace.drop(frozen)
            leases.give_back(self.lease, only=frozen)

    def begin(self) -> Delivery | None:
        """Return a delivery that is to be asked for now, None while there is none."""
        if not self.lease.allows_to_begin or self._under_way >= self.gate.most_at_once():
            return None
        delivery = self.pace.next()
        if delivery is None:
            return None
        if self.gate.freezes(delivery.page_id, delivery.event_id):
            self.leave_frozen()
            return None
        if not self.gate.may_begin(delivery.event_id):
            return None
        self.pace.begin(delivery)
        self._under_way += 1
        return delivery

    def end(self, delivery: Delivery, *, hung: bool) -> None:
        """Note that what came of a delivery is kept."""
        self._under_way -= 1
        self.pace.end(delivery, hung=hung)

    def close(self) -> None:
        """Give back what was not begun."""
        leases.give_back(self.lease, only=self.pace.waiting())

    def _begin_lease(self) -> None:
        self.pace.drop(set(self.pace.waiting()))
        self.lease = leases.Lease(self.channel)
