"""Cleaning and checking of what verbs are given: each returns the clean value or refuses."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from incidents.lib.languages import OFFERED
from incidents.lib.text import clean_line, clean_text, is_blank
from incidents.lib.zones import known_zones
from incidents.timeline.refusals import (
    EmptyText,
    ImplausibleTime,
    TextTooLong,
    TimeInTheFuture,
    UnknownLanguage,
    UnknownTimeZone,
    UnusableAddress,
    WindowEndsBeforeItStarts,
)

TITLE_LIMIT = 255
"""Characters in a title (Statuspage API v1)."""

BODY_LIMIT = 25_000
"""Characters in the text of an update (Statuspage API v1)."""

POSTMORTEM_LIMIT = 100_000
NAME_LIMIT = 255

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""No status page is older; an earlier year is a typo (such as 26 for 2026)."""

FARTHEST = timedelta(days=3653)
LONGEST_WINDOW = timedelta(days=366)
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


def checked_names(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes with `name` and `description` clean where they are among them.

    Raises EmptyText, TextTooLong.
    """
    clean = dict(changes)
    if "name" in changes:
        clean["name"] = checked_line(changes["name"], field="name", what="The name")
    if "description" in changes:
        clean["description"] = optional_text(changes["description"], field="description", what="The description")
    return clean


def checked_zone(name: str) -> str:
    """Return `name` if it is an IANA time zone. Raises UnknownTimeZone."""
    if name not in known_zones():
        raise UnknownTimeZone(
            f"“{clean_line(name)[:60]}” is not a time zone; choose one such as Europe/Berlin.",
            field="time_zone",
        )
    return ZoneInfo(name).key


def checked_language(tag: str) -> str:
    """Return `tag` if pages are offered in that language. Raises UnknownLanguage."""
    if tag not in OFFERED:
        raise UnknownLanguage("Choose one of the languages offered.", field="language")
    return tag


def checked_languages(tags: Iterable[str], *, beside: str) -> list[str]:
    """Return the languages of `tags` in the order they are offered in, without `beside`. Raises UnknownLanguage."""
    wanted = set(tags)
    if not wanted <= OFFERED.keys():
        raise UnknownLanguage("Choose some of the languages offered.", field="further_languages")
    return [tag for tag in OFFERED if tag in wanted and tag != beside]


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
    """Return `moment` if it is plausible and not after the clock `at`.

    Raises TimeInTheFuture, ImplausibleTime.
    """
    if moment > at:
        raise TimeInTheFuture(f"{what} lies in the future; choose now or earlier.", field=field)
    return plausible(moment, at=at, field=field, what=what)


def plausible(moment: datetime, *, at: datetime, field: str, what: str) -> datetime:
    """Return `moment` if it lies between 1995 and ten years after `at`. Raises ImplausibleTime."""
    if not EARLIEST <= moment <= at + FARTHEST:
        raise ImplausibleTime(f"{what} lies in the year {moment.year}; check the date.", field=field)
    return moment


def plausible_day(day: date | None, *, at: datetime, field: str, what: str) -> date | None:
    """Return `day`, None for none, within the same bounds as `plausible`. Raises ImplausibleTime."""
    if day is not None and not EARLIEST.date() <= day <= (at + FARTHEST).date():
        raise ImplausibleTime(f"{what} lies in the year {day.year}; check the date.", field=field)
    return day


def checked_window(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    """Refuse a window that ends before it starts, is over already or lasts over a year.

    Raises WindowEndsBeforeItStarts, ImplausibleTime.
    """
    if ends_at <= starts_at:
        raise WindowEndsBeforeItStarts("The end must come after the start.", field="ends_at")
    plausible(starts_at, at=at, field="starts_at", what="The start")
    if ends_at <= at:
        raise ImplausibleTime("The window is over already; choose one to come.", field="ends_at")
    if ends_at - starts_at > LONGEST_WINDOW:
        raise ImplausibleTime("The window lasts longer than a year; check the end.", field="ends_at")


def _within(text: str, *, field: str, what: str, limit: int) -> str:
    if is_blank(text):
        raise EmptyText(f"{what} is empty; write something people will understand.", field=field)
    if len(text) > limit:
        raise TextTooLong(f"{what} has {len(text):,} characters; {limit:,} is the most.", field=field)
    return text
