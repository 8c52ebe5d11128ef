"""A file with rows and columns, to text and cells, whatever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from incidents.subscriptions.refusals import NotReadable

LONGEST_FILE = 10_000_000
"""Octets; about 300,000 addresses."""

DELIMITERS = (",", ";", "\t", "|")
LINES_LOOKED_AT = 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record, and the line of the file it begins on."""

    line: int
    cells: tuple[str, ...]


def text_of(content: bytes) -> str:
    """Return the text of an uploaded file: UTF-8, UTF-16 and UTF-32 with or without a mark, else Windows-1252.

    Raises NotReadable for what is no text: a workbook, a web page, an empty file.
    """
    if len(content) > LONGEST_FILE:
        raise NotReadable(f"The file is larger than {LONGEST_FILE // 1_000_000} MB; split it.", field="file")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotReadable("This is a workbook or an archive, not a list; save it as CSV.", field="file")
    text = content.decode(_encoding_of(content), "replace")
    if not text.strip("\ufeff \t\r\n"):
        raise NotReadable("The file is empty.", field="file")
    if text.lstrip("\ufeff \t\r\n")[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise NotReadable("This is a web page, not a list.", field="file")
    if "\x00" in text:
        raise NotReadable("This is no text; save the list as CSV.", field="file")
    return text.removeprefix("\ufeff")


def delimiter_of(text: str) -> str:
    """Return what stands between the cells: the character that cuts the first lines into the most equal columns."""
    best, most = DELIMITERS[0], 1
    for delimiter in DELIMITERS:
        try:
            widths = {len(row.cells) for row, _ in zip(rows_of(text, delimiter), range(LINES_LOOKED_AT), strict=False)}
        except NotReadable:
            continue
        if len(widths) == 1 and max(widths) > most:
            best, most = delimiter, max(widths)
    return best if most > 1 else _commonest(text)


def rows_of(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the records that are not blank. Raises NotReadable with the line at which it cannot be read on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NotReadable(f"Line {begins}: {_words(error)}", field="file") from error
        if any(cell.strip() for cell in cells):
            yield Row(begins, tuple(cell.strip() for cell in cells))


def _encoding_of(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if content[1:400:2].count(0) > 40:
        return "utf-16-le"
    if content[0:400:2].count(0) > 40:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _commonest(text: str) -> str:
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _words(error: csv.Error) -> str:
    said = str(error)
    if "end of data" in said or "expected after" in said:
        return "a quotation mark is not closed, or stands inside a cell."
    if "field larger" in said:
        return "a cell is longer than any address."
    return f"it cannot be read ({said})."
