"""A database that was put back from an older copy: what is on disk is ahead of it, and nothing older replaces that.

Readers would go on reading posts that are no more, and not see new ones before as many publishings were made again.
"""

import logging
from datetime import datetime

from django.db import transaction

from incidents.publishing.alone import alone
from incidents.publishing.models import Document, Publication
from incidents.publishing.published import etag_of
from incidents.publishing.store import Store

log = logging.getLogger(__name__)


def outrun(page_id: int, store: Store, *, at: datetime) -> Publication:
    """Return how far the database is, after it was brought ahead of the disk where it was behind.

    All its documents count as made just now, and those it does not know are gone. Every publishing is in the
    database before it is on disk; so whoever looks at the disk first finds the database behind only after it was
    put back. Safe on several nodes at once: the one with the newest disk comes last.
    """
    known = store.generation()
    row = Publication.objects.select_related("page").get(pk=page_id)
    if row.generation >= known:
        return row
    on_disk = {one.path for one in store.everything()}
    with alone(page_id), transaction.atomic():
        mine = Publication.objects.filter(pk=page_id, generation=row.generation)
        if not mine.update(generation=known + 1):
            return row
        documents = Document.objects.filter(page=page_id)
        unknown = on_disk - set(documents.values_list("path", flat=True))
        documents.update(generation=known + 1)
        Document.objects.bulk_create(_gone(row, path, generation=known + 1, at=at) for path in sorted(unknown))
    log.warning("The database is older than what was published of %s: readers are shown what it knows.", row.page)
    row.generation = known + 1
    return row


def _gone(row: Publication, path: str, *, generation: int, at: datetime) -> Document:
    return Document(
        page=row.page,
        path=path,
        content_type="text/plain",
        body=b"",
        brotli=b"",
        gzip=b"",
        etag=etag_of(b""),
        page_seq=row.seq,
        generation=generation,
        made_at=at,
        is_gone=True,
    )
