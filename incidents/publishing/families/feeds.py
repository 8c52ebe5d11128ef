"""Feeds and the calendar, for programs that follow the page."""

from incidents.publishing.documents import feeds
from incidents.publishing.documents.calendar import calendar
from incidents.publishing.family import Family
from incidents.publishing.scopes import whole_page

FAMILIES = (
    Family(
        name="feed_atom",
        route="history.atom",
        content_type="application/atom+xml; charset=utf-8",
        scope=whole_page,
        make=lambda readings, _: feeds.atom(readings.feed),
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="feed_rss",
        route="history.rss",
        content_type="application/rss+xml; charset=utf-8",
        scope=whole_page,
        make=lambda readings, _: feeds.rss(readings.feed),
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="calendar",
        route="history.ics",
        content_type="text/calendar; charset=utf-8",
        scope=whole_page,
        make=lambda readings, _: calendar(readings.calendar),
        is_urgent=False,
        is_spoken=True,
    ),
)
