"""What the scorecard is made of: the incidents of a year as stories. Three queries, whatever the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from incidents.timeline.models.affected import Affected
from incidents.timeline.models.component import Component
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.page import Page
from incidents.timeline.models.update import Update
from incidents.timeline.scorecard import Promise, Story
from incidents.timeline.states import ENDED_PHASES, Impact
from incidents.timeline.uptime import start_of_day

MONTHS = 12
"""This month and those before it."""

_MAJOR = (Impact.MAJOR.value, Impact.CRITICAL.value)


def measured_since(page: Page, *, at: datetime) -> datetime:
    """Return the beginning, in the page's zone, of the first of the months measured."""
    today = page.today(at=at)
    months = today.year * 12 + today.month - MONTHS
    return start_of_day(today.replace(year=months // 12, month=months % 12 + 1, day=1), page.zone)


def stories_of(page: Page, *, at: datetime) -> list[Story]:
    """Return the public incidents of `page` that began since `measured_since`.

    Not what was entered afterwards or taken over from another page: such stamps say when something happened, and
    not when it was told.
    """
    told = Incident.objects.on(page).public().incidents().filter(backfilled=False, imported_from="")
    rows = list(told.filter(impact_started_at__gte=measured_since(page, at=at)).select_related("postmortem"))
    keys = [one.pk for one in rows]
    named, promises = _named(keys), _promises(keys)
    return [_story(one, tuple(named[one.pk]), promises[one.pk]) for one in rows]


def _story(incident: Incident, components: tuple[str, ...], promises: tuple[Promise, ...]) -> Story:
    postmortem = getattr(incident, "postmortem", None)
    return Story(
        began_at=incident.impact_started_at,
        noticed_at=incident.detected_at,
        taken_on_at=incident.acknowledged_at,
        told_at=incident.first_update_at,
        ended_at=incident.impact_ended_at or incident.resolved_at,
        detected_by=incident.detected_by,
        customer_noticed_at=incident.customer_noticed_at,
        is_major=incident.impact in _MAJOR,
        resolved_at=incident.resolved_at,
        postmortem_at=postmortem.published_at if postmortem else None,
        components=components,
        promises=promises,
    )


def _named(keys: Iterable[int]) -> dict[int, list[str]]:
    """Return the codes of the public components that each incident named."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Affected.objects.filter(incident__in=keys, component__in=Component.objects.public())
    for incident, code in rows.values_list("incident", "component__code"):
        found[incident].append(code)
    return found


def _promises(keys: Iterable[int]) -> dict[int, tuple[Promise, ...]]:
    told: dict[int, list[tuple[datetime, datetime | None, str]]] = defaultdict(list)
    updates = Update.objects.standing().filter(incident__in=keys).order_by("incident", "posted_at", "pk")
    said = updates.values_list("incident", "posted_at", "next_update_due_at", "phase__canonical")
    for incident, posted_at, due_at, phase in said:
        told[incident].append((posted_at, due_at, phase))
    return defaultdict(tuple, {incident: tuple(_promised(one)) for incident, one in told.items()})


def _promised(said: Sequence[tuple[datetime, datetime | None, str]]) -> Iterable[Promise]:
    """Yield what the updates of one incident promised; who says that it is over promises nothing more."""
    for (_posted, due_at, phase), (answered_at, _due, _phase) in pairwise(said):
        if due_at is not None and phase not in ENDED_PHASES:
            yield Promise(due_at, answered_at)
    if said and said[-1][1] is not None and said[-1][2] not in ENDED_PHASES:
        yield Promise(said[-1][1], None)
