"""What a change and a minute cost on a page of very many components: computing time, whatever else the machine does."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median
from time import thread_time

from tests.benchmarks.page.lines import at_most, only
from tests.benchmarks.page.publishing import own_installation

COMPONENTS = 1_000
QUICK_COMPONENTS = 250
UPDATES = 5
GOAL = 1.5
"""Seconds of computing for an update, its urgent half and all that follows."""


def measured_many(*, is_quick: bool) -> Iterator[str]:
    """Yield the computing time of the first publishing, of updates and of minutes, and the size of the first page."""
    with own_installation():
        yield from figures_of_many(is_quick=is_quick)


def figures_of_many(*, is_quick: bool) -> Iterator[str]:
    """Yield the same in a Django that was set up."""
    # Models can be imported only now.
    from incidents.lib.clock import now
    from incidents.publishing import publisher
    from incidents.publishing.models import Document, Publication
    from incidents.publishing.waking import held_back
    from tests.benchmarks.page.updates import grown_page
    from tests.build import make_incident

    count = QUICK_COMPONENTS if is_quick else COMPONENTS
    began = thread_time()
    grown = grown_page(components=count, incidents=50, is_troubled=True)
    label = f"{count:,} components"
    yield only(f"first publishing, CPU, {label}", thread_time() - began, " s")
    yield only(f"documents, {label}", Document.objects.filter(page=grown.page).count())
    with held_back():
        incident = make_incident(grown.page, at=now(), components={grown.components[0]: "partial_outage"})
    yield only(f"an incident opened, CPU, {label}", _computed(publisher.publish_events, grown.page.pk, now()), " s")
    updates = []
    for number in range(UPDATES):
        with held_back():
            incident.post_update(body=f"Step {number}.", by="bench", at=now())
        updates.append(_computed(publisher.publish_events, grown.page.pk, now()))
    yield at_most(f"an update, CPU, {label}: p50", median(updates), GOAL, " s")
    minutes = []
    for number in range(1, 4):
        Publication.objects.filter(page=grown.page).update(clock_at=now() + timedelta(minutes=number - 1))
        minutes.append(_computed(publisher.follow_clock, grown.page.pk, now() + timedelta(minutes=number)))
    yield only(f"a minute, CPU, {label}: p50", median(minutes), " s")
    first = Document.objects.get(page=grown.page, path="/")
    yield only(f"first page as sent, {label}", len(first.brotli) / 1024, " KB")


def _computed(publish: Callable[..., object], page_id: int, at: datetime) -> float:
    began = thread_time()
    publish(page_id, at=at)
    return thread_time() - began
