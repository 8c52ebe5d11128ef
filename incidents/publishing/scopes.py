"""The usual scopes of families: the whole page, each incident, each component, each page of history."""

from collections.abc import Iterable, Sequence

from incidents.publishing.facts.documents import page_of_history
from incidents.publishing.family import Subject
from incidents.publishing.guide_shapes import EntryFacts, provider_slug
from incidents.publishing.readings import Readings
from incidents.publishing.touched import Touched
from incidents.timeline.models import Component, Incident, Update


def whole_page(_readings: Readings, _touched: Touched) -> Iterable[Subject]:
    """One document, touched by every event."""
    return [()]


def hourly(_readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document, touched by every event and each hour: figures of months do not change within a minute."""
    return [] if touched.is_mere_minute else [()]


def hourly_where_told(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document of pages that publish their scorecard, touched by every event and each hour."""
    return hourly(readings, touched) if readings.row.publishes_scorecard else []


def daily(_readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document, made again after midnight: what lists all of history must not be made for each update."""
    return [()] if touched.everything or touched.is_new_day else []


def each_incident(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each public incident and maintenance, by code."""
    if not touched.everything:
        return [(code,) for code in sorted(touched.incidents)]
    return Incident.objects.on(readings.row).public().values_list("code")


def each_edited_update(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each update that was edited, by code of incident and update."""
    edited = Update.objects.filter(incident__page=readings.row).exclude(edited_at=None)
    if not touched.everything:
        edited = edited.filter(incident__code__in=touched.incidents)
    return edited.values_list("incident__code", "code")


def each_component(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each public component, by code."""
    if not touched.everything:
        return [(code,) for code in sorted(touched.components)]
    return Component.objects.on(readings.row).public().values_list("code")


def each_group(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each group with public components, by code; a group is touched by its components."""
    groups = readings.now.groups
    if touched.everything:
        return [(group.code,) for group in groups]
    return [(group.code,) for group in groups if any(one.code in touched.components for one in group.members)]


def each_page_of_history(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each three months, by number."""
    # Touched ones also beyond the last: where history got shorter they have to become empty.
    numbers = range(1, readings.pages_of_history + 1) if touched.everything else sorted(touched.history)
    return [(str(number),) for number in numbers]


def each_older_month_table(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each three months of the calendar before the newest, by number.

    An incident stands on every day it lasted, so from the page where it began to the one where it ended.
    """
    if touched.everything:
        return [(str(number),) for number in range(2, readings.pages_of_calendar + 1)]
    filed = {*touched.history, *(_page_of_beginning(readings, code) for code in touched.incidents)}
    return [(str(number),) for number in range(2, max(filed, default=1) + 1)]


def _page_of_beginning(readings: Readings, code: str) -> int:
    began = Incident.objects.on(readings.row).filter(code=code).values_list("impact_started_at", flat=True).first()
    return page_of_history(readings.row, began, seen_at=readings.seen_at) if began else 1


def guide_page(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document, where there is an error guide, touched with any entry."""
    return [()] if touched_entries(readings, touched) else []


def each_guide_range(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each range of codes, such as "400-499"."""
    return [(name,) for name in sorted({one.range for one in touched_entries(readings, touched)})]


def each_guide_provider(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each provider."""
    names = {provider_slug(name) for one in touched_entries(readings, touched) for name in one.providers}
    return [(name,) for name in sorted(names)]


def each_entry(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each entry of the error guide, by slug; a signpost at each of its former ones."""
    return [(slug,) for one in touched_entries(readings, touched) for slug in (one.slug, *one.former)]


def touched_entries(readings: Readings, touched: Touched) -> Sequence[EntryFacts]:
    """Return the entries that changed, or that an incident causes which did. Reads nothing where neither is so."""
    is_whole = touched.everything or touched.guide or touched.is_new_day
    if not readings.page.has_guide or not (is_whole or touched.incidents):
        return ()
    guide = readings.guide
    if is_whole:
        return guide.entries
    slugs = {slug for code, concerned in guide.concerned if code in touched.incidents for slug in concerned}
    return [one for one in guide.entries if one.slug in slugs]


LIVELY = 100
"""Incidents, the newest, that people still look at or pass around."""


def each_lively_incident(readings: Readings, touched: Touched) -> Iterable[Subject]:
    """One document for each incident that is open or among the newest, by code.

    For what only a page already open or a chat asks for: an old incident's is made when it is
    asked for, or lies where it was left when the incident was news.
    """
    if not touched.everything:
        return [(code,) for code in sorted(touched.incidents)]
    on_page = Incident.objects.on(readings.row)
    newest = on_page.public().order_by("-created_at", "-pk")[:LIVELY].values_list("code", flat=True)
    return [(code,) for code in sorted({*newest, *on_page.open().values_list("code", flat=True)})]
