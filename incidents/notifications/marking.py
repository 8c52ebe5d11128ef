"""Marking while the loop goes on: on PostgreSQL the marks of one group are written while others are sent.

Only for messages that were taken, and only while nothing else is to be noted of them; everything
else goes through leases.settle().
"""

from collections.abc import Sequence

from incidents.notifications import marks
from incidents.notifications.links import Link
from incidents.notifications.models.delivery import ANSWER_LIMIT
from incidents.notifications.outcomes import Outcome

SENT = marks.SENT_ON_POSTGRES.replace("%s", "$1", 1).replace("%s", "$2", 1).encode()
NAME = b"marks_sent"


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
        keys = "{" + ",".join([str(one.delivery_id) for one in outcomes]) + "}"
        answers = "{" + ",".join([_quoted(one.answer[:ANSWER_LIMIT]) for one in outcomes]) + "}"
        self._link.ask_prepared(NAME, SENT, [keys.encode(), answers.encode()])

    def is_done(self) -> bool:
        """Say whether the last group is durable. Raises LinkLost."""
        return self._link.answer() is not None

    def close(self) -> None:
        """End the connection."""
        self._link.close()


def _quoted(text: str) -> str:
    """Return a text as it stands in PostgreSQL's form of an array."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
