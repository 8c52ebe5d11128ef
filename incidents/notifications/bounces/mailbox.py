"""The mailbox bounces come back to, over IMAP or POP3: read, taken in, cleared."""

import imaplib
import poplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from incidents.notifications.bounces.reports import READ_LIMIT
from incidents.notifications.models import Taken

SECONDS = 20.0
AT_ONCE = 500
"""Messages one reading takes on; the rest waits for the next."""

LINES_OF_A_LARGE_ONE = 4_000

# poplib gives a whole mailbox up for one line of more than 2,048 octets; mail has longer ones against RFC 5322.
poplib._MAXLINE = READ_LIMIT  # type: ignore[attr-defined]


class MailboxUnreachable(Exception):
    """The mailbox cannot be read now; `sentence` says why in the server's own words."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where it is and how to get in; the scheme is one of imap, imap+tls, imaps, pop3, pop3+tls, pop3s."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"

    @property
    def speaks_imap(self) -> bool:
        """Whether it speaks IMAP; else POP3."""
        return self.scheme.startswith("imap")


class _Session(Protocol):
    """An open mailbox."""

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """Yield what is in it, at most READ_LIMIT octets of each, with what names it."""

    def remove(self, name: str) -> None:
        """Take a message out."""


def read_mailbox(mailbox: Mailbox, take: Callable[[bytes], Taken]) -> dict[Taken, int]:
    """Hand every message to `take` and clear it away; return how many of each kind there were.

    What comes too early (LATER) stays. A message is removed only after `take` has returned, so
    that a crash can at most show it twice. Raises MailboxUnreachable.
    """
    counts: dict[Taken, int] = {}
    try:
        with _opened(mailbox) as session:
            for number, (name, raw) in enumerate(session.messages()):
                taken = take(raw)
                counts[taken] = counts.get(taken, 0) + 1
                if taken != Taken.LATER:
                    session.remove(name)
                if number + 1 >= AT_ONCE:
                    break
    except (imaplib.IMAP4.error, poplib.error_proto, OSError, EOFError) as error:
        words = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error).encode()
        place = f"{mailbox.user} on {mailbox.host}:{mailbox.port}"
        raise MailboxUnreachable(f"The mailbox of {place} cannot be read: {words.decode(errors='replace')}") from error
    return counts


def look_into(mailbox: Mailbox) -> int:
    """Return how many messages wait in the mailbox, changing nothing. Raises MailboxUnreachable."""
    waiting = 0

    def count(_raw: bytes) -> Taken:
        nonlocal waiting
        waiting += 1
        return Taken.LATER

    read_mailbox(mailbox, count)
    return waiting


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[_Session]:
    if mailbox.speaks_imap:
        imap = _imap(mailbox)
        try:
            if mailbox.scheme == "imap+tls":
                # Raises where the server does not offer it: never go on in the clear.
                imap.starttls(ssl.create_default_context())
            imap.login(mailbox.user, mailbox.password)
            _expect(imap.select(_quoted(mailbox.folder)))
            yield _ImapSession(imap)
            imap.expunge()
        finally:
            imap.shutdown()
        return
    pop = _pop(mailbox)
    try:
        if mailbox.scheme == "pop3+tls":
            pop.stls(ssl.create_default_context())
        pop.user(mailbox.user)
        pop.pass_(mailbox.password)
        yield _PopSession(pop)
        pop.quit()
    finally:
        pop.close()


class _ImapSession:
    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap

    def messages(self) -> Iterator[tuple[str, bytes]]:
        found = _expect(self._imap.uid("SEARCH", "UNDELETED"))
        names = found[0] if found and isinstance(found[0], bytes) else b""
        for name in names.decode().split():
            parts = _expect(self._imap.uid("FETCH", name, f"(BODY.PEEK[]<0.{READ_LIMIT}>)"))
            content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield name, content

    def remove(self, name: str) -> None:
        _expect(self._imap.uid("STORE", name, "+FLAGS.SILENT", "(\\Deleted)"))


class _PopSession:
    def __init__(self, pop: poplib.POP3) -> None:
        self._pop = pop

    def messages(self) -> Iterator[tuple[str, bytes]]:
        for row in self._pop.list()[1]:
            name, size = row.decode().split()[:2]
            is_large = int(size) > READ_LIMIT
            lines = self._pop.top(int(name), LINES_OF_A_LARGE_ONE)[1] if is_large else self._pop.retr(int(name))[1]
            yield name, b"\r\n".join(lines)

    def remove(self, name: str) -> None:
        self._pop.dele(int(name))


def _imap(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=SECONDS)
    return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=SECONDS)


def _pop(mailbox: Mailbox) -> poplib.POP3:
    if mailbox.scheme == "pop3s":
        context = ssl.create_default_context()
        return poplib.POP3_SSL(mailbox.host, mailbox.port, timeout=SECONDS, context=context)
    return poplib.POP3(mailbox.host, mailbox.port, timeout=SECONDS)


def _expect(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    kind, data = answer
    if kind != "OK":
        words = next((part.decode(errors="replace") for part in data if isinstance(part, bytes)), kind)
        raise imaplib.IMAP4.error(words)
    return data


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
