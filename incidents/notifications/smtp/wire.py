"""Messages as they travel: envelope commands and content (RFC 5321, RFC 6531), or the reason why not."""

from dataclasses import dataclass

from incidents.notifications.channels.answers import failure
from incidents.notifications.channels.contract import Fault, Message

LONGEST_LINE = 998
"""Octets of a line of content without its end (RFC 5321, section 4.5.3.1.6)."""

END = b".\r\n"


@dataclass(frozen=True, slots=True)
class Offers:
    """What the relay said it can do. `size` is the most octets of a message, 0 where it did not say."""

    pipelining: bool = False
    smtputf8: bool = False
    eight_bit: bool = False
    size: int = 0


def envelope(message: Message, offers: Offers) -> tuple[bytes, bytes]:
    """Return the MAIL and RCPT commands. Raises PermanentFailure where the relay cannot carry the message.

    Letters outside ASCII before the @ need SMTPUTF8. Encoding them as a header word, as Django
    does, reaches somebody else or nobody.
    """
    sender, recipient = _on_the_wire(message.sender), _on_the_wire(message.recipient)
    if sender.isascii() and recipient.isascii():
        options = b" BODY=8BITMIME" if offers.eight_bit and not message.content.isascii() else b""
    elif offers.smtputf8:
        options = b" BODY=8BITMIME SMTPUTF8"
    else:
        raise failure(Fault.UNSUPPORTED, "it does not offer SMTPUTF8, which letters outside ASCII before the @ need")
    if offers.size and len(message.content) > offers.size:
        raise failure(Fault.CONTENT, f"{len(message.content):,} octets are more than the {offers.size:,} it takes")
    return b"MAIL FROM:<%b>%b\r\n" % (sender, options), b"RCPT TO:<%b>\r\n" % recipient


def content(message: Message) -> bytes:
    """Return the content with its closing dot: lines end in CRLF, leading dots doubled. Raises PermanentFailure."""
    body = message.content
    if message.is_wire_ready:
        return body + END
    if not body.count(b"\r\n") == body.count(b"\n") == body.count(b"\r"):
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    if _has_long_line(body):
        raise failure(Fault.CONTENT, f"a line is longer than {LONGEST_LINE} octets")
    body = body.replace(b"\r\n.", b"\r\n..")
    if body.startswith(b"."):
        body = b"." + body
    return body + END if body.endswith(b"\r\n") else body + b"\r\n" + END


def is_ready(body: bytes) -> bool:
    """Say whether a body may travel as it is: lines end in CRLF, none is too long, none begins with a dot."""
    if not body.count(b"\r\n") == body.count(b"\n") == body.count(b"\r"):
        return False
    return body.endswith(b"\r\n") and b"\n." not in body and body[:1] != b"." and not _has_long_line(body)


def _has_long_line(body: bytes) -> bool:
    """Say whether a line is too long, by leaps from one line end to the last within reach."""
    place, ends_at = 0, len(body)
    while ends_at - place > LONGEST_LINE + 2:
        end = body.rfind(b"\n", place, place + LONGEST_LINE + 2)
        if end < 0:
            return True
        place = end + 1
    return False


def _on_the_wire(address: str) -> bytes:
    """Return an address as the envelope takes it: its domain in ASCII (RFC 5891). Raises PermanentFailure."""
    if address.isascii():
        found = address.encode()
    else:
        local, at, domain = address.rpartition("@")
        try:
            found = local.encode() + at.encode() + domain.encode("idna")
        except UnicodeError as error:
            raise failure(Fault.UNSUPPORTED, f"the domain of {address!r} cannot be written in ASCII") from error
    # A space or a line end would begin a command of its own.
    if not address.isprintable() or any(sign in found for sign in b" <>"):
        raise failure(Fault.UNSUPPORTED, f"{address!r} cannot stand in an envelope")
    return found
