"""How long a change takes from the commit to the readers, with ten and with ten thousand incidents of history."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

import django

from tests.benchmarks.page.lines import at_most, only
from tests.servers.postgres import PostgresServer

COMPONENTS = 100
SIZES = (10, 50, 1_000, 10_000)
QUICK_SIZES = (10, 50, 500)
UPDATES = 60
QUICK_UPDATES = 15
RATIO_ALLOWED = 1.15


def measured_publishing(*, is_quick: bool, on_sqlite: bool = False) -> Iterator[str]:
    """Yield the latencies for each size of history, and what an update rebuilds and writes."""
    with own_sqlite() if on_sqlite else own_installation():
        # Models can be imported only in a Django that was set up.
        from tests.benchmarks.page.many import figures_of_many
        from tests.benchmarks.page.updates import grown_page, measured_updates

        sizes = QUICK_SIZES if is_quick else SIZES
        pages = {size: grown_page(components=COMPONENTS, incidents=size) for size in sizes}
        found = measured_updates(pages, QUICK_UPDATES if is_quick else UPDATES)
        for size, one in found.items():
            label = f"{size:,} incidents, {COMPONENTS} components"
            yield only(f"bare commit of an update, {label}: p50", median(one.commits) * 1e3, " ms")
            yield only(f"bare commit of an update, {label}: p99", _p99(one.commits) * 1e3, " ms")
            yield only(f"commit to visible in memory, {label}: p50", median(one.visible) * 1e3, " ms")
            yield only(f"commit to visible in memory, {label}: p99", _p99(one.visible) * 1e3, " ms")
            yield only(f"commit to visible in memory, CPU of it, {label}: p50", median(one.effort) * 1e3, " ms")
            yield only(f"commit to everything published, {label}: p50", median(one.whole) * 1e3, " ms")
            yield only(f"documents rebuilt, {label}", median(one.documents))
            yield only(f"bytes of changed documents, {label}", median(one.sizes))
        small, large = found[50], found[max(found)]
        ratios = [late / early for late, early in zip(large.visible, small.visible, strict=True)]
        beside = [seen / commit for seen, commit in zip(small.visible, small.commits, strict=True)]
        yield only("commit to visible against a bare commit, 50 incidents", median(beside))
        yield at_most(f"commit to visible, {max(found):,} against 50 incidents", median(ratios), RATIO_ALLOWED)
        yield at_most(
            f"documents rebuilt, {max(found):,} against 50 incidents",
            median(large.documents) / median(small.documents),
            1.0,
        )
        yield from figures_of_many(is_quick=is_quick)


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


@contextmanager
def own_installation() -> Iterator[None]:
    """Set Django up on an empty PostgreSQL; nothing is left at the end."""
    server = PostgresServer()
    with tempfile.TemporaryDirectory(prefix="statuspage-bench-") as folder:
        os.environ.update(DATA_DIR=folder, DATABASE_URL=server.url, LOG_LEVEL="ERROR")
        os.environ.update(SECRET_KEY="only-for-benchmarks-" + "x" * 40)
        os.environ["DJANGO_SETTINGS_MODULE"] = "statuspage.settings"
        django.setup()
        from django.db import connection, connections

        try:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            yield
        finally:
            connections.close_all()
            server.stop()


@contextmanager
def own_sqlite() -> Iterator[None]:
    """Set Django up on an empty SQLite file, as an installation without settings does."""
    with tempfile.TemporaryDirectory(prefix="statuspage-bench-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ.update(DATA_DIR=folder, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="statuspage.settings")
        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connections.close_all()
