"""The time zones there are."""

from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Return the IANA names of all time zones; once per process, because six hundred files are read for them."""
    return frozenset(available_timezones())
