"""Marking while the loop goes on: on PostgreSQL the marks of one group are written while others are sent.

Only for messages that were taken, and only while nothing else is to be noted of them; everything
else goes through leases.settle(). And for those of which it is announced that they go (doubts.py).
"""

from collections.abc import Iterable, Sequence

from incidents.notifications import marks
from incidents.notifications.channels.contract import Message
from incidents.notifications.doubts import ANNOUNCED_ON_POSTGRES, wait_after
from incidents.notifications.links import Link
from incidents.notifications.models.delivery import ANSWER_LIMIT
from incidents.notifications.outcomes import Outcome

SENT = marks.SENT_ON_POSTGRES.replace("%s", "$1", 1).replace("%s", "$2", 1).encode()
NAME = b"marks_sent"
ANNOUNCED = ANNOUNCED_ON_POSTGRES.encode()


class Marker:
    """Writes one group of marks at a time over a link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @property
    def descriptor(self) -> int:
        """What becomes readable when the marks are durable."""
        return self._link.descriptor

    def begin(self, outcomes: Sequence[Outcome]) -> None:
        """Send the statement. Raises LinkLost."""
        keys = [one.delivery_id for one in outcomes]
        answers = [_quoted(one.answer[:ANSWER_LIMIT]) for one in outcomes]
        self._link.ask_prepared(NAME, SENT, [_listed(keys), _listed(answers)])

    def announce(self, lease: str, messages: Sequence[Message]) -> None:
        """Send the statement that says of messages that they are being handed over. Raises LinkLost."""
        keys = [message.reference for message in messages]
        counts = [message.unanswered + 1 for message in messages]
        waits = [wait_after(count).total_seconds() for count in counts]
        self._link.ask_prepared(
            b"announced", ANNOUNCED, [_listed(keys), _listed(counts), _listed(waits), lease.encode()]
        )

    def is_done(self) -> bool:
        """Say whether what was asked last is durable. Raises LinkLost."""
        return self._link.answer() is not None

    def close(self) -> None:
        """End the connection."""
        self._link.close()


def _listed(values: Iterable[object]) -> bytes:
    """Return values as they stand in PostgreSQL's form of an array."""
    return ("{" + ",".join(map(str, values)) + "}").encode()


def _quoted(text: str) -> str:
    """Return a text as it stands in PostgreSQL's form of an array."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
