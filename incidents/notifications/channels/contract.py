"""What every channel does: send one message, and say what became of it in words."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol, Self


class Fault(Enum):
    """Whose fault a refusal is. Only the first two ever count against a recipient."""

    RECIPIENT_PERMANENT = "recipient_permanent"
    RECIPIENT_TEMPORARY = "recipient_temporary"
    SENDER = "sender"
    QUOTA = "quota"
    CONTENT = "content"
    UNSUPPORTED = "unsupported"
    CONNECTION = "connection"


@dataclass(slots=True)
class Message:
    """One prepared message: envelope and the bytes as they travel.

    Not frozen, like all values made for each message: that would take four times as long.
    """

    reference: str
    """Names the delivery, for channels that keep what they send."""
    sender: str
    recipient: str
    content: bytes
    is_wire_ready: bool = False
    """Whether the content is known to be as SMTP wants it: see wire.is_ready()."""
    unanswered: int = 0
    """How often it may have arrived before without our learning so."""


class SendFailure(Exception):
    """The message was not taken. `sentence` says why, with the other side's own words.

    `retry_after` is how long the other side asked to be left alone, None where it did not say.
    `is_unknown` marks an address that does not exist at all: one such answer is enough. `is_doubtful`
    is set where the whole message was handed over and nobody said what became of it, `is_silent` where
    that is because the other side took longer than we wait.
    """

    is_doubtful = False
    is_silent = False

    def __init__(
        self, sentence: str, *, fault: Fault, retry_after: timedelta | None = None, is_unknown: bool = False
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fault = fault
        self.retry_after = retry_after
        self.is_unknown = is_unknown


class PermanentFailure(SendFailure):
    """Trying the same message again is of no use."""


class TemporaryFailure(SendFailure):
    """The same message may be taken later."""


class ChannelDown(TemporaryFailure):
    """No message at all can be sent now."""


class Channel(Protocol):
    """An open way to send; used as a context manager, which closes it."""

    def send(self, message: Message) -> str:
        """Send and return the other side's words. Raises PermanentFailure, TemporaryFailure, ChannelDown."""

    def __enter__(self) -> Self:
        """Return the channel."""

    def __exit__(self, *raised: object) -> None:
        """Close it."""
