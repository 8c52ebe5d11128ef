"""How many readers said within the last hour that they are affected. For staff; pages tell it where staff say so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from incidents.readers.models import ReaderReport
from incidents.timeline.models import Affected, Component, Incident, Page

SPAN = timedelta(hours=1)

INCIDENTS_COUNTED = 20
"""Open incidents whose numbers are published; nobody has more."""


@dataclass(frozen=True, slots=True)
class Voices:
    """A component and how many people it affects, by their own word."""

    component: Component
    count: int


def voices_on_components(page: Page, *, at: datetime) -> list[Voices]:
    """Return the components reported in the hour before `at`, the most first. Two queries."""
    rows = _lately(page, at=at).exclude(component=None).values("component")
    counts = dict(rows.annotate(count=Count("device", distinct=True)).values_list("component", "count"))
    named = Component.objects.on(page).filter(pk__in=counts)
    return sorted((Voices(one, counts[one.pk]) for one in named), key=lambda one: (-one.count, one.component.position))


def voices_on_incident(incident: Incident, *, at: datetime) -> int:
    """Return how many people reported the incident, or a component it affects, in the hour before `at`. One query."""
    return _on(incident, Component.objects.all(), at=at)


def voices_by_code(page: Page, *, at: datetime) -> dict[str, int]:
    """Return the numbers of what readers see: of public components, and of open incidents with theirs. By code."""
    public = Component.objects.on(page).public()
    rows = _lately(page, at=at).filter(component__in=public).values("component__code")
    counts = dict(rows.annotate(count=Count("device", distinct=True)).values_list("component__code", "count"))
    if not counts and not _lately(page, at=at).exists():
        return {}
    for incident in Incident.objects.on(page).open().incidents()[:INCIDENTS_COUNTED]:
        counts[incident.code] = _on(incident, public, at=at)
    return {code: count for code, count in counts.items() if count}


def codes_reported(page: Page, *, since: datetime) -> frozenset[str]:
    """Return the public components whose number may have changed since a moment."""
    reports = ReaderReport.objects.filter(page=page, at__gt=since - SPAN).exclude(component=None)
    public = Component.objects.on(page).public().filter(pk__in=reports.values("component"))
    return frozenset(public.values_list("code", flat=True))


def _lately(page: Page, *, at: datetime) -> QuerySet[ReaderReport]:
    return ReaderReport.objects.filter(page=page, at__gt=at - SPAN, at__lte=at)


def _on(incident: Incident, components: QuerySet[Component], *, at: datetime) -> int:
    parts = Affected.objects.filter(incident=incident, component__in=components).values("component")
    about = Q(incident=incident) | Q(component__in=parts)
    return _lately(incident.page, at=at).filter(about).values("device").distinct().count()
