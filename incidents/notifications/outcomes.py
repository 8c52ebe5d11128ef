"""What became of one try to send: the plain value between the loops that send and the rows that remember."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.notifications.channels.contract import SendFailure


@dataclass(frozen=True, slots=True)
class Outcome:
    """One try. `answer` is the other side's words where it took the message (`failure` is None then).

    `attempts` counts this try as well. `waits` are the channel's own waits between tries
    (Standard Webhooks has some); None leaves them to the fault.
    """

    delivery_id: int
    subscriber_id: int | None
    attempts: int
    created_at: datetime
    answer: str
    failure: SendFailure | None = None
    event_id: int | None = None
    waits: tuple[timedelta, ...] | None = None

    @property
    def was_taken(self) -> bool:
        """Whether the other side took the message."""
        return self.failure is None
