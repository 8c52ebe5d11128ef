"""Where a page contradicts itself: six kinds of doubt, each with the moment since which it holds. Cheap questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from incidents.lib import durations, stamps
from incidents.timeline.models.affected import Affected
from incidents.timeline.models.component import Component
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import IncidentQuerySet
from incidents.timeline.models.page import Page
from incidents.timeline.models.status_history import StatusChange
from incidents.timeline.models.update import Update
from incidents.timeline.states import ENDED_PHASES, ComponentStatus, Impact, IncidentPhase, MaintenancePhase

FORGIVEN = timedelta(minutes=10)
"""How long an incident may be open with everything operational: its first update may come before anybody knows more."""

WATCHED = timedelta(hours=1)
"""How much longer where a fix is being watched: that everything is operational then is what is hoped for."""

OLDEST_POSTMORTEMS = 20
"""Named at once, the longest overdue first."""

_CONDITIONS = {
    ComponentStatus.UNDER_MAINTENANCE: "is under maintenance",
    ComponentStatus.DEGRADED_PERFORMANCE: "has degraded performance",
    ComponentStatus.PARTIAL_OUTAGE: "is in partial outage",
    ComponentStatus.MAJOR_OUTAGE: "is in major outage",
}


class DoubtKind(StrEnum):
    """What does not hold together."""

    SILENT_COMPONENT = "silent"
    LEFT_DOWN = "left_down"
    ALL_GREEN = "all_green"
    LATE_UPDATE = "late_update"
    OVERRUN = "overrun"
    NO_POSTMORTEM = "no_postmortem"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A contradiction: in a sentence, what mends it, and since when it holds.

    `code` is that of the component where a component has no words, else of the incident or maintenance.
    """

    kind: DoubtKind
    code: str
    since: datetime
    sentence: str
    action: str
    component: str = ""
    """Code of the component that a resolved incident left down."""

    @property
    def key(self) -> str:
        """What tells it from any other of its page, as long as it lasts."""
        return f"{self.kind}:{self.component or self.code}"


def doubts(page: Page, *, at: datetime) -> list[Doubt]:
    """Return what does not hold at `at`, by kind. As many queries whatever the history."""
    return [
        *_components(page),
        *_all_green(page, at=at),
        *_late_updates(page, at=at),
        *_overrun_windows(page, at=at),
        *_missing_postmortems(page, at=at),
    ]


def components_without_words(page: Page) -> QuerySet[Component]:
    """Return the components that are not operational while no open incident or running maintenance names them."""
    named = Affected.objects.filter(incident__in=Incident.objects.on(page).burdening())
    troubled = Component.objects.on(page).living().exclude(status=ComponentStatus.OPERATIONAL)
    return troubled.exclude(pk__in=named.values("component"))


def _components(page: Page) -> Iterator[Doubt]:
    """Yield components that are down without words: left so by a resolved incident, or set so by hand."""
    changes = StatusChange.objects.filter(component=OuterRef("pk")).order_by("-at", "-pk")
    ended = Incident.objects.public().incidents().filter(phase__canonical__in=ENDED_PHASES)
    last = ended.filter(affected__component=OuterRef("pk")).order_by("-resolved_at")
    silent = components_without_words(page).annotate(
        changed_at=Subquery(changes.values("at")[:1]),
        changed_by=Subquery(changes.values("update__incident")[:1]),
        ended=Subquery(last.values("pk")[:1]),
    )
    found = list(silent)
    incidents = Incident.objects.in_bulk([one.ended for one in found if one.ended])
    for component in found:
        changed_at: datetime = component.changed_at or component.updated_at
        incident = incidents.get(component.ended)
        was_left = incident is not None and (
            component.changed_by == incident.pk or (incident.resolved_at or changed_at) >= changed_at
        )
        if incident is not None and was_left:
            yield _left_down(component, incident, since=max(changed_at, incident.resolved_at or changed_at))
        else:
            yield _without_words(component, since=changed_at)


def _left_down(component: Component, incident: Incident, *, since: datetime) -> Doubt:
    return Doubt(
        DoubtKind.LEFT_DOWN,
        incident.code,
        since,
        f"“{incident.title}” is resolved but {component.name} still {_condition(component)}.",
        "Set it right",
        component=component.code,
    )


def _without_words(component: Component, *, since: datetime) -> Doubt:
    is_planned = component.status == ComponentStatus.UNDER_MAINTENANCE
    why = "no maintenance is running" if is_planned else "no open incident says why"
    return Doubt(
        DoubtKind.SILENT_COMPONENT,
        component.code,
        since,
        f"{component.name} {_condition(component)} but {why}.",
        "Open an incident with this",
    )


def _condition(component: Component) -> str:
    return _CONDITIONS[ComponentStatus(component.status)]


def _all_green(page: Page, *, at: datetime) -> Iterator[Doubt]:
    """Yield open incidents while what they name, or where they name nothing the whole page, is operational."""
    down = Component.objects.living().exclude(status=ComponentStatus.OPERATIONAL)
    changes = StatusChange.objects.filter(component__affected__incident=OuterRef("pk")).order_by("-at")
    # What staff say has no impact contradicts nothing.
    claiming = Incident.objects.on(page).open().incidents().exclude(impact_override=Impact.NONE)
    rows = claiming.select_related("phase").annotate(
        names_any=Exists(Affected.objects.filter(incident=OuterRef("pk"))),
        names_down=Exists(down.filter(affected__incident=OuterRef("pk"))),
        changed_at=Subquery(changes.values("at")[:1]),
        any_down=Exists(down.filter(page=OuterRef("page"))),
    )
    green = rows.filter(Q(names_any=True, names_down=False) | Q(names_any=False, any_down=False))
    for incident, names_any, changed_at in _with(green, "names_any", "changed_at"):
        since = _green_since(incident, changed_at)
        if since <= at:
            what = "everything it names" if names_any else "everything"
            sentence = f"“{incident.title}” is open although {what} is operational."
            yield Doubt(DoubtKind.ALL_GREEN, incident.code, since, sentence, "Resolve it, or say what is affected")


def _with(rows: QuerySet[Any], *names: str) -> Iterator[Any]:
    """Yield each row with what was asked about it besides."""
    return ((row, *(getattr(row, name) for name in names)) for row in rows)


def _green_since(incident: Incident, changed_at: datetime | None) -> datetime:
    began = max(incident.first_update_at or incident.created_at, changed_at or incident.created_at)
    if incident.phase.canonical == IncidentPhase.MONITORING:
        return max(began, incident.monitoring_at or began) + WATCHED
    return began + FORGIVEN


def _late_updates(page: Page, *, at: datetime) -> Iterator[Doubt]:
    latest = Update.objects.standing().filter(incident=OuterRef("pk")).newest_first()
    promised = Incident.objects.on(page).open().annotate(due_at=Subquery(latest.values("next_update_due_at")[:1]))
    late = promised.filter(due_at__lt=at).order_by("due_at")
    for code, title, due_at in late.values_list("code", "title", "due_at"):
        ago = f"{stamps.clock(due_at, page.zone)}, {durations.in_words(at - due_at)} ago"
        sentence = f"An update on “{title}” was due {ago}."
        yield Doubt(DoubtKind.LATE_UPDATE, code, due_at, sentence, "Post an update")


def _overrun_windows(page: Page, *, at: datetime) -> Iterator[Doubt]:
    maintenances = Incident.objects.on(page).open().maintenances().select_related("phase")
    for maintenance in maintenances.filter(scheduled_for__lt=at).order_by("scheduled_for"):
        is_waiting = maintenance.phase.canonical == MaintenancePhase.SCHEDULED
        planned = maintenance.scheduled_for if is_waiting else maintenance.scheduled_until
        if planned is None or planned >= at:
            continue
        over = durations.in_words(at - planned)
        what = f"should have started {over} ago" if is_waiting else f"is running {over} over"
        action = "Start, move or cancel it" if is_waiting else "Finish it"
        yield Doubt(DoubtKind.OVERRUN, maintenance.code, planned, f"“{maintenance.title}” {what}.", action)


def _missing_postmortems(page: Page, *, at: datetime) -> Iterator[Doubt]:
    if not page.postmortem_due_days:
        return
    patience = timedelta(days=page.postmortem_due_days)
    late = owed_postmortems(page).filter(resolved_at__lt=at - patience).order_by("resolved_at")
    for code, title, resolved_at in late.values_list("code", "title", "resolved_at")[:OLDEST_POSTMORTEMS]:
        sentence = f"The postmortem of “{title}” is overdue."
        yield Doubt(DoubtKind.NO_POSTMORTEM, code, (resolved_at or at) + patience, sentence, "Write it")


def owed_postmortems(page: Page) -> IncidentQuerySet:
    """Return the major incidents that are over and have no published postmortem."""
    return (
        Incident.objects.on(page)
        .public()
        .incidents()
        .filter(
            impact__in=(Impact.MAJOR, Impact.CRITICAL),
            resolved_at__isnull=False,
            imported_from="",
            backfilled=False,
            postmortem__published_at=None,
        )
    )
