"""The machine: database, broker, disk, clock, journal, and the hosts the pages are read at."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host

from incidents.lib.clock import now
from incidents.lib.site import page_address
from incidents.notifications.canaries import hearings
from incidents.notifications.doctor.findings import Finding, bad, doubtful, good
from incidents.timeline.models import Page

FIRST_SOUND_SQLITE = (3, 51, 3)
FIRST_POSTGRESQL = 140000
"""PostgreSQL 14, the oldest that Django 5.2 knows."""

SKEW_NOTICED = timedelta(seconds=2)
SKEW_HARMFUL = timedelta(seconds=30)

ROOM_WANTED = 1024**3
ROOM_NEEDED = 100 * 1024**2


def examine_installation() -> Iterator[Finding]:
    """Yield how the parts stand that everything else rests on."""
    try:
        yield _database()
        yield _tables()
        yield _clock()
        yield from _hosts()
    except DatabaseError as error:
        advice = "Start the database, or mend DATABASE_URL; readers are served from the published pages meanwhile."
        yield bad("Database", f"The database does not answer: {error}".strip(), advice)
    yield _broker()
    try:
        yield from _workers()
    except DatabaseError:
        pass  # said above
    yield _disk()
    yield _journal()


def _database() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            version = str(cursor.fetchone()[0])
            if tuple(int(part) for part in version.split(".")) < FIRST_SOUND_SQLITE:
                advice = "Use SQLite 3.51.3 or newer (the package pysqlite3 brings one), or PostgreSQL."
                return bad("Database", f"SQLite {version} has a defect that can damage the file.", advice)
            return good("Database", f"SQLite {version}")
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
        words = f"PostgreSQL {number // 10000}.{number % 10000}"
        if number < FIRST_POSTGRESQL:
            return bad("Database", f"{words} is older than what we are tested with.", "Upgrade it to 14 or newer.")
        return good("Database", words)


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return bad("Tables", f"{len(missing)} migrations have not been applied.", "Run manage.py migrate.")
    return good("Tables", "All migrations have been applied.")


def _clock() -> Finding:
    """Compare our clock with the database's, by which leases and retries run."""
    with connection.cursor() as cursor:
        before = now()
        if connection.vendor == "sqlite":
            return good("Clock", "The database runs by this machine's clock.")
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
        after = now()
    skew = told - (before + (after - before) / 2)
    words = f"The database's clock is {abs(skew).total_seconds():.3f} s {'ahead' if skew > timedelta() else 'behind'}."
    advice = "Let both machines follow a time server (NTP)."
    if abs(skew) > SKEW_HARMFUL:
        return bad("Clock", words, advice)
    return doubtful("Clock", words, advice) if abs(skew) > SKEW_NOTICED else good("Clock", words)


def _hosts() -> Iterator[Finding]:
    for page in Page.objects.all():
        address = page_address(page.host)
        host = urlsplit(address).hostname or ""
        subject = f"Host of {page.name}"
        if not validate_host(host, settings.ALLOWED_HOSTS):
            yield bad(subject, f"{host} is not answered.", "Add it to ALLOWED_HOSTS.")
        else:
            yield good(subject, address)


def _broker() -> Finding:
    if settings.BROKER_URL.startswith("memory://"):
        return good("Broker", "The worker runs inside the web process; none is needed.")
    place = urlsplit(settings.BROKER_URL).hostname or "the broker"
    try:
        with current_app.connection_for_write(url=settings.BROKER_URL) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own
        advice = "Start it or mend BROKER_URL. Nothing is lost meanwhile: workers look for work every 5 s."
        return bad("Broker", f"{place} does not answer: {error}", advice)
    return good("Broker", f"{place} answers.")


def _workers() -> Iterator[Finding]:
    """Yield for each queue whether somebody takes tasks from it: a worker that runs need not."""
    found = hearings()
    if not found:
        yield doubtful("Workers", "No worker has ever taken a task.", "Start one: celery -A statuspage worker.")
    for hearing in found:
        words = f"The last task from the queue {hearing.queue} was taken {hearing.words}."
        if hearing.is_silent:
            yield bad("Workers", words, "Start a worker, or look into its log why it takes none.")
        else:
            yield good("Workers", words)


def _disk() -> Finding:
    usage = shutil.disk_usage(settings.DATA_DIR)
    words = f"{usage.free / 1024**3:.1f} GB are free in {settings.DATA_DIR}."
    if usage.free < ROOM_NEEDED:
        return bad("Disk", words, "Make room: without any, updates cannot be posted.")
    return doubtful("Disk", words, "Make room soon.") if usage.free < ROOM_WANTED else good("Disk", words)


def _journal() -> Finding:
    """Try to write beside the journal of those who are not to be mailed; it must outlive the database."""
    journal = Path(settings.SUPPRESSION_JOURNAL)
    try:
        with TemporaryFile(dir=journal.parent) as probe:
            probe.write(b"probe")
            probe.flush()
        if journal.exists():
            with journal.open("ab"):
                pass
    except OSError as error:
        advice = "Let the account the page runs under write there: who leaves could come back with an old backup."
        return bad("Journal", f"{journal} cannot be written: {error.strerror}", advice)
    return good("Journal", f"{journal} can be written.")
