"""Times of day as people write them in prose, and the moments of an incident they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidents.lib import time_tokens

_ZONES = {
    **dict.fromkeys(("ET", "EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT"), "America/Chicago"),
    **dict.fromkeys(("MT", "MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("UTC", "GMT", "Z"), "UTC"),
    "BST": "Europe/London",
    **dict.fromkeys(("CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Helsinki"),
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
}
"""Where people mean whose letters they write. They write EST all summer, and mean the clock on the wall."""

_CLOCK = re.compile(
    rf"(?<![\d:.,$])(?P<hour>\d{{1,2}})(?::(?P<minute>[0-5]\d))?[ \u00a0]?(?P<half>[ap]\.?m\.?(?![a-z]))?"
    rf"(?:[ \u00a0]?(?P<zone>{'|'.join(sorted(_ZONES, key=len, reverse=True))})\b)?(?![\d:%])",
    re.IGNORECASE,
)
_LONGEST = timedelta(days=3)
"""A time without a date says nothing about an incident that lasted longer."""

_NOON = 12
_HOURS = 24


@dataclass(frozen=True, slots=True)
class ProseTime:
    """One time in a text: from where to where it stands, and the moment it means, in UTC."""

    start: int
    end: int
    moment: datetime
    letters: str
    """The letters of its zone as written, "" for none."""

    @property
    def letters_in_force(self) -> str:
        """The letters the same clock has at that moment: "EDT" for an "EST" of April."""
        place = _ZONES.get(self.letters, "UTC")
        return self.moment.astimezone(ZoneInfo(place)).tzname() or ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when an incident lasted, and the zone of its page."""

    began_at: datetime
    ended_at: datetime
    zone: ZoneInfo


def times_in(paragraph: str, stretch: Stretch) -> list[ProseTime]:
    """Return the times of a paragraph that mean one moment. Letters of a zone hold until others are written."""
    return sorted([*_tokens(paragraph), *_clocks(paragraph, stretch)], key=lambda one: one.start)


def _tokens(text: str) -> Iterator[ProseTime]:
    for token in time_tokens.TOKEN.finditer(text):
        moment = time_tokens.moment_of(token) if token[1] else None
        if moment:
            yield ProseTime(token.start(), token.end(), moment, "")


def _clocks(text: str, stretch: Stretch) -> Iterator[ProseTime]:
    plain = time_tokens.TOKEN.sub(lambda token: " " * len(token[0]), text)
    zone = stretch.zone
    for found in _CLOCK.finditer(plain):
        letters = (found["zone"] or "").upper()
        at = _time_of_day(found)
        if at is None:
            continue
        zone = ZoneInfo(_ZONES[letters]) if letters else zone
        moment = _nearest(at, zone, stretch)
        if moment:
            yield ProseTime(found.start(), found.end(), moment, letters)


def _time_of_day(found: re.Match[str]) -> time | None:
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half:
        return time(hour % _NOON + (_NOON if half.startswith("p") else 0), minute) if 1 <= hour <= _NOON else None
    return time(hour, minute) if found["minute"] and hour < _HOURS else None


def _nearest(at: time, zone: ZoneInfo, stretch: Stretch) -> datetime | None:
    """Return the moment of that time nearest to the incident, None where two are as near."""
    if stretch.ended_at - stretch.began_at > _LONGEST:
        return None
    day, last = (moment.astimezone(zone).date() for moment in (stretch.began_at, stretch.ended_at))
    days = [day + timedelta(days=step) for step in range(-1, (last - day).days + 2)]
    moments = [datetime.combine(one, at, zone).astimezone(UTC) for one in days]
    away = sorted((_distance(moment, stretch), moment) for moment in moments)
    return None if away[0][0] == away[1][0] else away[0][1]


def _distance(moment: datetime, stretch: Stretch) -> timedelta:
    return max(stretch.began_at - moment, moment - stretch.ended_at, timedelta(0))
