"""Header lines (RFC 5322, RFC 2047) that say exactly what was meant.

Python's own folding of long subjects outside ASCII loses and doubles spaces (seen on 3.11).
"""

from email.header import Header
from email.utils import quote


def text_line(name: str, text: str) -> bytes:
    """Return a header line for one line of text. Raises ValueError for a text of several."""
    return f"{name}: {_encoded(name, text)}\r\n".encode("ascii")


def sender_line(name: str, address: str) -> bytes:
    """Return the From line with a name in words. Raises ValueError for a name of several lines."""
    shown = f'"{quote(name)}"' if name.isascii() else _encoded("From", name)
    _refuse_controls(name + address)
    return f"From: {shown} <{address}>\r\n".encode("ascii")


def _encoded(name: str, text: str) -> str:
    _refuse_controls(text)
    # What looks like an encoded word must be encoded itself, or it is read as what it encodes.
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _refuse_controls(text: str) -> None:
    if not text.isprintable():
        raise ValueError("A header cannot hold line breaks or control characters.")
