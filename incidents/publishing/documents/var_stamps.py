"""Dates and times in `var` elements, as Statuspage writes them where scripts may turn them local."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.lib import stamps
from incidents.lib.languages import locale


def date_and_time(moment: datetime, zone: ZoneInfo) -> SafeString:
    """Return "Nov  4, 20:07" with day (two places) and time marked."""
    local = moment.astimezone(zone)
    if locale():
        return format_html("<var data-var='date'>{}</var> {}", stamps.short_day(local.date()), time(moment, zone))
    return format_html(
        "{} <var data-var='date'>{}</var>, {}",
        stamps.short_day(local.date())[:3],
        f"{local.day:2d}",
        time(moment, zone),
    )


def time(moment: datetime, zone: ZoneInfo) -> SafeString:
    """Return "20:07", marked."""
    return format_html("<var data-var='time'>{}</var>", stamps.hour(moment, zone))


def span(start: datetime, end: datetime | None, zone: ZoneInfo) -> SafeString:
    """Return "Nov  4, 20:07 - 21:15 PST"; the second date only where the day differs."""
    opening, name = date_and_time(start, zone), stamps.abbreviation(end or start, zone)
    if end is None or end <= start:
        return format_html("{} {}", opening, name)
    same_day = start.astimezone(zone).date() == end.astimezone(zone).date()
    closing = time(end, zone) if same_day else date_and_time(end, zone)
    return format_html("{} - {} {}", opening, closing, name)
