"""Words to bytes: the message of a story is built once, each reader's by substitution.

Building MIME for every recipient costs some 600 µs, substitution 2. Both parts are
quoted-printable, so that no relay has to convert them and no line grows too long whatever is
put in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property

from incidents.notifications.mail.calendar import FILE_NAME
from incidents.notifications.mail.header import address_line, plain_line, plain_lines, text_line
from incidents.notifications.mail.identity import mail_domain, reply_address, sender_address, thread_id
from incidents.notifications.mail.rendering import Rendered
from incidents.notifications.smtp.wire import is_ready

_UNSAFE = re.compile(rb"[^!-<>-~]")
_ROW = re.compile(rb"(?:=..|[^=]{1,3}){1,24}")
"""At most 72 octets, and no encoded one cut apart."""

_POLICY = SMTP.clone(cte_type="7bit", max_line_length=74)
"""Two octets less than quoted-printable allows, which a dot at the beginning of a line takes."""

_NO_REPLIES = "DR, RN, NRN, OOF, AutoReply"
"""What Exchange is not to answer with (MS-OXCMAIL, X-Auto-Response-Suppress); bounces it may."""


@dataclass(frozen=True, slots=True)
class Circular:
    """What the header says of mail that goes to many: news of an incident, not a letter that was asked for."""

    page_code: str
    kind: str
    incident_code: str = ""


@dataclass(slots=True)
class Envelope:
    """What the header of one reader's copy says."""

    message_id: str
    recipient: str
    unsubscribe_link: str = ""
    """For List-Unsubscribe; empty for mails nobody can unsubscribe from."""
    unsubscribe_address: str = ""
    """The same by mail; empty where no such mail would be read."""
    one_click: bool = True
    """Whether mail programs may do it without asking (RFC 8058)."""


@dataclass(frozen=True)
class MessageTemplate:
    """A message cut at the places where readers differ: bytes, and the names of what goes between."""

    pieces: tuple[bytes | str, ...]

    @classmethod
    def make(
        cls,
        rendered: Rendered,
        *,
        page_name: str,
        at: datetime,
        marks: Sequence[str] = (),
        circular: Circular | None = None,
        language: str = "en",
    ) -> MessageTemplate:
        """Build the message once; `marks` are what the words hold in the place of personal text.

        Raises ValueError where a name or the subject would break the header.
        """
        opening = address_line("From", f"{page_name} status", sender_address())
        opening += text_line("Subject", rendered.subject) + plain_line("Content-Language", language)
        opening += _common_lines(page_name, circular)
        message = EmailMessage(policy=_POLICY)
        message["Date"] = format_datetime(at)
        message.set_content(rendered.text, cte="quoted-printable")
        message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
        if rendered.calendar:
            _attach(message, rendered.calendar)
        return cls(tuple(_cut(opening + _without_leading_dots(message.as_bytes()), marks)))

    @property
    def size(self) -> int:
        """Octets of everything that is the same for every reader."""
        return sum(len(piece) for piece in self.pieces if isinstance(piece, bytes))

    @cached_property
    def is_wire_ready(self) -> bool:
        """Whether every copy is as SMTP wants it; quoted() makes nothing that is not."""
        return is_ready(b"=\r\n".join(piece for piece in self.pieces if isinstance(piece, bytes)))

    def fill(self, envelope: Envelope, personal: Mapping[str, bytes] | None = None) -> bytes:
        """Return one reader's copy; `personal` has what stands at each mark, from quoted()."""
        parts = [piece if type(piece) is bytes else (personal or {})[str(piece)] for piece in self.pieces]
        return _header(envelope) + b"".join(parts)


def _attach(message: EmailMessage, calendar: str) -> None:
    content = calendar.replace("\r\n", "\n")
    message.add_attachment(
        content, subtype="calendar", filename=FILE_NAME, params={"method": "PUBLISH"}, cte="quoted-printable"
    )


def _common_lines(page_name: str, circular: Circular | None) -> bytes:
    """Return the lines that are the same for every reader of an edition."""
    lines = plain_line("Reply-To", reply_address()) if reply_address() else b""
    # RFC 3834, section 5: a program wrote this, so that no other program answers.
    lines += plain_line("Auto-Submitted", "auto-generated") + plain_line("X-Auto-Response-Suppress", _NO_REPLIES)
    if circular is None:
        return lines
    lines += plain_line("Precedence", "bulk")
    lines += address_line("List-Id", f"{page_name} status", f"{circular.page_code}.{mail_domain()}")
    parts = (circular.incident_code or circular.kind, circular.page_code, circular.kind, "statuspage")
    lines += plain_line("Feedback-ID", ":".join(parts))
    if circular.incident_code:
        lines += plain_line("References", thread_id(circular.incident_code))
        lines += plain_line("In-Reply-To", thread_id(circular.incident_code))
    return lines


def _header(envelope: Envelope) -> bytes:
    named = [("Message-ID", f"<{envelope.message_id}>"), ("To", envelope.recipient)]
    if envelope.unsubscribe_link:
        ways = f"<{envelope.unsubscribe_link}>"
        if envelope.unsubscribe_address:
            ways += f", <mailto:{envelope.unsubscribe_address}?subject=unsubscribe>"
        named.append(("List-Unsubscribe", ways))
        if envelope.one_click:
            named.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return plain_lines(named)


def _cut(content: bytes, marks: Sequence[str]) -> list[bytes | str]:
    """Return `content` cut at every mark, also one that a soft line break runs through."""
    if not marks:
        return [content]
    broken = "|".join("(?:=\r\n)?".join(mark) for mark in marks)
    parts = re.split(f"({broken})".encode(), content)
    pieces: list[bytes | str] = list(parts)
    pieces[1::2] = [part.replace(b"=\r\n", b"").decode() for part in parts[1::2]]
    return pieces


def quoted(text: str) -> bytes:
    """Return `text` in quoted-printable (RFC 2045, section 6.7) on lines of its own making."""
    if "\n" not in text:
        lines = _quoted_line(text)
    else:
        lines = b"\r\n".join([_quoted_line(line) for line in text.split("\n")])
    return _without_leading_dots(lines)


def _without_leading_dots(content: bytes) -> bytes:
    """Return quoted-printable in which no line begins with a dot, which would have to be doubled for each reader.

    See RFC 5321, section 4.5.2. No line of a header or boundary of ours begins with one.
    """
    return content.replace(b"\n.", b"\n=2E")


def _quoted_line(line: str) -> bytes:
    """Return one line between soft breaks, none of its own lines longer than 76."""
    signs = line.encode()
    if _UNSAFE.search(signs) is None:
        rows = [signs[start : start + 72] for start in range(0, len(signs), 72)]
        return b"=\r\n" + b"=\r\n".join(rows) + b"=\r\n"
    signs = _UNSAFE.sub(lambda found: b"=%02X" % found[0][0], signs)
    return b"=\r\n" + b"=\r\n".join(_ROW.findall(signs)) + b"=\r\n"
