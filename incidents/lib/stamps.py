"""Times as readers see them: in the page's zone, with its abbreviation, inside a time element."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """Return "Apr 04, 2023 - 21:58 PDT" (the long form of Statuspage)."""
    local = moment.astimezone(zone)
    return f"{_month(local)} {local:%d}, {local.year} - {local:%H:%M} {abbreviation(moment, zone)}"


def short_stamp(moment: datetime, zone: ZoneInfo, *, seen_at: datetime | None = None) -> str:
    """Return "Apr 4, 21:58 PDT"; read at `seen_at` in another year it is "Apr 4, 2023, 21:58 PDT"."""
    local = moment.astimezone(zone)
    is_plain = seen_at is None or seen_at.astimezone(zone).year == local.year
    return f"{short_day(local) if is_plain else day(local)}, {local:%H:%M} {abbreviation(moment, zone)}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return "21:58 PDT"."""
    return f"{moment.astimezone(zone):%H:%M} {abbreviation(moment, zone)}"


def hour(moment: datetime, zone: ZoneInfo) -> str:
    """Return "21:58", for a scale that names its zone elsewhere."""
    return f"{moment.astimezone(zone):%H:%M}"


def day(on: date) -> str:
    """Return "Apr 4, 2023"."""
    return f"{_month(on)} {on.day}, {on.year}"


def weekday(on: date) -> str:
    """Return "Tuesday 4 April 2023"."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """Return "Apr 4"."""
    return f"{_month(on)} {on.day}"


def days(first: date, last: date) -> str:
    """Return "Nov 12 – 18", or "Oct 30 – Nov 2" across months."""
    if first == last:
        return short_day(first)
    end = str(last.day) if (first.year, first.month) == (last.year, last.month) else short_day(last)
    return f"{short_day(first)} – {end}"


def month(on: date) -> str:
    """Return "November 2026"."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def short_month(on: date) -> str:
    """Return "Nov 2026"."""
    return f"{_month(on)} {on.year}"


def abbreviation(moment: datetime, zone: ZoneInfo) -> str:
    """Return "PDT"; a zone without letters gives "UTC+03" (IANA names many so since 2017)."""
    name = moment.astimezone(zone).tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def element(moment: datetime, text: str) -> SafeString:
    """Return a time element: machine time in UTC, `text` for people."""
    return format_html('<time datetime="{}">{}</time>', iso(moment), text)


def day_element(on: date, text: str) -> SafeString:
    """Return a time element for a whole day."""
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), text)


def iso(moment: datetime) -> str:
    """Return "2023-04-05T04:58:00Z"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def long_span(start: datetime, end: datetime, zone: ZoneInfo) -> SafeString:
    """Return "Nov 21, 2026 - 02:54 to 04:21 UTC"; the second date only when the day differs."""
    opening = stamp(start, zone)
    if _same_day(start, end, zone):
        if abbreviation(start, zone) == abbreviation(end, zone):
            opening = opening.rsplit(" ", 1)[0]
        closing = clock(end, zone)
    else:
        closing = stamp(end, zone)
    return format_html("{} to {}", element(start, opening), element(end, closing))


def short_span(start: datetime, end: datetime, zone: ZoneInfo, *, seen_at: datetime | None = None) -> SafeString:
    """Return "Nov 19, 09:14 – 10:02 UTC"; the second date only when the day differs.

    Dates have their year where it is not the one of `seen_at`.
    """
    opening = short_stamp(start, zone, seen_at=seen_at)
    if abbreviation(start, zone) == abbreviation(end, zone):
        opening = opening.rsplit(" ", 1)[0]
    closing = clock(end, zone) if _same_day(start, end, zone) else short_stamp(end, zone, seen_at=seen_at)
    return format_html("{} – {}", element(start, opening), element(end, closing))


def clock_span(start: datetime, end: datetime, zone: ZoneInfo) -> SafeString:
    """Return "13:41 – 13:46 UTC", with dates where they differ."""
    if not _same_day(start, end, zone):
        return short_span(start, end, zone)
    opening, closing = element(start, hour(start, zone)), element(end, clock(end, zone))
    return format_html("{} – {}", opening, closing)


def _same_day(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    return start.astimezone(zone).date() == end.astimezone(zone).date()


def _month(on: date) -> str:
    return MONTHS[on.month - 1][:3]
