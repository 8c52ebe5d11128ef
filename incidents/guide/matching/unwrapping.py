"""What an error was packed in when somebody copied it: escapes of JSON, tags of HTML, encoded addresses."""

import html
import re
from urllib.parse import unquote

from incidents.lib.text import storable

MOST_ESCAPES = 2_000
"""More of them than a page of text has; they stay as they are then."""

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,400}>")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENCODED = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]{0,500}%[0-9A-Fa-f]{2}[^\s\"'<>]{0,500}")
_HIDDEN = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"))


def unwrapped(text: str) -> str:
    """Return `text` as a person reads it: without markup and escapes. Tags become line breaks."""
    if "\\" in text:
        text = _without_escapes(text)
    if "<" in text:
        text = _TAG.sub("\n", _without_hidden(text))
    if "&" in text and text.count("&") <= MOST_ESCAPES:
        text = html.unescape(text)
    if "%" in text and text.count("%") <= MOST_ESCAPES:
        text = _ENCODED.sub(lambda found: unquote(found[0], errors="ignore").replace("+", " "), text)
    # What was encoded may be what nothing can be compared with, shown or kept.
    return storable(text)


def _without_escapes(text: str) -> str:
    # Twice: a body that was logged as a string inside JSON is escaped once more.
    for _ in range(2):
        for escape, sign in (("\\\\", "\\"), ('\\"', '"'), ("\\'", "'"), ("\\/", "/"), ("\\n", "\n"), ("\\r", "\n")):
            text = text.replace(escape, sign)
        text = text.replace("\\t", " ")
    if text.count("\\u") <= MOST_ESCAPES:
        text = _UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        # JSON writes a character beyond the first 65,536 as two (RFC 8259, section 7); one without the other is none.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text


def _without_hidden(text: str) -> str:
    """Leave out what a browser does not show; what is not closed ends with the text."""
    for opening, closing in _HIDDEN:
        pieces, place = [], 0
        while (start := text.find(opening, place)) >= 0:
            pieces.append(text[place:start])
            end = text.find(closing, start)
            place = end + len(closing) if end >= 0 else len(text)
        text = "".join([*pieces, text[place:]])
    return text
