"""Tables for spreadsheets: read as they were written, and never calculated with."""

import csv

import pytest

from incidents.lib.spreadsheets import MARK, as_typed, csv_lines, harmless

CALCULATED = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx", "\nx", "|x", "%x", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("cell", CALCULATED)
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert as_typed(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a@example.com", "'quoted'", "1+1", "O'Brien"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == as_typed(cell) == cell


def test_a_table_is_read_back_as_it_was() -> None:
    rows = [["a,b", 'say "so"'], ["two\nlines", ""]]
    text = "".join(csv_lines(["one", "two"], rows))
    assert text.startswith(MARK)
    assert list(csv.reader(text.removeprefix(MARK).splitlines(keepends=True))) == [["one", "two"], *rows]
