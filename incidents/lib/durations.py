"""Durations in words: one formatter for pages, mail and feeds."""

from datetime import timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def in_words(duration: timedelta) -> str:
    """Return `duration` in two units at most, rounded down to minutes: "1 hour 27 minutes".

    Less than a minute, or nothing at all, is "less than a minute".
    """
    seconds = int(duration.total_seconds())
    for (large, large_seconds), (small, small_seconds) in zip(_UNITS, (*_UNITS[1:], ("", 0)), strict=True):
        if seconds < large_seconds:
            continue
        whole, rest = divmod(seconds, large_seconds)
        remainder = rest // small_seconds if small_seconds else 0
        return f"{_count(whole, large)} {_count(remainder, small)}" if remainder else _count(whole, large)
    return "less than a minute"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
