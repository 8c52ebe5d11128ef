"""Before the first reader of an installation, or of a new release of it."""

import logging
from contextlib import suppress

from django.db import DatabaseError, connection

from incidents.lib.clock import now
from incidents.publishing.library import Library
from incidents.publishing.maker import this_maker
from incidents.publishing.publisher import pages_behind, publish_events
from incidents.publishing.renewing import claim_pages, pages_to_renew, renew

OPENED_WITH = "opened-with"
"""The file beside the published pages that names the release this node was last opened with."""

log = logging.getLogger(__name__)


def open_library(library: Library) -> None:
    """Publish what readers see first where nothing is on disk yet, or what is there was made by another release.

    A crowd that comes at the first start would otherwise have each page made by Django, once for each reader, and
    after an upgrade read pages that name style sheets of the former release. Opened again, a library costs no query.
    Without a database readers get what was published before, and the sweep tries again.
    """
    if library.pages_on_disk() and _opened_with(library) == this_maker():
        return
    try:
        _publish_first(library)
    except DatabaseError as error:
        log.warning("Nothing could be published before the first reader (%s).", error)
    except Exception:
        log.exception("Nothing could be published before the first reader; the sweep tries again.")
    finally:
        connection.close()


def _publish_first(library: Library) -> None:
    fresh = [] if library.pages_on_disk() else pages_behind()
    for page_id in fresh:
        publish_events(page_id, at=now())
    claim_pages(at=now(), is_start=True)
    for page_id in pages_to_renew():
        if page_id not in fresh:
            renew(page_id, at=now(), seconds=0)
    if library.pages_on_disk():
        # Only spares a query: where the disk refuses, the next start asks.
        with suppress(OSError):
            (library.folder / OPENED_WITH).write_text(this_maker())


def _opened_with(library: Library) -> str:
    try:
        return (library.folder / OPENED_WITH).read_text()
    except (OSError, ValueError):
        return ""
