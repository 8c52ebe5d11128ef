"""Durations in words: one formatter for pages, mail and feeds."""

from datetime import timedelta

from django.utils.translation import gettext, ngettext, pgettext

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
        if not remainder:
            return _count(whole, large)
        # Translators: a duration in two units, such as "1 hour 27 minutes".
        pattern = pgettext("duration in two units", "{larger} {smaller}")
        return pattern.format(larger=_count(whole, large), smaller=_count(remainder, small))
    return gettext("less than a minute")


def _count(number: int, unit: str) -> str:
    words = {
        "day": ngettext("{count} day", "{count} days", number),
        "hour": ngettext("{count} hour", "{count} hours", number),
        "minute": ngettext("{count} minute", "{count} minutes", number),
    }
    return words[unit].format(count=number)
