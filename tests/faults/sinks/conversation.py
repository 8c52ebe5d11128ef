"""One SMTP conversation, bytes in and bytes out; knows no sockets and no clock."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.faults.sinks.rules import MailRules

PATH = re.compile(rb"<([^>]*)>")
MESSAGE_ID = re.compile(rb"^message-id:\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
TEMPORARY = (b"450 4.2.1 The mailbox takes no mail right now", b"451 4.4.1 Try again later")

Note = Callable[..., None]


class HungUp(Exception):
    """The sink ends the connection: with a reset, or after the last answer has gone out."""

    def __init__(self, *, with_reset: bool) -> None:
        super().__init__()
        self.with_reset = with_reset


@dataclass
class Memory:
    """What all conversations of a sink share."""

    chance: random.Random
    refused: Counter[bytes] = field(default_factory=Counter)
    """How often each mailbox was refused for now."""


@dataclass
class Conversation:
    """State and answers of one connection; `note` is told everything that matters (see ledger.py)."""

    rules: MailRules
    memory: Memory
    note: Note
    received: bytearray = field(default_factory=bytearray)
    sender: bytes | None = None
    recipients: list[bytes] = field(default_factory=list)
    in_content: bool = False
    resets_in_content: bool = False
    searched: int = 0

    def greeting(self) -> bytes:
        """Return the first line."""
        return b"220 sink.example ESMTP\r\n"

    def take(self, octets: bytes) -> Iterator[bytes]:
        """Give the answers to what came in, one per command. Raises HungUp."""
        self.received += octets
        while (answer := self._next()) is not None:
            yield answer

    def _next(self) -> bytes | None:
        """Return the answer to the next command; None where none is complete."""
        if self.in_content:
            return self._content()
        end = self.received.find(b"\r\n")
        if end < 0:
            return None
        line = bytes(self.received[:end])
        del self.received[: end + 2]
        return self._command(line)

    def _command(self, line: bytes) -> bytes:
        word, _, rest = line.partition(b" ")
        word = word.upper()
        if self.rules.storm and word not in (b"EHLO", b"HELO"):
            self.note("refused", step=word.decode().lower(), answer="421 4.7.0 Try again later")
            raise HungUp(with_reset=False)
        answering: dict[bytes, Callable[[bytes], bytes]] = {
            b"EHLO": self._ehlo,
            b"HELO": lambda _: b"250 sink.example\r\n",
            b"AUTH": self._auth,
            b"MAIL": self._mail,
            b"RCPT": self._rcpt,
            b"DATA": self._data,
            b"RSET": self._rset,
            b"NOOP": lambda _: b"250 2.0.0 OK\r\n",
        }
        if word == b"QUIT":
            raise HungUp(with_reset=False)
        if word not in answering:
            return b"500 5.5.2 Unknown command\r\n"
        return answering[word](rest)

    def _ehlo(self, _: bytes) -> bytes:
        offers = [b"sink.example", b"8BITMIME", b"ENHANCEDSTATUSCODES", b"AUTH PLAIN LOGIN"]
        offers += [b"PIPELINING"] if self.rules.pipelining else []
        offers += [b"SMTPUTF8"] if self.rules.smtputf8 else []
        offers += [b"SIZE %d" % self.rules.size] if self.rules.size else []
        return b"".join(b"250-%s\r\n" % one for one in offers[:-1]) + b"250 %s\r\n" % offers[-1]

    def _auth(self, rest: bytes) -> bytes:
        if self.rules.login_refused:
            return self._refuse("auth", self.rules.login_refused.encode())
        return b"235 2.7.0 Welcome\r\n" if rest.upper().startswith(b"PLAIN ") else b"504 5.5.4 PLAIN only\r\n"

    def _mail(self, rest: bytes) -> bytes:
        if self.rules.envelope_refused:
            return self._refuse("mail", self.rules.envelope_refused.encode())
        found = PATH.search(rest)
        self.sender, self.recipients = found[1] if found else b"", []
        return b"250 2.1.0 OK\r\n"

    def _rcpt(self, rest: bytes) -> bytes:
        found = PATH.search(rest)
        if self.sender is None or found is None:
            return b"503 5.5.1 MAIL first\r\n"
        if answer := self._refusal_of(found[1]):
            return self._refuse("rcpt", answer, found[1])
        self.recipients.append(found[1])
        return b"250 2.1.5 OK\r\n"

    def _refusal_of(self, mailbox: bytes) -> bytes:
        """Return the answer that refuses a recipient, empty where it is taken."""
        rules, memory = self.rules, self.memory
        if rules.sender_refused:
            return rules.sender_refused.encode()
        if chosen := rules.recipients_refused.get(mailbox.decode("latin-1")):
            return chosen.encode()
        if memory.refused[mailbox] < rules.temporary_most and memory.chance.random() < rules.temporary_share:
            memory.refused[mailbox] += 1
            return memory.chance.choice(TEMPORARY)
        return b""

    def _data(self, _: bytes) -> bytes:
        if not self.recipients:
            # RFC 2920, 3.1: the answer of a server that took none of the pipelined recipients.
            return b"554 5.5.1 No valid recipients\r\n"
        self.in_content, self.searched = True, 0
        self.resets_in_content = self.memory.chance.random() < self.rules.reset_before_share
        return b"354 Go ahead\r\n"

    def _rset(self, _: bytes) -> bytes:
        self.sender, self.recipients = None, []
        return b"250 2.0.0 OK\r\n"

    def _content(self) -> bytes | None:
        if self.resets_in_content and len(self.received) > 200:
            self.note("reset", to=self._to())
            raise HungUp(with_reset=True)
        end = self.received.find(b"\r\n.\r\n", max(0, self.searched - 4))
        if end < 0:
            self.searched = len(self.received)
            return None
        content = bytes(self.received[: end + 2])
        del self.received[: end + 5]
        self.in_content = False
        return self._judge(content)

    def _judge(self, content: bytes) -> bytes:
        """Take or refuse a whole message."""
        found = MESSAGE_ID.search(content[:4000])
        facts: dict[str, Any] = {"id": found[1].decode("latin-1") if found else "", "to": self._to()}
        facts |= {"from": (self.sender or b"").decode("latin-1"), "size": len(content)}
        self.sender, self.recipients = None, []
        rules = self.rules
        if rules.content_refused or (rules.size and len(content) > rules.size):
            words = rules.content_refused or "552 5.3.4 Message too big for system"
            return self._refuse("content", words.encode(), **facts)
        if self.memory.chance.random() < rules.reset_after_share:
            self.note("accepted", dropped=True, **facts)
            raise HungUp(with_reset=True)
        self.note("accepted", **facts)
        return b"250 2.0.0 Taken\r\n"

    def _to(self) -> str:
        return ",".join(one.decode("latin-1") for one in self.recipients)

    def _refuse(self, step: str, answer: bytes, mailbox: bytes = b"", **facts: Any) -> bytes:
        self.note("refused", step=step, answer=answer.decode(), **{"to": mailbox.decode("latin-1"), **facts})
        return answer + b"\r\n"
