"""Shows documents to readers: memory, disk and plain tree. The steps of a publishing after the database."""

import logging
from collections.abc import Sequence
from typing import cast

from django.conf import settings

from incidents.lib.failpoints import failpoint
from incidents.publishing.library import Library
from incidents.publishing.models import Document, Publication
from incidents.publishing.published import Published
from incidents.publishing.store import Pointer
from incidents.publishing.tree import keeping_tree

ROWS_AT_ONCE = 50
"""Rows read at a time, so that a new node with ten thousand documents needs little memory."""

log = logging.getLogger(__name__)


def show(documents: Sequence[Published], pointer: Pointer, library: Library, *, since: int | None = None) -> None:
    """Show documents of one page to readers of this process and put them on disk; a broken disk is logged only.

    They are all that changed after the generation `since`, by default the one before the pointer's.
    """
    library.place(pointer.page, documents, saved=True)
    failpoint("in-memory")
    store = library.store_of(pointer.page)
    beside = keeping_tree(settings.PUBLISH_TO, store, pointer) if settings.PUBLISH_TO else None
    try:
        store.write(documents, pointer, since=since, beside=beside)
    except OSError as error:
        log.error("The published documents could not be written to disk (%s); memory serves them.", error)
        library.place(pointer.page, documents, saved=False)
        library.introduce(pointer)


def show_since(row: Publication, generation: int, library: Library) -> None:
    """Show what the database has beyond `generation`; 0 brings every document to disk again, damaged or not."""
    newer = Document.objects.filter(page=row.page, generation__gt=generation).order_by("generation", "pk")
    keys = list(newer.values_list("pk", flat=True))
    for start in range(0, max(1, len(keys)), ROWS_AT_ONCE):
        chunk = Document.objects.filter(pk__in=keys[start : start + ROWS_AT_ONCE]).order_by("generation", "pk")
        is_last = start + ROWS_AT_ONCE >= len(keys)
        # The pointer moves with the last rows only: cut off before that, the next look fetches all again.
        pointer = Pointer(
            page=row.page.code,
            host=row.page.host,
            is_default=row.page.is_default,
            generation=row.generation if is_last else generation,
            seq=row.seq if is_last else 0,
            made_at=row.made_at.isoformat() if row.made_at else "",
        )
        show([published_of(one) for one in chunk], pointer, library, since=generation)


def published_of(row: Document) -> Published:
    """Return a row as it travels to disk and memory."""
    return Published(
        path=row.path,
        content_type=row.content_type,
        body=bytes(row.body),
        etag=row.etag,
        page_seq=row.page_seq,
        generation=row.generation,
        made_at=row.made_at,
        brotli=bytes(row.brotli),
        gzip=bytes(row.gzip),
        headers=tuple(cast("tuple[str, str]", tuple(pair)) for pair in row.headers),
        is_gone=row.is_gone,
    )
