"""Cleaning and checking of what verbs are given: each returns the clean value or refuses."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from incidents.lib.text import clean_line, clean_text, is_blank
from incidents.timeline.refusals import (
    EmptyText,
    TextTooLong,
    TimeInTheFuture,
    UnknownTimeZone,
    UnusableAddress,
)

TITLE_LIMIT = 255
"""Characters in a title (Statuspage API v1)."""

BODY_LIMIT = 25_000
"""Characters in the text of an update (Statuspage API v1)."""

POSTMORTEM_LIMIT = 100_000
NAME_LIMIT = 255
DESCRIPTION_LIMIT = 2_000

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")


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


def checked_host(host: str) -> str:
    """Return a host name in lower case, "" for none. Raises UnusableAddress.

    Letters, digits and hyphens in labels of 63 at most (RFC 1123, section 2.1); no port, no path.
    """
    host = clean_line(host).lower()
    if host and not _HOST.fullmatch(host):
        raise UnusableAddress("Give a host name such as status.example.com, without https://.", field="host")
    return host


def checked_web_address(address: str, *, field: str) -> str:
    """Return an http or https address, "" for none. Raises UnusableAddress."""
    address = clean_line(address)
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname or len(address) > 200):
        raise UnusableAddress("Give an address that begins with https://.", field=field)
    return address


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
