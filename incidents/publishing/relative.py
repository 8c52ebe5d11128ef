"""Relative times: companions of a stamp, never a replacement."""

from datetime import datetime, timedelta

_TOO_OLD = timedelta(days=30)


def ago(moment: datetime, *, seen_at: datetime) -> str:
    """Return "2 minutes ago" in one unit, "just now" below a minute, "" after 30 days.

    A moment in the future reads "in 2 days".
    """
    distance = seen_at - moment
    if abs(distance) > _TOO_OLD:
        return ""
    words = _one_unit(abs(distance))
    if not words:
        return "just now"
    return f"{words} ago" if distance > timedelta() else f"in {words}"


def _one_unit(distance: timedelta) -> str:
    seconds = int(distance.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number = seconds // length
        if number:
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return ""
