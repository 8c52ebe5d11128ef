"""Where the page says something that does not hold together: cheap questions, true right now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from incidents.lib import durations, stamps
from incidents.timeline.models import (
    ActionItem,
    ActionState,
    Affected,
    Component,
    Incident,
    Page,
    Update,
)
from incidents.timeline.states import ComponentStatus, Impact, MaintenancePhase


@dataclass(frozen=True, slots=True)
class Doubt:
    """What does not hold, in a sentence, and where to mend it."""

    sentence: str
    action: str
    address: str


def doubts(page: Page, *, at: datetime) -> list[Doubt]:
    """Return what is wrong with the page at `at`. Five queries, whatever the history."""
    return [
        *_silent_components(page),
        *_overdue_updates(page, at=at),
        *_overrun_windows(page, at=at),
        *_overdue_postmortems(page, at=at),
        *_overdue_actions(page, at=at),
    ]


def components_without_words(page: Page) -> QuerySet[Component]:
    """Return the components that are not operational while no open incident names them."""
    named = Affected.objects.filter(incident__in=Incident.objects.on(page).burdening())
    troubled = Component.objects.on(page).living().exclude(status=ComponentStatus.OPERATIONAL)
    return troubled.exclude(pk__in=named.values("component"))


def _silent_components(page: Page) -> Iterator[Doubt]:
    for component in components_without_words(page):
        state = str(ComponentStatus(component.status).label).lower()
        yield Doubt(
            f"{component.name} is in {state} but no open incident says why.",
            "Open an incident with this",
            f"{reverse('console:incident_new')}?component={component.code}",
        )


def _overdue_updates(page: Page, *, at: datetime) -> Iterator[Doubt]:
    latest = Update.objects.standing().filter(incident=OuterRef("pk")).newest_first()
    promised = Incident.objects.on(page).open().annotate(due_at=Subquery(latest.values("next_update_due_at")[:1]))
    late = promised.filter(due_at__lt=at).order_by("due_at")
    for code, title, due_at in late.values_list("code", "title", "due_at"):
        due = stamps.clock(due_at, page.zone)
        yield Doubt(
            f"An update on “{title}” was due {due}, {durations.in_words(at - due_at)} ago.",
            "Post an update",
            _address(code),
        )


def _overrun_windows(page: Page, *, at: datetime) -> Iterator[Doubt]:
    maintenances = Incident.objects.on(page).open().maintenances().select_related("phase")
    for maintenance in maintenances.filter(scheduled_for__lt=at).order_by("scheduled_for"):
        late = maintenance.phase.canonical == MaintenancePhase.SCHEDULED
        planned = maintenance.scheduled_for if late else maintenance.scheduled_until
        if planned is None or planned >= at:
            continue
        over = durations.in_words(at - planned)
        what = f"should have started {over} ago" if late else f"is running {over} over"
        yield Doubt(
            f"“{maintenance.title}” {what}.",
            "Start, move or cancel it" if late else "Finish it",
            _address(maintenance.code),
        )


def _overdue_postmortems(page: Page, *, at: datetime) -> Iterator[Doubt]:
    if not page.postmortem_due_days:
        return
    due = at - timedelta(days=page.postmortem_due_days)
    serious = (
        Incident.objects.on(page)
        .public()
        .incidents()
        .filter(
            impact__in=(Impact.MAJOR, Impact.CRITICAL),
            resolved_at__lt=due,
            imported_from="",
            backfilled=False,
            postmortem__published_at=None,
        )
    )
    for incident in serious.order_by("resolved_at")[:5]:
        yield Doubt(
            f"The postmortem of “{incident.title}” is overdue.",
            "Write it",
            reverse("console:postmortem", kwargs={"code": incident.code}),
        )


def _overdue_actions(page: Page, *, at: datetime) -> Iterator[Doubt]:
    late = ActionItem.objects.filter(
        postmortem__incident__page=page,
        due_on__lt=page.today(at=at),
        state__in=(ActionState.PLANNED, ActionState.IN_PROGRESS),
    ).select_related("postmortem__incident")
    for action in late.order_by("due_on")[:5]:
        due = stamps.short_day(action.due_on) if action.due_on else ""
        owner = f" ({action.owner})" if action.owner else ""
        yield Doubt(
            f"“{action.text}”{owner} was due {due}.",
            "See the action items",
            reverse("console:postmortem", kwargs={"code": action.postmortem.incident.code}) + "#actions",
        )


def _address(code: str) -> str:
    return reverse("console:incident", kwargs={"code": code})
