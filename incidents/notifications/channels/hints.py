"""Hints: how long another side asks to be left alone, in a header or in its words."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_HINT = timedelta(hours=6)
"""More than that is taken for this: news that waits longer is none, and a typing error must not park a mail."""

_SECONDS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600}
_AMOUNT = r"(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|[smh])\b"
_CLOCK = re.compile(r"\bin\s+(\d{1,2}):([0-5]\d):([0-5]\d)\b", re.IGNORECASE)
# A number of seconds alone proves nothing ("timed out after 30 seconds"): something must ask for patience before it.
_ASKED = re.compile(
    r"(?:try|retry|resend|again|later|wait|back|come|delay|greylist(?:ed|ing)?|throttl\w*|resume|slow)"
    r"[^.;\d]{0,40}?\b(?:in|after|for|within|of|until)?\s*[:=]?\s*(?:at least |about |approximately )?" + _AMOUNT,
    re.IGNORECASE,
)
_RETRY_AFTER = re.compile(r"retry[-_ ]after[\"']?\s*[:=]?\s*(\d{1,6}(?:\.\d{1,3})?)(?!\s*[a-z0-9:.])", re.IGNORECASE)


def hint_in_words(text: str) -> timedelta | None:
    """Return the wait asked for in `text` ("try again in 30 seconds", "retry-after: 5"), None where none is."""
    if found := _ASKED.search(text):
        unit = found["unit"].lower()
        return _bounded(float(found["number"]) * _SECONDS[unit if unit in _SECONDS else unit.rstrip("s")])
    if found := _CLOCK.search(text):
        hours, minutes, seconds = (int(part) for part in found.groups())
        return _bounded(hours * 3600 + minutes * 60 + seconds)
    if found := _RETRY_AFTER.search(text):
        return _bounded(float(found[1]))
    return None


def hint_in_header(value: str, *, at: datetime) -> timedelta | None:
    """Return the wait a Retry-After header asks for at the moment `at` (RFC 9110, section 10.2.3).

    Seconds (some send fractions) or an HTTP date; a date in the past means at once. None for nonsense.
    """
    value = value.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", value):
        return _bounded(float(value))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        return None
    return _bounded((until - at).total_seconds())


def retry_after_of(headers: Mapping[str, str], text: str, *, at: datetime) -> timedelta | None:
    """Return the wait an HTTP answer asks for: its Retry-After header first, then its words."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return (hint_in_header(value, at=at) if value else None) or hint_in_words(text)


def _bounded(seconds: float) -> timedelta:
    return min(timedelta(seconds=max(0, math.ceil(seconds))), LONGEST_HINT)
