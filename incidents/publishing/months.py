"""Calendar months as their first day."""

from datetime import date

MONTHS_PER_PAGE = 3
"""Months on a page of history."""


def first_of(on: date) -> date:
    """Return the first day of the month of `on`."""
    return on.replace(day=1)


def earlier(first: date, count: int) -> date:
    """Return the first day of the month `count` months before `first`."""
    index = first.year * 12 + first.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)
