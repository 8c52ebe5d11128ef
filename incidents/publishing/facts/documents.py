"""What each document is made from."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Case, F, Max, Q, When
from django.db.models.functions import Coalesce

from incidents.publishing.documents.feeds import ENTRIES
from incidents.publishing.facts.components import groups_of, meters_of, showcased
from incidents.publishing.facts.incidents import TYPO_GRACE, incident_of, is_edit_visible, told
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.rows import Rows
from incidents.publishing.months import MONTHS_PER_PAGE, earlier, first_of
from incidents.publishing.quiet import DAYS_SHOWN
from incidents.publishing.shapes import (
    ComponentPageFacts,
    EditsFacts,
    FeedFacts,
    GroupPageFacts,
    HistoryFacts,
    IncidentFacts,
    IndexFacts,
    MonthFacts,
    PageFacts,
    RevisionFacts,
    UptimeFacts,
)
from incidents.timeline.models import Incident, Page, Update
from incidents.timeline.models.kinds import IncidentQuerySet, IncidentVisibility
from incidents.timeline.states import ENDED_PHASES, RUNNING_MAINTENANCE_PHASES, MaintenancePhase
from incidents.timeline.uptime import start_of_day

PAST_OF_A_COMPONENT = 25
"""Incidents listed on the page of one component; older ones are in history."""


_UPDATES_READ = 200
"""Updates that usually belong to more incidents than a feed holds."""


class NothingThere(Exception):
    """No document of that name is public on this page."""


class Moved(NothingThere):
    """What was here is at another address of the page now."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


def index_facts(rows: Rows, *, seen_at: datetime) -> IndexFacts:
    """Return the facts of the first page."""
    page = rows.page
    since = start_of_day(page.today(at=seen_at) - timedelta(days=DAYS_SHOWN - 1), page.zone)
    groups = groups_of(rows, seen_at=seen_at)
    recent = rows.public.filter(rows.is_open | Q(resolved_at__gte=since)).order_by("-resolved_at", "-pk")
    incidents = told(recent, rows)
    open_ones = [one for one in incidents if one.ended_at is None]
    planned = [one for one in open_ones if one.is_maintenance]
    return IndexFacts(
        page=page_facts(page, seen_at=seen_at, told_since=_first_began(rows)),
        groups=groups,
        active=tuple(one for one in open_ones if not one.is_maintenance),
        running=tuple(one for one in planned if one.phase.canonical in RUNNING_MAINTENANCE_PHASES),
        scheduled=tuple(sorted((one for one in planned if _is_ahead(one)), key=_starts_at)),
        past=tuple(one for one in incidents if one.ended_at is not None),
        last_incident_at=_last_ended(rows),
    )


def _first_began(rows: Rows) -> datetime | None:
    # Not MIN() and MAX(), which read every row: an index has either end at hand.
    oldest_first = rows.public.incidents().order_by("impact_started_at")
    return oldest_first.values_list("impact_started_at", flat=True).first()


def _last_ended(rows: Rows) -> datetime | None:
    newest_first = rows.public.incidents().filter(resolved_at__isnull=False).order_by("-resolved_at")
    return newest_first.values_list("resolved_at", flat=True).first()


def incident_facts(rows: Rows, code: str) -> IncidentFacts:
    """Return one public incident or maintenance. Raises NothingThere."""
    row = rows.incident(code)
    if row is None:
        raise NothingThere(code)
    return incident_of(row, rows.page)


def edits_facts(rows: Rows, code: str, update_code: str, *, seen_at: datetime) -> EditsFacts:
    """Return an update with its former texts. Raises NothingThere also where no edit is told."""
    page = rows.page
    incident = incident_facts(rows, code)
    row = (
        Update.objects.standing()
        .filter(incident__page=page, incident__code=code, code=update_code)
        .prefetch_related("revisions")
        .first()
    )
    if row is None or not is_edit_visible(row):
        raise NothingThere(update_code)
    former = [
        RevisionFacts(one.html, one.replaced_at)
        for one in row.revisions.all()
        if one.replaced_at - row.created_at > TYPO_GRACE
    ]
    update = next(one for one in incident.updates if one.code == update_code)
    return EditsFacts(
        page=page_facts(page, seen_at=seen_at),
        incident=incident,
        update=update,
        revisions=(*former, RevisionFacts(row.html, None)),
    )


def history_facts(rows: Rows, number: int, *, seen_at: datetime) -> HistoryFacts:
    """Return three calendar months; page 1 is this month and the two before.

    An incident is filed under the month it ended, an open one under this month.
    """
    page = rows.page
    this_month = first_of(page.today(at=seen_at))
    newest = earlier(this_month, (number - 1) * MONTHS_PER_PAGE)
    firsts = [earlier(newest, back) for back in range(MONTHS_PER_PAGE)]
    begin, end = start_of_day(firsts[-1], page.zone), start_of_day(earlier(newest, -1), page.zone)
    within = Q(resolved_at__gte=begin, resolved_at__lt=end) & rows.is_over
    wanted = within | rows.is_open if number == 1 else within
    facts = page_facts(page, seen_at=seen_at)
    incidents = told(rows.public.filter(wanted), rows)
    before = rows.public.filter(rows.is_over, resolved_at__lt=begin).order_by("-resolved_at")
    older = before.values_list("resolved_at", flat=True).first()
    return HistoryFacts(
        page=facts,
        number=number,
        months=tuple(_month(first, incidents, facts) for first in firsts),
        older=page_of_history(page, older, seen_at=seen_at) if older else None,
    )


def oldest_page_of_history(page: Page, *, seen_at: datetime, but: Iterable[str] = ()) -> int:
    """Return the number of the page of history with the oldest incident that ended, at least 1.

    Incidents whose codes are in `but` do not count.
    """
    ended = _public(page).filter(~_is_open(), resolved_at__isnull=False).exclude(code__in=list(but))
    # Not MIN(), which reads every row: the index by end has the oldest at its beginning.
    oldest = ended.order_by("resolved_at").values_list("resolved_at", flat=True).first()
    return page_of_history(page, oldest, seen_at=seen_at) if oldest else 1


def page_of_history(page: Page, moment: datetime, *, seen_at: datetime) -> int:
    """Return the number of the page of history on which an incident that ended at `moment` is filed."""
    today, on = page.today(at=seen_at), page.today(at=moment)
    months_back = (today.year - on.year) * 12 + today.month - on.month
    return max(0, months_back) // MONTHS_PER_PAGE + 1


def uptime_facts(rows: Rows, *, seen_at: datetime) -> UptimeFacts:
    """Return every component whose uptime is shown, with its year."""
    facts = page_facts(rows.page, seen_at=seen_at)
    return UptimeFacts(page=facts, meters=meters_of(rows, showcased(rows), seen_at=seen_at))


def group_facts(rows: Rows, code: str, *, seen_at: datetime) -> GroupPageFacts:
    """Return one group with its public components. Raises NothingThere where none is public."""
    key = next((group.pk for group in rows.groups.values() if group.code == code), None)
    found = groups_of(rows, seen_at=seen_at, wanted=lambda one: one.group_id == key) if key else ()
    if not found:
        raise NothingThere(code)
    return GroupPageFacts(page=page_facts(rows.page, seen_at=seen_at), group=found[0])


def component_facts(rows: Rows, code: str, *, seen_at: datetime) -> ComponentPageFacts:
    """Return one public component. Raises NothingThere."""
    component = next((one for one in rows.components if one.code == code), None)
    if component is None:
        raise NothingThere(code)
    touched = rows.public.filter(affected__component=component)
    open_ones = told(touched.filter(rows.is_open), rows)
    ended = touched.filter(rows.is_over).order_by("-resolved_at", "-pk")[:PAST_OF_A_COMPONENT]
    return ComponentPageFacts(
        page=page_facts(rows.page, seen_at=seen_at),
        meter=meters_of(rows, [component], seen_at=seen_at)[0],
        open=tuple(one for one in open_ones if not _is_ahead(one)),
        upcoming=tuple(sorted((one for one in open_ones if _is_ahead(one)), key=_starts_at)),
        past=tuple(told(ended, rows)),
    )


def feed_facts(rows: Rows, *, seen_at: datetime) -> FeedFacts:
    """Return the newest 25 by the date a feed sorts them by."""
    standing = Max("updates__posted_at", filter=Q(updates__removed_at=None))
    newest = rows.public.filter(pk__in=_latest_told(rows.page) | _scheduled(rows.page)).annotate(
        published=Case(
            When(phase__canonical=MaintenancePhase.SCHEDULED, then=F("scheduled_for")),
            default=Coalesce(standing, F("updated_at")),
        )
    )
    return FeedFacts(
        page=page_facts(rows.page, seen_at=seen_at),
        incidents=tuple(told(newest.order_by("-published", "-pk")[:ENTRIES], rows)),
    )


def _latest_told(page: Page) -> set[int]:
    """Return the incidents of the newest updates, as many as a feed holds or more.

    Read from the end of an index: sorting all incidents by their last update would cost more each year.
    """
    updates = Update.objects.standing().filter(incident__page=page, incident__visibility=IncidentVisibility.PUBLIC)
    newest_first = updates.order_by("-posted_at").values_list("incident_id", flat=True)
    count = _UPDATES_READ
    while True:
        rows = list(newest_first[:count])
        found = list(dict.fromkeys(rows))
        if len(found) >= ENTRIES or len(rows) < count:
            # A few more than needed, where the last stand at the same second.
            return set(found[: 2 * ENTRIES])
        count *= 4


def _scheduled(page: Page) -> set[int]:
    scheduled = _public(page).filter(phase__canonical=MaintenancePhase.SCHEDULED)
    return set(scheduled.values_list("pk", flat=True))


def _public(page: Page) -> IncidentQuerySet:
    return Incident.objects.on(page).public()


def _is_open() -> Q:
    return ~Q(phase__canonical__in=ENDED_PHASES)


def _is_ahead(incident: IncidentFacts) -> bool:
    return incident.phase.canonical == MaintenancePhase.SCHEDULED


def _starts_at(incident: IncidentFacts) -> datetime:
    return incident.scheduled_for or incident.started_at


def _month(first: date, incidents: list[IncidentFacts], page: PageFacts) -> MonthFacts:
    filed = [one for one in incidents if first_of(_filed_on(one, page)) == first]
    return MonthFacts(first, tuple(sorted(filed, key=lambda one: one.ended_at or page.seen_at, reverse=True)))


def _filed_on(incident: IncidentFacts, page: PageFacts) -> date:
    return (incident.ended_at or page.seen_at).astimezone(page.zone).date()
