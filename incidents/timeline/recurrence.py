"""Dates that repeat by a rule of RFC 5545, at the same time of the wall clock whatever the clocks do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from incidents.timeline.checks import FARTHEST
from incidents.timeline.refusals import UnknownRecurrence

RULE_LIMIT = 255

NOT_A_RULE = "The repetition is not a rule such as FREQ=WEEKLY;BYDAY=SU."
NO_DATE = "The repetition has no date in the next ten years; check the days and the end."

_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_MONTH_DAY = r"-?(?:[1-9]|[12]\d|3[01])"
_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d?",
    "COUNT": r"[1-9]\d{0,2}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "BYDAY": rf"(?:[+-]?[1-5])?{_DAY}(?:,(?:[+-]?[1-5])?{_DAY})*",
    "BYMONTHDAY": f"{_MONTH_DAY}(?:,{_MONTH_DAY})*",
    "BYMONTH": r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*",
    "BYSETPOS": "-?[1-5](?:,-?[1-5])*",
    "WKST": _DAY,
}
"""The parts of section 3.3.10 that mean something for a window: nobody plans one each second."""

_CALENDAR_REPEATS = 400
_LATEST = 9_980


def checked_rule(rule: str, *, first: datetime, zone: ZoneInfo) -> str:
    """Return the rule in capitals, "" for none. Raises UnknownRecurrence for no rule, or one without a further date."""
    rule = rule.strip().upper().removeprefix("RRULE:")
    if rule and not following(rule, first=first, zone=zone, after=first, count=1):
        raise UnknownRecurrence(NO_DATE, field="recurrence")
    return rule


def following(rule: str, *, first: datetime, zone: ZoneInfo, after: datetime, count: int) -> list[datetime]:
    """Return up to `count` starts after `after`, in UTC, of a series that began at `first`.

    The wall clock of `zone` stays the same. A time the clocks skip on a day is told with the offset before the
    change, one they show twice means the first (section 3.3.5). Raises UnknownRecurrence.
    """
    parts = _parts(rule)
    local_first, local_after = (moment.astimezone(zone).replace(tzinfo=None) for moment in (first, after))
    years = _CALENDAR_REPEATS * ((_LATEST - local_first.year) // _CALENDAR_REPEATS)
    series = _series(parts, zone, local_first, years)
    last = _later(local_after + FARTHEST, years)
    dates = takewhile(lambda date: date <= last, series.xafter(_later(local_after, years), count=count))
    return [_later(date, -years).replace(tzinfo=zone).astimezone(UTC) for date in dates]


def _series(parts: Mapping[str, str], zone: ZoneInfo, first: datetime, years: int) -> rrule:
    """Return the dates, `years` later than they are meant.

    A rule that never comes true, such as 30 February, is tried by dateutil up to the year 9999. The calendar
    repeats every 400 years, so the rule is asked in the last centuries there are and gives up soon.
    """
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    try:
        # One rule and nothing else was let through, so it is no set of them.
        series = cast("rrule", rrulestr(text, dtstart=_later(first, years)))
        if "UNTIL" in parts:
            return series.replace(until=_later(_until(parts["UNTIL"], zone), years))
    except (ValueError, TypeError, OverflowError) as error:
        raise UnknownRecurrence(NOT_A_RULE, field="recurrence") from error
    return series


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.split(";")]
    parts = {name: value for name, _, value in pairs}
    fits = len(parts) == len(pairs) and all(
        name in _PARTS and re.fullmatch(_PARTS[name], value, re.ASCII) for name, value in parts.items()
    )
    if len(rule) > RULE_LIMIT or not fits or "FREQ" not in parts or {"COUNT", "UNTIL"} <= parts.keys():
        raise UnknownRecurrence(NOT_A_RULE, field="recurrence")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", "")):
        raise UnknownRecurrence("A first or last weekday belongs to a month: use FREQ=MONTHLY.", field="recurrence")
    return parts


def _until(text: str, zone: ZoneInfo) -> datetime:
    """Return the last moment of a series on the wall clock of `zone`; a mere day counts whole."""
    if "T" not in text:
        return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, seconds=-1)  # noqa: DTZ007 - the wall clock
    moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the wall clock
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if text.endswith("Z") else moment


def _later(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)
