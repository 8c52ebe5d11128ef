"""Takes back what was published of a page that is not public any more: rows, memory, files and plain tree."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from incidents.publishing.alone import alone
from incidents.publishing.library import Library, the_library
from incidents.publishing.models import Document, Publication
from incidents.publishing.store import Pointer
from incidents.timeline.models import Page

log = logging.getLogger(__name__)


def withdraw_if_private(page_id: int, *, at: datetime) -> bool:
    """Take back everything of a page that is not public, and say whether it is not. Safe to run twice.

    Other nodes see the new generation of a private page and do the same with their memory and disk (`follow`).
    """
    page = Page.objects.get(pk=page_id)
    if not page.is_private:
        return False
    with alone(page_id), transaction.atomic():
        publication, _ = Publication.objects.select_for_update().get_or_create(page=page)
        held, _ = Document.objects.filter(page=page).delete()
        row = Publication.objects.filter(pk=page_id)
        # A new generation overtakes whoever is making documents of the time when the page was public.
        if held or not publication.generation:
            row.update(generation=F("generation") + 1, made_at=at, clock_at=None, stray=None)
        row.update(seq=Greatest(F("seq"), page.last_seq))
    follow(Publication.objects.select_related("page").get(pk=page_id), the_library())
    return True


def follow(row: Publication, library: Library) -> None:
    """Bring memory, disk and tree of this node in line with a page that is not public."""
    known, place = library.store_of(row.page.code).pointer(), (row.page.host, row.page.is_default)
    if known is not None and known.withdrawn >= row.generation and (known.host, known.is_default) == place:
        return
    pointer = Pointer(
        page=row.page.code,
        host=row.page.host,
        is_default=row.page.is_default,
        generation=row.generation,
        seq=row.seq,
        made_at=row.made_at.isoformat() if row.made_at else "",
        withdrawn=row.generation,
    )
    try:
        library.withdraw(pointer)
    except OSError as error:
        log.critical("The files of %s, which is not public, could not be removed (%s).", row.page, error)
