"""Before the first reader of an installation."""

import logging

from django.db import DatabaseError, connection

from incidents.lib.clock import now
from incidents.publishing.library import Library
from incidents.publishing.publisher import pages_behind, publish_events

log = logging.getLogger(__name__)


def open_library(library: Library) -> None:
    """Publish what readers wait for where nothing is on disk yet; an existing library costs no query.

    A crowd that comes at the first start would otherwise have each page made by Django, once for each reader.
    Without a database there is nothing to publish, and the sweep tries again.
    """
    if library.pages_on_disk():
        return
    try:
        for page_id in pages_behind():
            publish_events(page_id, at=now())
    except DatabaseError as error:
        log.warning("Nothing could be published before the first reader (%s).", error)
    finally:
        connection.close()
