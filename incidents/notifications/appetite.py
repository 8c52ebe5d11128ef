"""How much is claimed at once: what this process sends in a moment, and little before its first message.

Whatever a killed process held waits until its lease runs out, and may have arrived. Where workers are killed again and
again, or a relay is slow, those that hold more than they can send lose most of it, each time for seconds.
"""

import time

AT_ONCE = 250
"""Deliveries claimed by one statement at most."""

FIRST = 5
"""What a process claims that sent nothing lately: its first message takes as long as many others."""

FEWEST = 25
"""What any other claims at least, since a statement for fewer costs as much; each claim is at most twice the last."""

WORTH_SECONDS = 0.5
"""For how long what is claimed at once lasts, at the pace of this process since its last claim."""

HUNGRY_SECONDS = 5.0
"""For how long a process that has sent something claims as much as it did."""


class Appetite:
    """Of one process: what its threads learn is good for all of them."""

    def __init__(self) -> None:
        self.size = 0
        """How much was claimed last."""
        self._ended = 0
        self._is_fed = False
        self._claimed_at = self._fed_at = float("-inf")

    def tried(self, *, is_taken: bool) -> None:
        """Count a message that has ended; `is_taken` where the other side took it over."""
        self._ended += 1
        self._is_fed = self._is_fed or is_taken

    def portion(self) -> int:
        """Return how much to claim now."""
        moment = time.monotonic()
        if self._is_fed:
            worth = WORTH_SECONDS * self._ended / max(moment - self._claimed_at, 0.001)
            self.size = int(min(max(worth, FEWEST), max(2 * self.size, FEWEST), AT_ONCE))
            self._fed_at = moment
        elif moment - self._fed_at > HUNGRY_SECONDS:
            self.size = FIRST
        self._ended, self._is_fed, self._claimed_at = 0, False, moment
        return self.size


appetite = Appetite()
