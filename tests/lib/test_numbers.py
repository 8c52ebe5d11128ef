"""Reading a number that a stranger wrote."""

import pytest

from incidents.lib.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", " 7", "7\n", "-1", "+1", "1.0", "1e3", "1_000", "0x1", "٣", "²", "\x00", "x"])
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_more_digits_than_any_row_has_are_no_number() -> None:
    assert whole_number("9" * 19) is None
    assert whole_number("0" * 5_000 + "1") is None


def test_bounds_belong_to_what_is_allowed() -> None:
    assert [whole_number(text, least=1, most=3) for text in ("0", "1", "3", "4")] == [None, 1, 3, None]
