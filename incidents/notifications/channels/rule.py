"""One row of the tables by which refusals of mail relays and providers are read."""

import re
from dataclasses import dataclass, field

from incidents.notifications.channels.contract import Fault

ENVELOPE = "envelope"
RECIPIENT = "recipient"
CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. What is empty does not matter; everything else must hold."""

    fault: Fault
    says: str = ""
    """The answer in plain words with what to change; "" for the fault's own sentence."""
    words: str = ""
    """A regular expression."""
    enhanced: frozenset[str] = frozenset()
    codes: frozenset[int] = frozenset()
    steps: frozenset[str] = frozenset()
    final: bool | None = None
    """Whether the code is 5xx (True) or 4xx (False)."""
    is_unknown: bool = False
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False, default=re.compile(""))

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(self.words, re.IGNORECASE))

    def covers(self, *, code: int, enhanced: str, step: str, text: str) -> bool:
        """Say whether this is the rule for an answer."""
        if self.final is not None and (code >= 500) != self.final:
            return False
        if self.codes and code not in self.codes:
            return False
        if self.enhanced and enhanced not in self.enhanced:
            return False
        if self.steps and step not in self.steps:
            return False
        return self.pattern.search(text) is not None
