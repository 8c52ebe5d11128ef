"""The circuit breaker: whether a channel may be used now, and how hard."""

from collections.abc import Sequence

from incidents.notifications.outcomes import Outcome

UNBOUNDED = 1_000
"""More at once than any channel has connections."""


class Gate:
    """The way into a channel, for one batch."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._held: frozenset[int] = frozenset()

    def is_shut(self) -> bool:
        """Say whether nothing can be begun now, so that claiming is of no use. Takes nothing."""
        return False

    def may_begin(self) -> bool:
        """Say whether one more message may be begun now; a yes is counted."""
        return True

    def most_at_once(self) -> int:
        """Return how many messages may be under way."""
        return UNBOUNDED

    def holds(self, event_id: int | None) -> bool:
        """Say whether the update of this event is held back, because its text was refused."""
        return event_id in self._held


def gate(channel: str) -> Gate:
    """Return the way into `channel`, as the rows say."""
    return Gate(channel)


def note(channel: str, outcomes: Sequence[Outcome]) -> None:
    """Remember what a channel answered. Call it inside the transaction that marks the deliveries."""
