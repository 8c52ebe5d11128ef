"""The text part of a mail: written for 72 columns, links on lines of their own."""

import re
import textwrap

COLUMNS = 72
_KEEPS_ITS_LINES = re.compile(r"^(?: {4}|\t|[-*+|>#`~]|\d+[.)] )")


def wrapped(text: str, *, columns: int = COLUMNS) -> str:
    """Return Markdown `text` with its paragraphs filled; lists, tables and code keep their lines."""
    return "\n\n".join(_paragraph(part, columns) for part in text.split("\n\n")).strip()


def _paragraph(part: str, columns: int) -> str:
    return "\n".join(_line(line, columns) for line in part.split("\n"))


def _line(line: str, columns: int) -> str:
    if len(line) <= columns or _KEEPS_ITS_LINES.match(line):
        return line
    return textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False)
