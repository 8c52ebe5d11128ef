"""Makes documents from readings and writes the rows of those that changed: a publishing's first step."""

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

from incidents.lib.failpoints import failpoint
from incidents.publishing.catalogue import Recipe
from incidents.publishing.headers import Headers
from incidents.publishing.maker import this_maker
from incidents.publishing.models import Document, Publication
from incidents.publishing.published import LOCATION, Published, etag_of, packed
from incidents.publishing.readings import Moved, NothingThere, Readings
from incidents.publishing.store import Pointer
from incidents.timeline.models import Page

_ISSUED = re.compile(rb'<meta name="issued" content="\d+">')

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Somebody else published this page meanwhile; make the documents again."""


@dataclass(frozen=True, slots=True)
class Made:
    """What to show to readers now: the documents that changed, and how far the page has got."""

    documents: Sequence[Published]
    pointer: Pointer


def make(
    readings: Readings,
    publication: Publication,
    recipes: Sequence[Recipe],
    *,
    seq: int,
    at: datetime,
    clock_at: datetime | None = None,
) -> Made:
    """Make the documents, write the rows of those that changed, and say how far the page is published.

    Raises Overtaken where the page was published by somebody else since `publication` was read.
    """
    page = readings.row
    generation = publication.generation + 1
    documents = _changed(readings, recipes, generation=generation, at=at)
    failpoint("documents-made")
    with transaction.atomic():
        # By `seq` as well: a publishing that found nothing to change still knew of later events.
        mine = Publication.objects.filter(pk=publication.pk, generation=publication.generation, seq=publication.seq)
        moved = mine.update(
            generation=generation if documents else publication.generation,
            seq=Greatest(F("seq"), Value(seq)),
            made_at=at,
            clock_at=clock_at or publication.clock_at,
            stray=_stray(generation) if documents else F("stray"),
        )
        if not moved:
            raise Overtaken
        _write_rows(page, documents)
        if publication.stray is not None and publication.maker == this_maker():
            _sign(page, {one.path for one in recipes} - {one.path for one in documents})
        failpoint("rows-written")
    return Made(
        documents=documents,
        pointer=Pointer(
            page=page.code,
            host=page.host,
            is_default=page.is_default,
            generation=generation if documents else publication.generation,
            seq=max(seq, publication.seq),
            made_at=at.isoformat(),
        ),
    )


def _changed(readings: Readings, recipes: Sequence[Recipe], *, generation: int, at: datetime) -> list[Published]:
    """Return the documents whose bytes are others than those of the row; a gone one once, as gone."""
    rows = Document.objects.filter(page=readings.row, path__in=[one.path for one in recipes])
    former = {row.path: row for row in rows.only("path", "body", "made_at", "is_gone", "content_type", "headers")}
    changed = (_document(one, readings, former.get(one.path), generation=generation, at=at) for one in recipes)
    return [document for document in changed if document is not None]


def _document(
    recipe: Recipe, readings: Readings, former: Document | None, *, generation: int, at: datetime
) -> Published | None:
    """Return a document that differs from its former row, None for the same bytes."""
    headers = recipe.headers(readings)
    try:
        body: bytes | None = recipe.make(readings)
    except Moved as moved:
        body, headers = b"", (*headers, (LOCATION, moved.to))
    except NothingThere:
        body = None
    except DatabaseError:
        raise
    except Exception:
        # One document that cannot be made must not keep the others from readers.
        log.exception("%s of %s could not be made; readers keep its former version", recipe.path, readings.row)
        return None
    if _is_same(former, body, recipe.family.content_type, headers):
        return None
    made_at = at.replace(microsecond=0)
    if former is not None and former.made_at >= made_at:
        # Two versions within a second must not share a Last-Modified.
        made_at = former.made_at + timedelta(seconds=1)
    smaller, zipped = packed(body, recipe.family.content_type) if body else (b"", b"")
    return Published(
        path=recipe.path,
        content_type=recipe.family.content_type,
        body=body or b"",
        etag=etag_of(body or b""),
        page_seq=readings.row.last_seq,
        generation=generation,
        made_at=made_at,
        brotli=smaller,
        gzip=zipped,
        headers=headers,
        is_gone=body is None,
    )


def _is_same(former: Document | None, body: bytes | None, content_type: str, headers: Headers) -> bool:
    if former is None:
        return body is None
    if body is None or former.is_gone:
        return body is None and former.is_gone
    as_sent = (former.content_type, [tuple(pair) for pair in former.headers])
    if as_sent != (content_type, list(headers)):
        return False
    # The moment of making alone is no news, and would cost every reader the page each minute.
    return _ISSUED.sub(b"", bytes(former.body)) == _ISSUED.sub(b"", body)


def _stray(generation: int) -> Case:
    """Return, as the database sees it then, whether this process is of the release that is to make the page."""
    return Case(When(maker=this_maker(), then=F("stray")), default=Value(generation))


def _sign(page: Page, paths: Collection[str]) -> None:
    """Note that this release gives the same bytes, or none where the document cannot be made."""
    maker = this_maker()
    Document.objects.filter(page=page, path__in=paths).exclude(made_with=maker).update(made_with=maker)


def _write_rows(page: Page, documents: Sequence[Published]) -> None:
    fields = ["content_type", "headers", "body", "brotli", "gzip", "etag", "page_seq", "generation", "made_at"]
    Document.objects.bulk_create(
        [
            Document(
                page=page,
                path=one.path,
                is_gone=one.is_gone,
                made_with=this_maker(),
                **{name: getattr(one, name) for name in fields},
            )
            for one in documents
        ],
        update_conflicts=True,
        unique_fields=["page", "path"],
        update_fields=[*fields, "is_gone", "made_with"],
    )
