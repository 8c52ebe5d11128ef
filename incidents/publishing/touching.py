"""What events touch, and what the mere passing of time does."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from incidents.publishing.facts.documents import oldest_page_of_history, page_of_history
from incidents.publishing.facts.guide import begins_or_ends_guide
from incidents.publishing.months import MONTHS_PER_PAGE, earlier, first_of
from incidents.publishing.touched import EVERYTHING, Touched
from incidents.readers.counting import codes_reported
from incidents.timeline.models import Affected, Component, Event, Incident, Page, Update, UpdateRevision
from incidents.timeline.states import ComponentStatus
from incidents.timeline.uptime import start_of_day

_SILENT = frozenset(
    {
        *("template.added", "template.edited", "template.removed", "phase.added"),
        *("incident.drafted", "incident.suspected", "incident.discarded"),
        *("incident.dismissed", "incident.suspected_again"),
        *("incident.command_taken", "maintenance.command_taken"),
        *("postmortem.drafted", "postmortem.submitted", "postmortem.sent_back"),
        *("maintenance.reminded", "maintenance.arranged"),
        *("draft.discarded", "freeze.begun", "freeze.lifted"),
        *("update.taken_back", "update.approved", "update.refused"),
    }
)
"""Events no reader can notice."""

_OF_INCIDENTS = frozenset({"incident", "maintenance", "update", "postmortem", "action"})
_OF_GUIDE = "entry"

_REWORDED = frozenset({"incident.edited", "update.edited", "update.removed"})
"""After these an incident may say less than before, so that an error it was linked to is no more."""

_OF_ONE_COMPONENT = frozenset({"component.changed", "component.history_corrected", "component.added"})

_MINUTES_MATTER = timedelta(hours=1, minutes=2)
_HOURS_MATTER = timedelta(days=31)
"""Stamps older than a month have no relative words (relative.ago)."""


def touched_by(page: Page, events: Iterable[Event], *, seen_at: datetime) -> Touched | None:
    """Return what `events` of `page` touch, None where no reader can notice any of them.

    An event of an unknown kind touches everything: too much is slow, too little is wrong.
    """
    incidents: set[str] = set()
    components: set[int] = set()
    noticed, of_guide = False, False
    for event in events:
        if event.kind in _SILENT:
            continue
        noticed = True
        of_guide = of_guide or event.kind in _REWORDED
        if event.kind.partition(".")[0] == _OF_GUIDE:
            if event.payload.get("leaves") or begins_or_ends_guide(page):
                return EVERYTHING
            of_guide = True
        elif event.kind.partition(".")[0] in _OF_INCIDENTS and "incident" in event.payload:
            incidents.add(event.payload["incident"])
        elif event.kind in _OF_ONE_COMPONENT:
            components.add(event.subject_id)
        else:
            return EVERYTHING
    if not noticed:
        return None
    # What entries say stands on the pages of open incidents too; the newest history says when the page last changed.
    told = Touched(guide=True, incidents=_open(page), history=frozenset({1})) if of_guide else Touched()
    return told | _of_incidents(page, incidents, seen_at=seen_at) | _of_components(page, components)


def touched_by_clock(page: Page, *, since: datetime, until: datetime) -> Touched:
    """Return what changes between the two moments because of the time alone.

    Each minute the open and the fresh incidents, each hour those of a month, at midnight of the page's zone
    every component, on the first of a month every page of history.
    """
    if first_of(page.today(at=since)) != first_of(page.today(at=until)):
        return EVERYTHING
    is_new_day = page.today(at=since) != page.today(at=until)
    is_new_hour = is_new_day or since.hour != until.hour
    told = Incident.objects.on(page).public().filter(updated_at__gte=until - _age(is_new_hour=is_new_hour))
    living = Component.objects.on(page).public()
    troubled = living.exclude(status=ComponentStatus.OPERATIONAL)
    components = living if is_new_day else troubled if is_new_hour else living.none()
    return Touched(
        incidents=frozenset(told.values_list("code", flat=True)) | _open(page),
        components=frozenset(components.values_list("code", flat=True)) | _reported(page, since=since),
        history=frozenset({1}),
        is_new_day=is_new_day,
        is_mere_minute=not is_new_hour,
    )


def _age(*, is_new_hour: bool) -> timedelta:
    return _HOURS_MATTER if is_new_hour else _MINUTES_MATTER


def _reported(page: Page, *, since: datetime) -> frozenset[str]:
    """Return the components whose number of affected readers is told and may be another now."""
    return codes_reported(page, since=since) if page.takes_reports and page.publishes_reports else frozenset()


def _open(page: Page) -> frozenset[str]:
    return frozenset(Incident.objects.on(page).open().values_list("code", flat=True))


def _of_incidents(page: Page, codes: set[str], *, seen_at: datetime) -> Touched:
    """Return the incidents, their components and months, and open incidents that share a component."""
    if not codes:
        return Touched()
    # In steps, each by its own index: as one join PostgreSQL may read every incident there ever was.
    keys = list(Incident.objects.on(page).filter(code__in=codes).values_list("pk", flat=True))
    concerned = set(Affected.objects.filter(incident__in=keys).values_list("component", flat=True))
    public = Component.objects.public().filter(pk__in=concerned)
    return Touched(
        incidents=frozenset(codes) | _sharing(page, concerned),
        components=frozenset(public.values_list("code", flat=True)),
        history=_pages_of_history(page, codes, seen_at=seen_at),
    )


def _of_components(page: Page, keys: set[int]) -> Touched:
    if not keys:
        return Touched()
    codes = Component.objects.filter(pk__in=keys).values_list("code", flat=True)
    return Touched(incidents=_sharing(page, keys), components=frozenset(codes), history=frozenset({1}))


def _sharing(page: Page, components: Iterable[int]) -> frozenset[str]:
    """Return the open incidents that name one of `components`: their pages tell its present state."""
    sharing = Incident.objects.on(page).open().filter(affected__component__in=list(components))
    return frozenset(sharing.values_list("code", flat=True))


def _pages_of_history(page: Page, codes: set[str], *, seen_at: datetime) -> frozenset[int]:
    """Return where the incidents are filed and where they may have been: an end is the stamp of an update."""
    updates = Update.objects.filter(incident__page=page, incident__code__in=codes).order_by()
    former = UpdateRevision.objects.filter(update__in=updates).order_by()
    ends = Incident.objects.on(page).filter(code__in=codes).exclude(resolved_at=None).order_by()
    moments = [
        *updates.values_list("posted_at", flat=True),
        *former.values_list("posted_at", flat=True),
        *ends.values_list("resolved_at", flat=True),
    ]
    filed = {1, *(page_of_history(page, moment, seen_at=seen_at) for moment in moments if moment)}
    # Where these were, or are, the oldest of all, pages come or go at the end, and the one before leads to them.
    others = oldest_page_of_history(page, seen_at=seen_at, but=codes)
    leading = {one for number in filed for one in range(_next_newer(page, number, codes, seen_at=seen_at), number)}
    return frozenset({*filed, *leading, *range(others, max(filed) + 1)})


def _next_newer(page: Page, number: int, codes: set[str], *, seen_at: datetime) -> int:
    """Return the nearest newer page of history with other incidents: it, and the gap between, leads to `number`."""
    if number == 1:
        return 1
    newest = earlier(first_of(page.today(at=seen_at)), (number - 1) * MONTHS_PER_PAGE)
    after = start_of_day(earlier(newest, -1), page.zone)
    ended = Incident.objects.on(page).public().filter(resolved_at__gte=after).exclude(code__in=codes)
    moment = ended.order_by("resolved_at").values_list("resolved_at", flat=True).first()
    return page_of_history(page, moment, seen_at=seen_at) if moment else 1
