"""Filters to incidents."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.publishing.facts.incidents import told
from incidents.publishing.facts.rows import Rows
from incidents.publishing.shapes import IncidentFacts
from incidents.timeline.models import Affected, Incident, Postmortem, Update
from incidents.timeline.uptime import start_of_day

SHOWN = 50
"""Incidents on a page of results."""


def find(rows: Rows, wanted: dict[str, Any], *, number: int = 1) -> tuple[list[IncidentFacts], int]:
    """Return one page of the public incidents that match, newest first, and how many match in all.

    `wanted` is the cleaned data of HistoryFilters; days are those of the page's zone.
    """
    found = _found(rows, wanted).order_by("-impact_started_at", "-pk")
    first = (number - 1) * SHOWN
    return told(found[first : first + SHOWN], rows), found.count()


def _found(rows: Rows, wanted: dict[str, Any]) -> QuerySet[Incident]:
    found: QuerySet[Incident] = rows.public
    for word in wanted["q"].split():
        found = found.filter(_speaks_of(word))
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    if wanted["open"]:
        found = found.filter(rows.is_open)
    if wanted["postmortem"]:
        found = found.filter(postmortem__published_at__isnull=False)
    if wanted["since"]:
        begin = start_of_day(wanted["since"], rows.page.zone)
        found = found.filter(Q(resolved_at__gte=begin) | Q(impact_started_at__gte=begin) | rows.is_open)
    if wanted["until"]:
        found = found.filter(impact_started_at__lt=start_of_day(wanted["until"] + timedelta(days=1), rows.page.zone))
    return _touching(found, wanted)


def _touching(found: QuerySet[Incident], wanted: dict[str, Any]) -> QuerySet[Incident]:
    """Keep what touched one of the components, or any, in the state asked for as its worst."""
    if not wanted["component"] and not wanted["state"]:
        return found
    named = Affected.objects.filter(incident=OuterRef("pk"), component__visibility="public")
    if wanted["component"]:
        named = named.filter(component__code__in=wanted["component"])
    if wanted["state"]:
        named = named.filter(worst=wanted["state"])
    return found.filter(Exists(named))


def _speaks_of(word: str) -> Q:
    """Return the condition that title, a standing update or the published postmortem has `word`."""
    said = Update.objects.standing().filter(incident=OuterRef("pk"), body__icontains=word)
    report = Postmortem.objects.filter(incident=OuterRef("pk"), published_at__isnull=False, body__icontains=word)
    return Q(title__icontains=word) | Exists(said) | Exists(report)
