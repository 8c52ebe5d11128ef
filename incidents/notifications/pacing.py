"""Pacing: which endpoint may be asked next, so that slow ones cost the others nothing.

An endpoint is asked one thing at a time, in order. A request counts as fresh for its first moments
only: whatever takes longer waits for somebody else's machine and uses nothing of ours, so that only
fresh ones are kept few. Endpoints that hung lately, and second tries, go last and never fill all places.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable

from incidents.notifications.models import Delivery

FRESH_SECONDS = 0.1
FRESH_AT_ONCE = 32
SLOW_SHARE = 0.5
"""Of all places, for endpoints that are known to be slow."""

HUNG_SECONDS = 2.0
"""An answer that took longer makes an endpoint a slow one."""

REMEMBERED_SECONDS = 600.0


class Places:
    """How many requests may be under way, over all channels of a run."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._begun: dict[int, float] = {}
        self._slow: set[int] = set()

    def __len__(self) -> int:
        return len(self._begun)

    def is_free(self, *, slow: bool) -> bool:
        """Say whether one more may begin; `slow` ones may not fill all places."""
        if len(self._begun) >= self.count or self._fresh() >= FRESH_AT_ONCE:
            return False
        return not slow or len(self._slow) < max(1, int(self.count * SLOW_SHARE))

    def take(self, endpoint: int, *, slow: bool) -> None:
        """Begin with an endpoint."""
        self._begun[endpoint] = time.monotonic()
        if slow:
            self._slow.add(endpoint)

    def leave(self, endpoint: int) -> None:
        """End with it."""
        self._begun.pop(endpoint, None)
        self._slow.discard(endpoint)

    def holds(self, endpoint: int) -> bool:
        """Say whether the endpoint is being asked."""
        return endpoint in self._begun

    def _fresh(self) -> int:
        since = time.monotonic() - FRESH_SECONDS
        count = 0
        # The newest come last in the dictionary, so this looks at fresh ones only.
        for begun in reversed(self._begun.values()):
            if begun < since:
                break
            count += 1
        return count


class Pace:
    """What waits on one channel, by endpoint (subscriber)."""

    def __init__(self, *, places: Places, slow_until: dict[int, float]) -> None:
        self._places = places
        self._slow_until = slow_until
        self._lines: dict[int, deque[Delivery]] = {}
        self._ready: tuple[deque[int], deque[int]] = (deque(), deque())
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Let deliveries wait, each behind those of the same endpoint."""
        for delivery in deliveries:
            endpoint = delivery.subscriber_id or 0
            line = self._lines.setdefault(endpoint, deque())
            line.append(delivery)
            self._size += 1
            if len(line) == 1 and not self._places.holds(endpoint):
                self._line_up(endpoint, delivery)

    def next(self) -> Delivery | None:
        """Return the one that would be begun now, None while none may; it goes on waiting."""
        for is_slow, ready in enumerate(self._ready):
            while ready and ready[0] not in self._lines:
                ready.popleft()
            if ready and self._places.is_free(slow=bool(is_slow)):
                return self._lines[ready[0]][0]
        return None

    def begin(self, delivery: Delivery) -> None:
        """Begin what `next` returned."""
        endpoint = delivery.subscriber_id or 0
        is_slow = not (self._ready[0] and self._ready[0][0] == endpoint)
        self._ready[is_slow].popleft()
        line = self._lines[endpoint]
        line.popleft()
        self._size -= 1
        if not line:
            del self._lines[endpoint]
        self._places.take(endpoint, slow=is_slow)

    def end(self, delivery: Delivery, *, hung: bool) -> None:
        """Note that what became of a delivery is kept; its endpoint may be asked again."""
        endpoint = delivery.subscriber_id or 0
        self._places.leave(endpoint)
        if hung:
            self._slow_until[endpoint] = time.monotonic() + REMEMBERED_SECONDS
        else:
            self._slow_until.pop(endpoint, None)
        if line := self._lines.get(endpoint):
            self._line_up(endpoint, line[0])

    def drop(self, keys: Collection[int]) -> None:
        """Forget deliveries that are not to be begun any more."""
        if not keys:
            return
        for endpoint, line in list(self._lines.items()):
            left = deque(one for one in line if one.pk not in keys)
            self._size -= len(line) - len(left)
            if left:
                self._lines[endpoint] = left
            else:
                del self._lines[endpoint]
        # Whoever is claimed again lines up anew; in line twice an endpoint would be asked two things at a time.
        for ready in self._ready:
            left_in_line = [endpoint for endpoint in ready if endpoint in self._lines]
            ready.clear()
            ready.extend(left_in_line)

    def waiting(self, which: Callable[[Delivery], bool] = lambda _delivery: True) -> list[int]:
        """Return the keys of those that wait."""
        return [delivery.pk for line in self._lines.values() for delivery in line if which(delivery)]

    def _line_up(self, endpoint: int, delivery: Delivery) -> None:
        hung = self._slow_until.get(endpoint, 0.0) > time.monotonic()
        self._ready[hung or delivery.attempts > 1].append(endpoint)
