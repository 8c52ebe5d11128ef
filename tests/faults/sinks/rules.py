"""How a sink is to behave; written by the test into a file, read again by the running sink when it changes."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path


@dataclass
class MailRules:
    """What a mail sink answers. Shares are of commands, from 0 to 1."""

    temporary_share: float = 0.0
    """RCPTs answered 450 or 451."""
    temporary_most: int = 3
    """How often one mailbox is refused for now at most, so that every mailbox takes its mail in the end."""
    reset_before_share: float = 0.0
    """Messages in the middle of which the connection is reset; they were not taken."""
    reset_after_share: float = 0.0
    """Messages taken, with a reset in the place of the answer: the sender cannot know."""
    storm: bool = False
    """Answer everything after the greeting 421 and hang up."""
    sender_refused: str = ""
    """An answer at RCPT to whomever, such as `550 5.7.26 Unauthenticated`."""
    envelope_refused: str = ""
    """An answer to MAIL FROM, such as `553 5.7.1 Sender address not owned`."""
    login_refused: str = ""
    """An answer to AUTH, such as `535 5.7.8 Credentials invalid`."""
    content_refused: str = ""
    """An answer to the whole message, such as `552 5.3.4 Message too big`."""
    recipients_refused: dict[str, str] = field(default_factory=dict)
    """Answers at RCPT to chosen addresses."""
    seconds_per_message: float = 0.0
    """How long each message waits for its answer."""
    messages_per_second: float = 0.0
    """How many messages are let in a second, over all connections; each waits for its go-ahead. 0 for no limit."""
    silent: bool = False
    """Take commands and never answer again."""
    smtputf8: bool = True
    pipelining: bool = True
    size: int = 0
    """The SIZE announced and held to, in octets; 0 for none."""

    def write(self, path: Path) -> None:
        """Put the rules in place at once."""
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self)))
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> "MailRules":
        """Return the rules of a file."""
        return cls(**json.loads(path.read_text()))


class RulesFile:
    """A file of rules, read again when it was replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.identity = 0
        self.rules = MailRules()

    def look(self) -> MailRules:
        """Return the rules that hold now."""
        identity = self.path.stat().st_ino
        if identity != self.identity:
            self.identity, self.rules = identity, MailRules.read(self.path)
        return self.rules


NAMES = [one.name for one in fields(MailRules)]
