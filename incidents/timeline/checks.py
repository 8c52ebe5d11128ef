"""Cleaning and checking of what verbs are given: each returns the clean value or refuses."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from incidents.lib.text import clean_line, clean_text, is_blank
from incidents.timeline.refusals import EmptyText, TextTooLong, TimeInTheFuture, UnknownTimeZone

TITLE_LIMIT = 255
"""Characters in a title (Statuspage API v1)."""

BODY_LIMIT = 25_000
"""Characters in the text of an update (Statuspage API v1)."""

POSTMORTEM_LIMIT = 100_000
NAME_LIMIT = 255
DESCRIPTION_LIMIT = 2_000


def checked_line(text: str, *, field: str, what: str, limit: int = TITLE_LIMIT) -> str:
    """Return `text` cleaned to one line of 1 to `limit` characters.

    Raises EmptyText, TextTooLong.
    """
    return _within(clean_line(text), field=field, what=what, limit=limit)


def checked_text(text: str, *, field: str, what: str, limit: int = BODY_LIMIT) -> str:
    """Return `text` cleaned, of 1 to `limit` characters. Raises EmptyText, TextTooLong."""
    return _within(clean_text(text), field=field, what=what, limit=limit)


def optional_text(text: str, *, field: str, what: str, limit: int = DESCRIPTION_LIMIT) -> str:
    """Return `text` cleaned, of 0 to `limit` characters. Raises TextTooLong."""
    cleaned = clean_text(text)
    return "" if is_blank(cleaned) else _within(cleaned, field=field, what=what, limit=limit)


def checked_zone(name: str) -> str:
    """Return `name` if it is an IANA time zone. Raises UnknownTimeZone."""
    if name not in available_timezones():
        raise UnknownTimeZone(
            f"“{clean_line(name)[:60]}” is not a time zone; choose one such as Europe/Berlin.",
            field="time_zone",
        )
    return ZoneInfo(name).key


def not_after(moment: datetime, *, at: datetime, field: str, what: str) -> datetime:
    """Return `moment` if it is not after the clock `at`. Raises TimeInTheFuture."""
    if moment > at:
        raise TimeInTheFuture(f"{what} lies in the future; choose now or earlier.", field=field)
    return moment


def _within(text: str, *, field: str, what: str, limit: int) -> str:
    if is_blank(text):
        raise EmptyText(f"{what} is empty; write something people will understand.", field=field)
    if len(text) > limit:
        raise TextTooLong(f"{what} has {len(text):,} characters; {limit:,} is the most.", field=field)
    return text
