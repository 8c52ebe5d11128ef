"""What became of one try to send: the plain value between the loops that send and the rows that remember."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.notifications.channels.contract import SendFailure
from incidents.subscriptions.models import ChannelKind


@dataclass(slots=True)
class Outcome:
    """One try. `answer` is the other side's words where it took the message (`failure` is None then).

    `attempts` counts this try as well, `refusals` only earlier ones the recipient refused for the
    time being, `unanswered` only earlier ones that may have arrived without our learning so. `waits`
    replaces the waits between tries that fault and channel would give; None leaves them.
    """

    delivery_id: int
    subscriber_id: int | None
    attempts: int
    created_at: datetime
    answer: str
    failure: SendFailure | None = None
    event_id: int | None = None
    channel: str = ChannelKind.EMAIL
    waits: tuple[timedelta, ...] | None = None
    refusals: int = 0
    unanswered: int = 0

    @property
    def was_taken(self) -> bool:
        """Whether the other side took the message."""
        return self.failure is None
