"""Times as readers see them: in the page's zone, with its abbreviation, inside a time element.

English has the forms of Statuspage, which the docstrings show; other languages have those of their locale data
(CLDR), with 24 hours in all of them.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_skeleton
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from incidents.lib.languages import locale

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """Return "Apr 04, 2023 - 21:58 PDT" (the long form of Statuspage)."""
    return _zoned(_long(moment, zone), moment, zone)


def short_stamp(moment: datetime, zone: ZoneInfo, *, seen_at: datetime | None = None) -> str:
    """Return "Apr 4, 21:58 PDT"; read at `seen_at` in another year it is "Apr 4, 2023, 21:58 PDT"."""
    return _zoned(_short(moment, zone, seen_at), moment, zone)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return "21:58 PDT"."""
    return _zoned(hour(moment, zone), moment, zone)


def exact_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return "21:58:07 PDT", for staff, who count in seconds."""
    return _zoned(f"{moment.astimezone(zone):%H:%M:%S}", moment, zone)


def hour(moment: datetime, zone: ZoneInfo) -> str:
    """Return "21:58", for a scale that names its zone elsewhere."""
    local, spoken = moment.astimezone(zone), locale()
    return str(format_skeleton("Hm", local.replace(tzinfo=None), locale=spoken)) if spoken else f"{local:%H:%M}"


def day(on: date) -> str:
    """Return "Apr 4, 2023"."""
    return _skeleton(on, "yMMMd") or f"{_month(on)} {on.day}, {on.year}"


def weekday(on: date) -> str:
    """Return "Tuesday 4 April 2023"."""
    spoken = locale()
    if spoken:
        return format_date(on, "full", locale=spoken)
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday_names() -> list[tuple[str, str]]:
    """Return the days of the week from Monday, each short and whole: ("Mo", "Monday")."""
    spoken = locale()
    if spoken is None:
        return [(name[:2], name) for name in WEEKDAYS]
    names = spoken.days["stand-alone"]
    # A column of the calendar has room for three letters; Arabic's short names are whole words.
    has_room = all(len(name.rstrip(".")) <= 3 for name in names["short"].values())
    short = names["short" if has_room else "narrow"]
    return [(short[number].rstrip("."), names["wide"][number]) for number in range(7)]


def weekday_name(on: date) -> str:
    """Return "Tuesday"."""
    return weekday_names()[on.weekday()][1]


def short_day(on: date) -> str:
    """Return "Apr 4"."""
    return _skeleton(on, "MMMd") or f"{_month(on)} {on.day}"


def day_of_month(on: date) -> str:
    """Return "4 April", for a reader who knows the year."""
    return _skeleton(on, "MMMMd") or f"{on.day} {MONTHS[on.month - 1]}"


def days(first: date, last: date) -> str:
    """Return "Nov 12 – 18", or "Oct 30 – Nov 2" across months."""
    if first == last:
        return short_day(first)
    spoken = locale()
    if spoken:
        return format_interval(first, last, "MMMd", locale=spoken)
    end = str(last.day) if (first.year, first.month) == (last.year, last.month) else short_day(last)
    return f"{short_day(first)} – {end}"


def month(on: date) -> str:
    """Return "November 2026"."""
    return _skeleton(on, "yMMMM") or f"{MONTHS[on.month - 1]} {on.year}"


def short_month(on: date) -> str:
    """Return "Nov 2026"."""
    return _skeleton(on, "yMMM") or f"{_month(on)} {on.year}"


def short_months(first: date, last: date) -> str:
    """Return "Sep – Nov 2026", or "Dec 2025 – Feb 2026" across years."""
    spoken = locale()
    if spoken:
        return format_interval(first, last, "yMMM", locale=spoken)
    return f"{_month(first) if first.year == last.year else short_month(first)} – {short_month(last)}"


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
    # Translators: from one time to another, both written out.
    pattern = pgettext("from a time to a time", "{start} to {end}")
    if not _same_day(start, end, zone):
        return _span(pattern, start, stamp(start, zone), end, stamp(end, zone))
    is_one_zone = abbreviation(start, zone) == abbreviation(end, zone)
    return _span(pattern, start, _long(start, zone) if is_one_zone else stamp(start, zone), end, clock(end, zone))


def short_span(start: datetime, end: datetime, zone: ZoneInfo, *, seen_at: datetime | None = None) -> SafeString:
    """Return "Nov 19, 09:14 – 10:02 UTC"; the second date only when the day differs.

    Dates have their year where it is not the one of `seen_at`.
    """
    is_one_zone = abbreviation(start, zone) == abbreviation(end, zone)
    opening = _short(start, zone, seen_at) if is_one_zone else short_stamp(start, zone, seen_at=seen_at)
    closing = clock(end, zone) if _same_day(start, end, zone) else short_stamp(end, zone, seen_at=seen_at)
    return _span(dash(), start, opening, end, closing)


def clock_span(start: datetime, end: datetime, zone: ZoneInfo) -> SafeString:
    """Return "13:41 – 13:46 UTC", with dates where they differ."""
    if not _same_day(start, end, zone):
        return short_span(start, end, zone)
    return _span(dash(), start, hour(start, zone), end, clock(end, zone))


def short_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Return "Apr 4, 21:58", where the zone is said elsewhere."""
    return _short(moment, zone, None)


def dash() -> str:
    """Return the pattern of a short span, "{start} – {end}"."""
    # Translators: from one time to another in short, such as "13:41 – 13:46 UTC".
    return pgettext("span of time", "{start} – {end}")


def _span(pattern: str, start: datetime, opening: str, end: datetime, closing: str) -> SafeString:
    return format_html(pattern, start=element(start, opening), end=element(end, closing))


def _long(moment: datetime, zone: ZoneInfo) -> str:
    local, spoken = moment.astimezone(zone), locale()
    if spoken is None:
        return f"{_month(local)} {local:%d}, {local.year} - {local:%H:%M}"
    return _joined(format_date(local, "long", locale=spoken), moment, zone)


def _short(moment: datetime, zone: ZoneInfo, seen_at: datetime | None) -> str:
    local = moment.astimezone(zone)
    is_plain = seen_at is None or seen_at.astimezone(zone).year == local.year
    on = short_day(local) if is_plain else day(local)
    return _joined(on, moment, zone) if locale() else f"{on}, {hour(moment, zone)}"


def _joined(on: str, moment: datetime, zone: ZoneInfo) -> str:
    spoken = locale()
    pattern = str(spoken.datetime_formats["medium"]) if spoken else "{1}, {0}"
    return pattern.format(hour(moment, zone), on)


def _zoned(words: str, moment: datetime, zone: ZoneInfo) -> str:
    return f"{words} {abbreviation(moment, zone)}"


def _same_day(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    return start.astimezone(zone).date() == end.astimezone(zone).date()


def _skeleton(on: date, fields: str) -> str:
    """Return a date with these fields in the order of the locale; "" in English."""
    spoken = locale()
    if spoken is None:
        return ""
    return str(format_skeleton(fields, datetime(on.year, on.month, on.day), locale=spoken))  # noqa: DTZ001 - a day


def _month(on: date) -> str:
    return MONTHS[on.month - 1][:3]
