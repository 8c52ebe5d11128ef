"""Relative times: companions of a stamp, never a replacement."""

from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

_TOO_OLD = timedelta(days=30)


def ago(moment: datetime, *, seen_at: datetime) -> str:
    """Return "2 minutes ago" in one unit, "just now" below a minute, "" after 30 days.

    A moment in the future reads "in 2 days".
    """
    distance = seen_at - moment
    if abs(distance) > _TOO_OLD:
        return ""
    seconds = int(abs(distance).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number = seconds // length
        if number:
            return _past(unit, number) if distance > timedelta() else _coming(unit, number)
    return gettext("just now")


def _past(unit: str, number: int) -> str:
    words = {
        "day": ngettext("{count} day ago", "{count} days ago", number),
        "hour": ngettext("{count} hour ago", "{count} hours ago", number),
        "minute": ngettext("{count} minute ago", "{count} minutes ago", number),
    }
    return words[unit].format(count=number)


def _coming(unit: str, number: int) -> str:
    words = {
        "day": ngettext("in {count} day", "in {count} days", number),
        "hour": ngettext("in {count} hour", "in {count} hours", number),
        "minute": ngettext("in {count} minute", "in {count} minutes", number),
    }
    return words[unit].format(count=number)
