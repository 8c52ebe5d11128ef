"""Times and windows in mails: in the reader's zone, with UTC in brackets where that differs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.lib import stamps

_UTC = ZoneInfo("UTC")


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return "Nov 21, 2026 - 03:54 CET (02:54 UTC)", the brackets only off UTC."""
    return f"{stamps.stamp(moment, zone)}{_in_utc(moment, zone)}"


def short_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return "Nov 21, 03:54 CET (02:54 UTC)", the brackets only off UTC."""
    return f"{stamps.short_stamp(moment, zone)}{_in_utc(moment, zone)}"


def window_words(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, *, told_at: datetime) -> str:
    """Return "Nov 24, 01:00 – 03:00 UTC"; the second date only when the day differs.

    Dates have their year where it is not the one the mail is sent in.
    """
    opening = stamps.short_stamp(starts_at, zone, seen_at=told_at)
    if stamps.abbreviation(starts_at, zone) == stamps.abbreviation(ends_at, zone):
        opening = opening.rsplit(" ", 1)[0]
    same_day = starts_at.astimezone(zone).date() == ends_at.astimezone(zone).date()
    closing = stamps.clock(ends_at, zone) if same_day else stamps.short_stamp(ends_at, zone, seen_at=told_at)
    return stamps.dash().format(start=opening, end=closing)


def window_in_utc(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, *, told_at: datetime) -> str:
    """Return the window in UTC, "" where the zone is at UTC then."""
    if _is_utc(starts_at, zone) and _is_utc(ends_at, zone):
        return ""
    return window_words(starts_at, ends_at, _UTC, told_at=told_at)


def _in_utc(moment: datetime, zone: ZoneInfo) -> str:
    if _is_utc(moment, zone):
        return ""
    same_day = moment.astimezone(zone).date() == moment.astimezone(UTC).date()
    words = stamps.clock(moment, _UTC) if same_day else stamps.short_stamp(moment, _UTC)
    return f" ({words})"


def _is_utc(moment: datetime, zone: ZoneInfo) -> bool:
    return moment.astimezone(zone).utcoffset() == timedelta()
