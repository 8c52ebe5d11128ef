"""Times in the console, written in the zone that `staff_only` made current: the page's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name

from incidents.lib import durations, stamps
from incidents.lib.site import page_address
from incidents.publishing import relative
from incidents.publishing.prose import readable, told_in
from incidents.timeline.models import Page

register = template.Library()


@register.filter
def stamp(moment: datetime | None) -> SafeString:
    """Return the long stamp as a time element, nothing for None."""
    zone = _zone()
    return stamps.element(moment, stamps.stamp(moment, zone)) if moment else SafeString()


@register.filter
def short_stamp(moment: datetime | None) -> SafeString:
    """Return "Apr 4, 21:58 PDT" as a time element, nothing for None."""
    zone = _zone()
    return stamps.element(moment, stamps.short_stamp(moment, zone)) if moment else SafeString()


@register.filter
def clock(moment: datetime | None) -> SafeString:
    """Return "21:58 PDT" as a time element, nothing for None."""
    return stamps.element(moment, stamps.clock(moment, _zone())) if moment else SafeString()


@register.filter
def exact_clock(moment: datetime | None) -> SafeString:
    """Return "21:58:07 PDT" as a time element, nothing for None."""
    return stamps.element(moment, stamps.exact_clock(moment, _zone())) if moment else SafeString()


@register.filter
def utc(moment: datetime | None) -> SafeString:
    """Return the long stamp in UTC as a time element, nothing for None."""
    zone = ZoneInfo("UTC")
    return stamps.element(moment, stamps.stamp(moment, zone)) if moment else SafeString()


@register.filter
def as_read(html: str) -> SafeString:
    """Return the HTML of an update as readers get it: tables and code scroll in regions of their own."""
    with told_in(_zone()):
        return readable(html)


@register.filter
def public_address(page: Page, path: str) -> str:
    """Return where readers see `path` of a page, "" where the page has no address yet."""
    if page.is_default:
        return path
    return f"{page_address(page.host)}{path}" if page.host else ""


@register.filter
def short_day(on: date | None) -> str:
    """Return "Apr 4", nothing for None."""
    return stamps.short_day(on) if on else ""


@register.filter
def ago(moment: datetime | None, now: datetime) -> str:
    """Return "2 minutes ago" as seen at `now`, nothing for None."""
    return relative.ago(moment, seen_at=now) if moment else ""


@register.filter
def until(start: datetime | None, end: datetime) -> str:
    """Return how long it is from `start` to `end`, such as "1 hour 27 minutes"."""
    return durations.in_words(end - start) if start else ""


def _zone() -> ZoneInfo:
    return ZoneInfo(get_current_timezone_name())
