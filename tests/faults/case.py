"""What a fault is run on: how many subscribers, which database, and which deliberately broken build, if any."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.faults.ground import Ground, ground
from tests.faults.workshop import Workshop

FULL_SIZE = 5_000
"""From here on times are stated too: in a short run the start of a process outweighs everything."""

POSTED_WITHIN = 1.5
POSTED_WITHIN_IN_A_SHORT_RUN = 10.0
"""Seconds. Beside other tests a post takes longer, but not as long as a wait for a broker."""


@dataclass(frozen=True)
class Case:
    """One run of one fault."""

    shop: Workshop
    size: int = 400
    kind: str = "postgres"
    saboteur: str = ""
    waits: float = 60.0
    """Seconds after which a run that has not ended never will, besides those its size needs."""

    @property
    def is_full(self) -> bool:
        """Whether the run is long enough to judge times."""
        return self.size >= FULL_SIZE

    @property
    def patience(self) -> float:
        """Seconds after which a run has failed to end."""
        return self.waits + self.size / 100

    @property
    def posted_within(self) -> float:
        """Seconds a post may take."""
        return POSTED_WITHIN if self.is_full else POSTED_WITHIN_IN_A_SHORT_RUN

    @property
    def slack(self) -> float:
        """By how much other times are stretched: short runs share their machine with other tests."""
        return 1.0 if self.is_full else 2.0

    @property
    def connections(self) -> int:
        """Connections of a process; few in a short run, so that there is a middle to hit."""
        return 16 if self.is_full else 4

    def ground(self, **options: Any) -> AbstractContextManager[Ground]:
        """Give an installation for this case."""
        usual = {"kind": self.kind, "saboteur": self.saboteur, "SMTP_CONNECTIONS": str(self.connections)}
        options = {**usual, **options}
        return ground(self.shop, options.pop("size", self.size), **options)
