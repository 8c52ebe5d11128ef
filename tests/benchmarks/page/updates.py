"""Updates posted on a page of a given size, and when readers could see each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter, thread_time
from typing import Any

from django.db import connection, transaction

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.library import the_library
from incidents.publishing.waking import held_back
from incidents.timeline.models import Affected, Component, Incident, Page, StatusChange, Update
from tests.build import make_component, make_group, make_incident, make_page

MINUTE = timedelta(minutes=1)
RECENT = 50
WARM_UP = 3


@dataclass
class GrownPage:
    """A page whose history can be made longer."""

    page: Page
    components: Sequence[Component]
    size: int = 0

    def grow_to(self, size: int) -> None:
        """Add ended incidents, written as rows, since their verbs are not what is measured.

        The first fifty fill the last three months, which every page shows; the others lie before, down to the
        beginning: only the length of history differs between sizes.
        """
        resolved = self.page.phases.get(slug="resolved")
        starts = [now() - timedelta(days=_age_of(number)) for number in range(self.size, size)]
        incidents = Incident.objects.bulk_create([self._ended(at, resolved) for at in starts], batch_size=500)
        Update.objects.bulk_create([_update(one, resolved) for one in incidents], batch_size=500)
        Affected.objects.bulk_create(
            [
                Affected(incident=one, component=self.components[number % len(self.components)], worst="major_outage")
                for number, one in enumerate(incidents)
            ],
            batch_size=500,
        )
        self.size = size
        # PostgreSQL does this by itself within a minute (autovacuum).
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _ended(self, at: datetime, resolved: Any) -> Incident:
        return Incident(
            page=self.page,
            title="Elevated error rates",
            phase=resolved,
            visibility="public",
            impact="major",
            impact_started_at=at,
            first_update_at=at,
            resolved_at=at + 30 * MINUTE,
            created_at=at,
            updated_at=at + 30 * MINUTE,
        )


def _age_of(number: int) -> float:
    """Return how many days ago the incident of that number began."""
    return 2 + number if number < RECENT else 130 + number * 0.35


@dataclass
class Measured:
    """Seconds from the start of a post to each point, and what each post made."""

    commits: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    effort: list[float] = field(default_factory=list)
    """Of the same stretch, what this process computed: the same however busy the machine is."""
    whole: list[float] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def grown_page(*, components: int, incidents: int, is_troubled: bool = False) -> GrownPage:
    """Return a published page with components in groups of ten and a history of ended incidents.

    Where `is_troubled`, each component also went down three times in the last 90 days.
    """
    the_library().is_serving = True
    with held_back():
        page = make_page(
            name=f"{incidents} incidents", host=f"p{incidents}-{components}.example", at=now() - timedelta(days=4000)
        )
        groups = [make_group(page, name=f"Group {number}") for number in range(components // 10)]
        rows = [make_component(page, name=f"Part {number}", group=groups[number // 10]) for number in range(components)]
        if is_troubled:
            StatusChange.objects.bulk_create(list(_troubles(rows)), batch_size=500)
    publisher.catch_up(page.pk, at=now())
    grown = GrownPage(page, rows)
    # After the publishing: the pages of ten thousand old incidents are not what is measured, and take minutes.
    grown.grow_to(incidents)
    return grown


def _troubles(components: Sequence[Component]) -> Iterator[StatusChange]:
    for number, component in enumerate(components):
        for turn in range(3):
            down, up = "major_outage" if number % 2 else "partial_outage", "operational"
            at = now() - timedelta(days=5 + (number * 7 + turn * 29) % 80)
            yield StatusChange(component=component, at=at, old=up, new=down)
            yield StatusChange(component=component, at=at + (5 + number % 100) * MINUTE, old=down, new=up)


def measured_updates(pages: Mapping[int, GrownPage], count: int) -> dict[int, Measured]:
    """Post `count` updates to one open incident of each page in turn: what else the machine does hits all alike."""
    incidents = {
        size: make_incident(one.page, at=now(), components={one.components[0]: "partial_outage"})
        for size, one in pages.items()
    }
    told = {size: Measured() for size in pages}
    for number in range(-WARM_UP, count):
        for size, incident in incidents.items():
            into = told[size] if number >= 0 else Measured()
            into.commits.append(_commit_alone(incident))
            _post(incident, number, into)
    return told


def _commit_alone(incident: Incident) -> float:
    """Return how long posting takes when nobody publishes; it is taken back."""
    began = perf_counter()
    try:
        with held_back(), transaction.atomic():
            incident.post_update(body="Nothing.", by="bench", at=now())
            raise _TakenBack
    except _TakenBack:
        return perf_counter() - began


class _TakenBack(Exception):
    """Rolls a measured transaction back."""


def _post(incident: Incident, number: int, told: Measured) -> None:
    with held_back():
        incident.post_update(body=f"We are still at it, step {number}.", by="bench", at=now())
    shelf = the_library()._shelf(incident.page.code)
    before = shelf["/"]
    began, computed = perf_counter(), thread_time()
    seen: list[tuple[float, float]] = []
    place = the_library().place

    def watched(*arguments: Any, **options: Any) -> None:
        place(*arguments, **options)
        seen.append((perf_counter(), thread_time()))

    the_library().place = watched  # type: ignore[method-assign]  # a watch, not another behaviour
    try:
        outcome = publisher.publish_events(incident.page.pk, at=now())
    finally:
        del the_library().place
    assert shelf["/"] is not before
    told.visible.append(seen[0][0] - began)
    told.effort.append(seen[0][1] - computed)
    told.whole.append(perf_counter() - began)
    told.documents.append(outcome.documents)
    told.sizes.append(outcome.size)


def _update(incident: Incident, resolved: Any) -> Update:
    at = incident.impact_started_at
    return Update(
        incident=incident,
        phase=resolved,
        body="This is over.",
        html="<p>This is over.</p>",
        posted_at=at + 30 * MINUTE,
        author_name="bench",
        created_at=at,
        updated_at=at,
    )
