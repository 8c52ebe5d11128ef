"""Times inside prose: staff write `[time: 03:40]`, readers get a time element in the zone of the stamps.

A token is completed when it is written down, so that it means the same instant for ever:
`[time: 2026-11-21 03:40 Europe/Berlin]`. What is no time stays text.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.safestring import SafeString, mark_safe

from incidents.lib import stamps

TOKEN = re.compile(r"\[time:\s*(?:(\d{4}-\d\d-\d\d)[ T]+)?(\d{1,2}:\d\d)(?:\s+([A-Za-z0-9_/+:-]{1,64}))?\s*\]")
_ELEMENT = re.compile(r'<time datetime="(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)">[^<]*</time>')
_OFFSET = re.compile(r"(?:UTC)?([+-])(\d\d):?(\d\d)")


def token_of(moment: datetime, zone: ZoneInfo) -> str:
    """Return the token of an instant, in `zone`; of a time the clocks show twice, the second has its offset."""
    local = moment.astimezone(zone)
    return f"[time: {local:%Y-%m-%d %H:%M} {_place(local, zone.key)}]"


def completed(text: str, *, zone: ZoneInfo, on: datetime) -> str:
    """Return `text` with every token whole: the one nearest to `on`, in `zone`, where it does not say."""

    def whole(token: re.Match[str]) -> str:
        day, place = token[1], token[3]
        moment = moment_of(token, zone=zone, on=on)
        if moment is None:
            return token[0]
        local = moment.astimezone(_zone(place) or zone)
        return f"[time: {day or local.date().isoformat()} {local:%H:%M} {_place(local, place or zone.key)}]"

    return TOKEN.sub(whole, text)


def moment_of(token: re.Match[str], *, zone: ZoneInfo | None = None, on: datetime | None = None) -> datetime | None:
    """Return the instant a token means, in UTC; None for one that means none.

    Without a zone of its own it is `zone` (UTC where None), without a day the one nearest to `on`.
    """
    day, clock, place = token.groups()
    there = _zone(place) if place else zone or UTC
    if there is None or (day is None and on is None):
        return None
    try:
        hours, _, minutes = clock.partition(":")
        at = time(int(hours), int(minutes))
        if day is not None:
            return datetime.combine(date.fromisoformat(day), at, there).astimezone(UTC)
        return _nearest(at, there, on or datetime.now(tz=UTC))
    except (ValueError, OverflowError):
        return None


def as_element(token: re.Match[str]) -> str | None:
    """Return the time element of a completed token, with words that hold anywhere; None for one that means none."""
    moment = moment_of(token)
    return str(stamps.element(moment, f"{moment:%Y-%m-%d %H:%M} UTC")) if moment else None


def in_words(text: str, zone: ZoneInfo) -> str:
    """Return plain `text` with its tokens as readers of `zone` say them: "Nov 21, 03:40 CET"."""

    def told(token: re.Match[str]) -> str:
        moment = moment_of(token)
        return token[0] if moment is None else stamps.short_stamp(moment, zone)

    return TOKEN.sub(told, text)


def localised(html: str, zone: ZoneInfo) -> SafeString:
    """Return sanitised `html` with the words of its time elements in `zone` and the language being spoken."""

    def told(element: re.Match[str]) -> str:
        moment = datetime.fromisoformat(element[1])
        return str(stamps.element(moment, stamps.short_stamp(moment, zone)))

    return mark_safe(_ELEMENT.sub(told, html))  # noqa: S308 - nothing but our own elements is put in


def _nearest(at: time, there: tzinfo, on: datetime) -> datetime:
    today = on.astimezone(there).date()
    days = [today + timedelta(days=step) for step in (-1, 0, 1)]
    meant = (datetime.combine(day, at.replace(fold=fold), there).astimezone(UTC) for day in days for fold in (0, 1))
    return min(meant, key=lambda one: abs(one - on))


def _place(local: datetime, name: str) -> str:
    """Return what stands for the zone beside a wall clock: where it shows a time for the second time, the offset."""
    return local.isoformat()[-len("+00:00") :] if local.fold else name


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if offset := _OFFSET.fullmatch(name):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-ahead if offset[1] == "-" else ahead) if ahead < timedelta(days=1) else None
    try:
        return UTC if name in {"UTC", "Z"} else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
