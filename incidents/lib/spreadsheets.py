"""Tables as CSV, line by line, that no spreadsheet calculates with."""

import csv
from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"
"""Stands in front of the text; spreadsheets know by it that it is UTF-8."""

_CALCULATES = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, full-width signs included."""


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def csv_lines(header: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table line by line (RFC 4180), the mark and the header first; every cell is harmless."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield MARK + str(writer.writerow(header))
    for row in rows:
        yield str(writer.writerow([harmless(cell) for cell in row]))


def harmless(cell: str) -> str:
    """Return a cell that is shown as it is: an apostrophe stands before what would be calculated."""
    return f"'{cell}" if cell.startswith(_CALCULATES) else cell


def as_typed(cell: str) -> str:
    """Return what stood in a cell before `harmless` put an apostrophe in front."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_CALCULATES) else cell
