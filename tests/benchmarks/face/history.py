"""Eleven years of GitHub's page, where the captured data lies beside the checkout: does a long history stay light?"""

from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import brotli

from tests.benchmarks.page.lines import at_most, only
from tests.benchmarks.page.publishing import own_sqlite
from tests.running.running import ROOT

CAPTURED = "github-2010-2021-v2-incidents"
KINDS = {
    "index": "index",
    "history": "history",
    "month_table": "calendar",
    "month_table_newest": "calendar",
    "uptime": "uptime",
    "component": "component",
    "promises": "promises",
}
HTML_AT_MOST = 28
"""KB of a page with 200 components; no other page has a larger budget."""
SEARCHES = ("q=the", "q=webhooks+delayed", "state=major_outage", "since=2018-01-01&until=2018-12-31&kind=incident")
MILLISECONDS = 250


def measured_history(*, is_quick: bool) -> Iterator[str]:
    """Yield the largest page of each kind and the computing time of searches; one line where the data is not there."""
    source = ROOT.parent / "shared" / "data" / CAPTURED
    if not source.is_dir():
        yield only(f"left out: ../shared/data/{CAPTURED} is not beside the checkout", 0)
        return
    with own_sqlite():
        yield from figures_of(source)


def figures_of(source: Path) -> Iterator[str]:
    """Yield the same in a Django that was set up."""
    # Models can be imported only now.
    from django.test import Client

    from incidents.publishing.readings import Readings
    from incidents.timeline.models import Page
    from tests.exchange.running import NOW, take
    from tests.publishing.making import all_documents

    take(source)
    readings = Readings(Page.objects.get(), seen_at=NOW)
    largest: dict[str, int] = {}
    count = 0
    for recipe in all_documents(readings):
        if kind := KINDS.get(recipe.family.name):
            count += 1
            largest[kind] = max(largest.get(kind, 0), packed(recipe.make(readings)))
    yield only("pages weighed", count)
    for kind, size in largest.items():
        yield at_most(f"largest {kind} page, brotli", size / 1024, HTML_AT_MOST, " KB")
    client = Client(headers={"host": "127.0.0.1"})
    # The first search compiles its templates.
    client.get(f"/history/search?{SEARCHES[0]}")
    for query in SEARCHES:
        began = thread_time()
        answer = client.get(f"/history/search?{query}")
        yield at_most(f"search {query}, computing", 1_000 * (thread_time() - began), MILLISECONDS, " ms")
        yield at_most(f"search {query}, brotli", packed(answer.content) / 1024, HTML_AT_MOST, " KB")


def packed(body: bytes) -> int:
    """Return the bytes of a page as the publish path packs it."""
    return len(brotli.compress(body, quality=5))
