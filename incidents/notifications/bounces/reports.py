"""Returned mail to plain data: delivery reports (RFC 3464), complaints (RFC 5965), anything else.

Whatever comes in is somebody else's: it is cut, its depth is limited, and nothing is believed
here. Who is meant is said by the signed tag, see mail/return_path.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from enum import Enum

READ_LIMIT = 512 * 1024
"""Octets read of a message; the report stands before the returned original."""

PARTS_LIMIT = 60
"""Beyond so many headers of parts a message is made to exhaust readers, not to report."""

_PART_HEADER = re.compile(rb"(?mi)^content-type:")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_UNICODE_POINT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_COMMENT = re.compile(r"\([^()]*\)")
_ENVELOPE_FIELDS = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_RETURNED_FIELDS = ("Return-Path", "Original-Mail-From", "Sender", "List-Unsubscribe", "X-Envelope-From")


class ReportKind(Enum):
    """What came back."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    OTHER = "other"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """What a delivery report says of one recipient, in its own words; "" where it does not say."""

    addresses: frozenset[str]
    """Final and original recipient, folded; xtext (RFC 3461) and the escapes of RFC 6533 also decoded."""
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Report:
    """A message that came back, as far as it could be read."""

    kind: ReportKind
    addressed: str = ""
    """The headers that say where it was sent."""
    returned: str = ""
    """Where our own return path stands in the report and in the headers it quotes."""
    recipients: tuple[ReportedRecipient, ...] = ()
    feedback: str = ""
    """Type of a complaint, e.g. "abuse"; "not-spam" is the opposite of one."""


def read_report(raw: bytes) -> Report:
    """Return what a returned message says. Never raises for what it holds."""
    head = raw[:READ_LIMIT]
    if len(_PART_HEADER.findall(head)) > PARTS_LIMIT:
        return Report(ReportKind.UNREADABLE)
    try:
        return _read(message_from_bytes(head, policy=compat32))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # The standard library's parser trips over some inputs in each of these ways.
        return Report(ReportKind.UNREADABLE)


def folded(address: str) -> str:
    """Return an address as reports are compared by: without brackets, comments and letter case."""
    return _COMMENT.sub("", address).strip().strip("<>").strip().casefold()


def _read(message: Message) -> Report:
    addressed = _fields(message, _ENVELOPE_FIELDS)
    parts = [part for part in _children(message) if isinstance(part, Message)]
    returned = "\n".join(_fields(quoted, _RETURNED_FIELDS) for quoted in _quoted_headers(parts))
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is not None:
        return Report(ReportKind.BOUNCE, addressed, returned, tuple(_recipients(status)))
    feedback = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    if feedback is not None:
        fields = _first_block(feedback)
        said = _fields(fields, _RETURNED_FIELDS)
        return Report(ReportKind.COMPLAINT, addressed, f"{said}\n{returned}", feedback=_field(fields, "Feedback-Type"))
    return Report(ReportKind.OTHER, addressed)


def _children(message: Message) -> list[object]:
    """Return the parts directly inside: a report inside a forwarded message is not meant for us."""
    payload = message.get_payload()
    return list(payload) if isinstance(payload, list) and message.get_content_maintype() == "multipart" else []


def _quoted_headers(parts: list[Message]) -> Iterator[Message]:
    for part in parts:
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list) and payload and isinstance(payload[0], Message):
            yield payload[0]
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"} and isinstance(payload, str):
            yield message_from_bytes(_decoded(part), policy=compat32)


def _recipients(status: Message) -> Iterator[ReportedRecipient]:
    for block in _blocks(status):
        addresses = [_field(block, name) for name in ("Final-Recipient", "Original-Recipient")]
        if not any(addresses) and not _field(block, "Action"):
            continue
        yield ReportedRecipient(
            addresses=frozenset(one for address in addresses if address for one in _spellings(address)),
            action=_field(block, "Action").casefold(),
            status=_field(block, "Status"),
            diagnostic=_field(block, "Diagnostic-Code"),
        )


def _spellings(field: str) -> Iterator[str]:
    """Yield an address-type field's address as it stands and decoded."""
    address = field.partition(";")[2] or field
    yield folded(address)
    yield folded(_XTEXT.sub(lambda found: chr(int(found[1], 16)), address))
    yield folded(_UNICODE_POINT.sub(lambda found: _character(found[1]), address))


def _character(digits: str) -> str:
    point = int(digits, 16)
    return chr(point) if point < 0x110000 else ""


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    return []


def _first_block(part: Message) -> Message:
    """Return the fields of a feedback report, which the parser leaves as text or takes for a message."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    return message_from_bytes(_decoded(part), policy=compat32)


def _decoded(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _fields(message: Message, names: tuple[str, ...]) -> str:
    return "\n".join(str(value) for name in names for value in message.get_all(name, []))


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())
