"""Components, their groups and their days."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from incidents.publishing.facts.rows import Rows
from incidents.publishing.months import earlier, first_of
from incidents.publishing.shapes import ComponentFacts, GroupFacts, MeterFacts
from incidents.timeline.models import Affected, Component, Page, StatusChange, StatusCorrection
from incidents.timeline.states import ComponentStatus
from incidents.timeline.uptime import Change, Correction, Day, days, spans, start_of_day

DAYS_TRACED = 90
MONTHS_METERED = 12

_Place = tuple[int, str, int]


def groups_of(
    rows: Rows, *, seen_at: datetime, wanted: Callable[[Component], bool] = lambda _: True
) -> tuple[GroupFacts, ...]:
    """Return the public components that are `wanted` in page order, under their headings, with 90 days each.

    Components outside a group that follow each other share a heading without a name.
    """
    page = rows.page
    today = page.today(at=seen_at)
    ordered = [one for one in shown(rows) if wanted(one)]
    traced = _days_of(ordered, page=page, first=today - timedelta(days=DAYS_TRACED - 1), seen_at=seen_at)
    return tuple(_group(list(members), traced) for _, members in groupby(ordered, key=lambda one: one.group_id))


def meters_of(rows: Rows, components: Sequence[Component], *, seen_at: datetime) -> tuple[MeterFacts, ...]:
    """Return `components` with the days of the last 12 calendar months, this one included."""
    page = rows.page
    today = page.today(at=seen_at)
    first = earlier(first_of(today), MONTHS_METERED - 1)
    told = _days_of(components, page=page, first=first, seen_at=seen_at)
    began = _incident_days(components, page=page, first=first)
    return tuple(
        MeterFacts(
            component=_component(one, told[one.pk][-DAYS_TRACED:]),
            days=tuple(told[one.pk]),
            incidents=tuple(began[one.pk]),
        )
        for one in components
    )


def showcased(rows: Rows) -> list[Component]:
    """Return the public components whose uptime is shown, in page order."""
    return [one for one in shown(rows) if one.showcase]


def shown(rows: Rows) -> list[Component]:
    """Return the public components in page order, without those that are shown in trouble only and are in none."""
    quiet = ComponentStatus.OPERATIONAL
    return sorted(
        (one for one in rows.components if not (one.only_show_if_degraded and one.status == quiet)), key=_place
    )


def _place(component: Component) -> _Place:
    """Return where a component stands: groups and single components share one order."""
    if component.group is None:
        return component.position, "", component.pk
    return component.group.position, f"{component.group_id:020d}", component.position


def _group(members: list[Component], traced: dict[int, list[Day]]) -> GroupFacts:
    rows = tuple(_component(one, traced[one.pk]) for one in members)
    group = members[0].group
    if group is None:
        return GroupFacts(rows)
    return GroupFacts(
        rows, name=group.name, description=group.description, always_open=group.always_open, code=group.code
    )


def _component(component: Component, told: Iterable[Day]) -> ComponentFacts:
    return ComponentFacts(
        code=component.code,
        name=component.name,
        status=component.status,
        description=component.description,
        showcase=component.showcase,
        started_on=component.started_on,
        days=tuple(told),
        group=component.group.name if component.group else "",
        changed_at=component.updated_at,
    )


def _days_of(components: Sequence[Component], *, page: Page, first: date, seen_at: datetime) -> dict[int, list[Day]]:
    """Return the days of every component from `first` to today, in two queries for all of them."""
    since = start_of_day(first, page.zone)
    changes: dict[int, list[Change]] = defaultdict(list)
    recorded = StatusChange.objects.filter(component__in=components, at__gte=since).order_by("at", "pk")
    for component, at, old, new in recorded.values_list("component_id", "at", "old", "new"):
        changes[component].append(Change(at, old, new))
    corrections: dict[int, list[Correction]] = defaultdict(list)
    stated = StatusCorrection.objects.filter(component__in=components, ends_at__gt=since).order_by("at", "pk")
    for row in stated:
        corrections[row.component_id].append(Correction(row.starts_at, row.ends_at, row.status))
    return {
        one.pk: _days(
            tuple(changes[one.pk]),
            tuple(corrections[one.pk]),
            current=one.status,
            since=max(since, start_of_day(one.started_on or first, page.zone)),
            page=page,
            first=first,
            seen_at=seen_at,
        )
        for one in components
    }


def _days(
    changes: tuple[Change, ...],
    corrections: tuple[Correction, ...],
    *,
    current: str,
    since: datetime,
    page: Page,
    first: date,
    seen_at: datetime,
) -> list[Day]:
    """Return the days up to today; those before today come from memory where nothing of them changed."""
    zone, today = page.zone, page.today(at=seen_at)
    midnight = start_of_day(today, zone)
    earliest = changes[0].old if changes else current
    past = _counted(changes, corrections, earliest, since, midnight, zone, first, today - timedelta(days=1))
    return [*past, *_counted(changes, corrections, current, max(since, midnight), seen_at, zone, today, today)]


@lru_cache(maxsize=4000)
def _counted(
    changes: tuple[Change, ...],
    corrections: tuple[Correction, ...],
    current: str,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    first: date,
    last: date,
) -> list[Day]:
    """Return the days between two moments. Kept for some thousand components.

    A publishing must not count again what is over, nor today once more for each of a hundred quiet components.
    """
    return days(
        spans(changes, corrections, current=current, since=since, until=until), zone=zone, first=first, last=last
    )


def _incident_days(components: Sequence[Component], *, page: Page, first: date) -> dict[int, list[date]]:
    """Return the days on which public incidents that touched each component began."""
    since = start_of_day(first, page.zone)
    began: dict[int, list[date]] = defaultdict(list)
    rows = Affected.objects.filter(
        component__in=components,
        incident__kind="incident",
        incident__visibility="public",
        incident__impact_started_at__gte=since,
    )
    for component, moment in rows.values_list("component_id", "incident__impact_started_at"):
        began[component].append(moment.astimezone(page.zone).date())
    return began
