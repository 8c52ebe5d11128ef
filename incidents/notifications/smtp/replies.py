"""What a relay says, from bytes as they come to whole replies (RFC 5321, section 4.2)."""

from dataclasses import dataclass
from functools import lru_cache

LONGEST_LINE = 4096
"""Octets of one line; RFC 5321 allows 512, relays in the field write more."""

MOST_LINES = 64
"""Lines of one reply."""


class Garbled(Exception):
    """What came is no reply of an SMTP server; the conversation cannot go on."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its code, and its words, line by line."""

    code: int
    text: str

    @property
    def is_accepting(self) -> bool:
        """Whether the command was carried out."""
        return 200 <= self.code < 300


class ReplyReader:
    """Puts replies together; what is not complete waits for the next bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._code = b""

    def feed(self, received: bytes) -> list[Reply]:
        """Return the replies that are complete now. Raises Garbled."""
        *lines, self._rest = (self._rest + received).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise Garbled("the relay sent a line without an end")
        replies = []
        for line in lines:
            reply = None if self._lines else _usual(line)
            if reply is None:
                reply = self._line(line.rstrip(b"\r"))
            if reply is not None:
                replies.append(reply)
        return replies

    def _line(self, line: bytes) -> Reply | None:
        """Take one line in; return the reply it completes."""
        code, mark, words = line[:3], line[3:4], line[4:]
        if len(line) > LONGEST_LINE or len(self._lines) >= MOST_LINES:
            raise Garbled("the relay's reply is too long")
        if not (code.isdigit() and b"200" <= code <= b"599" and mark in {b" ", b"-", b""}):
            raise Garbled(f"this is no reply of a relay: {shown(line)}")
        if self._lines and code != self._code:
            raise Garbled(f"the lines of a reply have different codes: {shown(line)}")
        if mark != b"-" and not self._lines:
            return Reply(int(code), shown(words))
        self._code = code
        self._lines.append(shown(words))
        if mark == b"-":
            return None
        text, self._lines = "\n".join(self._lines), []
        return Reply(int(code), text)


@lru_cache(maxsize=128)
def _usual(line: bytes) -> Reply | None:
    """Return the reply that a line is by itself, None where it needs a closer look.

    A relay says the same four things for every message; they are read once.
    """
    code, words = line[:3], line[4:-1]
    is_usual = code.isdigit() and b"200" <= code <= b"599" and line[3:4] == b" " and line.endswith(b"\r")
    return Reply(int(code), shown(words)) if is_usual and len(line) <= LONGEST_LINE else None


def shown(words: bytes) -> str:
    """Return the other side's words for people: one line, no control characters, not endless."""
    text = words[:1000].decode("utf-8", "replace")
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
