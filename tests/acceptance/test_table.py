"""docs/acceptance-public.md and docs/acceptance-console.md name tests that exist, and every point once."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TABLE = (ROOT / "docs" / "acceptance-public.md").read_text()
CONSOLE = (ROOT / "docs" / "acceptance-console.md").read_text()
LAST = {"P": 12, "K": 10, "T": 12, "M": 7, "L": 10, "R": 7, "F": 6, "U": 8, "S": 7, "I": 13, "H": 5, "X": 6}
"""How many points each letter has."""


def test_every_point_has_a_row() -> None:
    rows = re.findall(r"^\| ([A-Z]\d\d) \|", TABLE, re.MULTILINE)
    assert rows == [f"{letter}{number:02}" for letter, last in LAST.items() for number in range(1, last + 1)]


def test_every_test_the_table_names_is_there_and_names_the_point() -> None:
    for row in TABLE.splitlines():
        for file, name in re.findall(r"`([^`]+?\.py)::(\w+)`", row):
            assert f"def test_{name}(" in (ROOT / "tests" / file).read_text(), f"{file}::{name}"
            assert row[2:5].lower() in name.split("_")


def test_every_point_of_the_console_has_a_row() -> None:
    points = CONSOLE.partition("### Points of the console")[2].partition("###")[0]
    assert re.findall(r"^\| (C\d\d) \|", points, re.MULTILINE) == [f"C{number:02}" for number in range(1, 21)]


def test_every_test_the_table_of_the_console_names_is_there() -> None:
    named = re.findall(r"`([^`]+?\.py)::(\w+)`", CONSOLE)
    assert len(named) > 100
    missing = [
        f"{file}::{name}" for file, name in named if f"def test_{name}(" not in (ROOT / "tests" / file).read_text()
    ]
    assert missing == []
