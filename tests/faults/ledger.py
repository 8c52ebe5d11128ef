"""The ledger of a sink: what arrived outside the app, and what can be counted from that alone."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that a sink took."""

    at: float
    """Seconds since 1970, by the sink's clock."""
    connection: int
    message_id: str
    recipient: str
    """As it came over the wire, one character for each octet."""
    dropped: bool
    """Whether the answer was withheld, so that the sender cannot know."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One command or message that a sink refused."""

    at: float
    connection: int
    step: str
    answer: str
    recipient: str
    message_id: str
    """Empty where the message itself was not reached."""


@dataclass(frozen=True)
class Ledger:
    """Everything in order."""

    lines: list[dict[str, Any]]

    @classmethod
    def read(cls, path: Path) -> "Ledger":
        """Return the ledger of a file; a line that is being written now is not in it."""
        if not path.exists():
            return cls([])
        whole = path.read_bytes().rpartition(b"\n")[0]
        return cls([json.loads(line) for line in whole.splitlines()])

    @property
    def arrivals(self) -> list[Arrival]:
        """Every message taken, oldest first."""
        return [
            Arrival(one["at"], one["connection"], one["id"], one["to"], one.get("dropped", False))
            for one in self.of("accepted")
        ]

    @property
    def refusals(self) -> list[Refusal]:
        """Every refusal, oldest first."""
        return [
            Refusal(one["at"], one["connection"], one["step"], one["answer"], one.get("to", ""), one.get("id", ""))
            for one in self.of("refused")
        ]

    def of(self, what: str) -> list[dict[str, Any]]:
        """Return the lines of a kind: accepted, refused, reset, connected, closed."""
        return [one for one in self.lines if one["what"] == what]

    def copies(self) -> Counter[str]:
        """Return how often each message id was taken."""
        return Counter(one.message_id for one in self.arrivals)

    def needless(self) -> int:
        """Return how many copies followed one that was not the last message of its connection.

        A sender with one unacknowledged message per connection can doubt that one only.
        """
        last = {one.connection: one.message_id for one in self.arrivals}
        doubtful = Counter(last.values())
        return sum(max(0, count - 1 - doubtful[name]) for name, count in self.copies().items())

    def ambiguous(self) -> int:
        """Return how many messages were taken without an answer."""
        return sum(one.dropped for one in self.arrivals)

    def most_connections(self) -> int:
        """Return how many connections were open at once at most."""
        most = now = 0
        for one in self.lines:
            now += (one["what"] == "connected") - (one["what"] == "closed")
            most = max(most, now)
        return most

    def most_in_a_second(self, what: str) -> int:
        """Return how many lines of a kind fell into one second at most."""
        return busiest([one["at"] for one in self.of(what)])

    def seconds(self) -> float:
        """Return the time from the first to the last message taken, 0 where there are fewer than two."""
        times = [one.at for one in self.arrivals]
        return max(times) - min(times) if times else 0.0


def busiest(times: list[float], window: float = 1.0) -> int:
    """Return how many of some instants, in order, fall into one window at most."""
    most = first = 0
    for last, moment in enumerate(times):
        while moment - times[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return most


def inversions(arrivals: Iterable[Arrival], told_by: "dict[str, tuple[int, int, int]]") -> int:
    """Return how often an older message about an incident, or a copy of one, came after a newer one.

    `told_by` gives incident, subscriber and sequence number for each message id.
    """
    newest: dict[tuple[int, int], int] = defaultdict(int)
    count = 0
    for one in sorted(arrivals, key=lambda one: one.at):
        if one.message_id not in told_by:
            continue
        incident, subscriber, seq = told_by[one.message_id]
        count += seq < newest[incident, subscriber]
        newest[incident, subscriber] = max(newest[incident, subscriber], seq)
    return count
