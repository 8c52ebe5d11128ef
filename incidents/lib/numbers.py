"""Numbers that strangers write: in an address, a form, a header, a file."""

_MOST_DIGITS = 18
"""More fit into no column of a database, and `int` refuses thousands of them."""


def whole_number(text: str, *, least: int = 0, most: int = 10**_MOST_DIGITS - 1) -> int | None:
    """Return the number from `least` to `most` that `text` writes in the digits 0 to 9, None for anything else."""
    if len(text) > _MOST_DIGITS or not text.isascii() or not text.isdigit():
        return None
    number = int(text)
    return number if least <= number <= most else None
