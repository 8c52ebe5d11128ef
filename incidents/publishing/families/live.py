"""Live parts: what a page already open asks for again and again, without head and foot."""

from incidents.publishing import paths
from incidents.publishing.documents.groups import group
from incidents.publishing.documents.incident import incident
from incidents.publishing.documents.index import index
from incidents.publishing.documents.inspection import inspection
from incidents.publishing.documents.uptime import component
from incidents.publishing.family import Family
from incidents.publishing.scopes import each_component, each_group, each_lively_incident, whole_page

ASKED_AGAIN = (("Cache-Control", "public, max-age=0, s-maxage=10, stale-if-error=86400"),)
"""A browser asks each time and is answered 304: told to keep it for seconds, it would show news a poll late."""

FAMILIES = (
    Family(
        name="live_index",
        route="live/index",
        headers=ASKED_AGAIN,
        scope=whole_page,
        make=lambda readings, _: index(readings.index, is_fragment=True),
        follows_clock=True,
        is_spoken=True,
    ),
    Family(
        name="live_incident",
        route="live/incidents/<slug:code>",
        address=paths.live_incident,
        headers=ASKED_AGAIN,
        scope=each_lively_incident,
        make=lambda readings, subject: incident(
            readings.incident(*subject), readings.page, errors=readings.errors(*subject), is_fragment=True
        ),
        follows_clock=True,
        is_spoken=True,
    ),
    Family(
        name="live_component",
        route="live/c/<slug:code>",
        address=paths.live_component,
        headers=ASKED_AGAIN,
        scope=each_component,
        make=lambda readings, subject: component(readings.component(*subject), is_fragment=True),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="live_group",
        route="live/g/<slug:code>",
        address=paths.live_group,
        headers=ASKED_AGAIN,
        scope=each_group,
        make=lambda readings, subject: group(readings.group(*subject), is_fragment=True),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="inspection",
        route="live/c/<slug:code>/days.json",
        address=paths.inspection,
        content_type="application/json; charset=utf-8",
        headers=ASKED_AGAIN,
        scope=each_component,
        make=lambda readings, subject: inspection(readings.component(*subject)),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
)
