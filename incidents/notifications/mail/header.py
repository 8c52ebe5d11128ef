"""Header lines (RFC 5322, RFC 2047) that say exactly what was meant.

Python's own folding of long subjects outside ASCII loses and doubles spaces (seen on 3.11).
"""

import unicodedata
from collections.abc import Sequence
from email.header import Header
from email.utils import quote

_BREAKING = {"Cc", "Cs", "Zl", "Zp"}
"""What ends a line somewhere (CR, LF, VT, FF, FS to US, NEL, LS, PS) or cannot be written down.

Joiners and soft hyphens may stay: they are part of names and emoji.
"""


def text_line(name: str, text: str) -> bytes:
    """Return a header line for one line of text. Raises ValueError for a text of several."""
    return f"{name}: {_encoded(name, text)}\r\n".encode("ascii")


def address_line(name: str, words: str, address: str) -> bytes:
    """Return a line with words before something in angle brackets: a sender, the name of a list.

    Raises ValueError where either has several lines.
    """
    _refuse_breaks(words + address)
    shown = f'"{quote(words)}"' if words.isascii() and "=?" not in words else _encoded(name, words)
    return f"{name}: {shown} <{address}>\r\n".encode("ascii")


def plain_line(name: str, value: str) -> bytes:
    """Return a line whose value travels as it is, in UTF-8 where it has to (RFC 6532).

    Raises ValueError for a value of several lines.
    """
    _refuse_breaks(value)
    return f"{name}: {value}\r\n".encode()


def plain_lines(named: Sequence[tuple[str, str]]) -> bytes:
    """Return such a line for each name and value; what is refused is looked for in all of them at once."""
    _refuse_breaks("".join([value for _name, value in named]))
    return "".join([f"{name}: {value}\r\n" for name, value in named]).encode()


def _encoded(name: str, text: str) -> str:
    _refuse_breaks(text)
    # What looks like an encoded word must be encoded itself, or it is read as what it encodes.
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _refuse_breaks(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if any(unicodedata.category(character) in _BREAKING for character in text):
        raise ValueError("A header cannot hold line breaks or control characters.")
