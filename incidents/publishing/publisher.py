"""Brings published documents in line with the facts: after an event, after a minute, or all of them.

A publishing has four steps and may be cut off between any two of them:

1. under the page's lock: read the facts, make the documents, write the rows that changed (database);
2. show the bytes to readers of this process (memory);
3. replace the files and the pointer, which other processes of this machine watch (disk);
4. bring the plain tree in line that a web server serves, where there is one.

What was cut off is found again by its generation: the follower of each node compares database and disk.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import cast

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from incidents.lib.failpoints import failpoint
from incidents.publishing.catalogue import Recipe, document_at, touched_documents
from incidents.publishing.library import Library, the_library
from incidents.publishing.models import Document, Publication
from incidents.publishing.published import Published, etag_of, packed
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.store import Pointer
from incidents.publishing.touched import EVERYTHING, Touched
from incidents.publishing.touching import touched_by, touched_by_clock
from incidents.publishing.tree import keeping_tree
from incidents.timeline.models import Event, Page

AT_ONCE = 150
"""More documents than this are left to the sweep; the urgent ones are still made at once."""

CHUNK = 40
"""Documents made under one lock by a sweep, so that a new update need not wait long for its turn."""

ROWS_AT_ONCE = 50
"""Rows read at a time, so that a new node with ten thousand documents needs little memory."""

LEASE = timedelta(seconds=60)
CLOCK_STEP = timedelta(seconds=55)

_ADVISORY_CLASS = 0x57A7
"""First half of the advisory lock's key; the second is the page."""

_ISSUED = re.compile(rb'<meta name="issued" content="\d+">')

_locks: defaultdict[int, RLock] = defaultdict(RLock)

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Somebody else published this page meanwhile; make the documents again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publishing did."""

    documents: int = 0
    """How many had other bytes than before."""
    size: int = 0
    """Bytes written for them in one place, all packings together."""
    is_behind: bool = False
    """Whether documents are left for a sweep."""


def publish_events(page_id: int, *, at: datetime) -> Outcome:
    """Publish what the events since the last publishing touch; the urgent documents first.

    Does nothing where somebody else did it already. Safe to run twice, in parallel, and after any crash.
    """
    turn, first = _with_turn(page_id, None, at=at)
    if turn is None or first.is_behind:
        return first
    _, second = _with_turn(page_id, turn, at=at)
    return Outcome(first.documents + second.documents, first.size + second.size, second.is_behind)


def publish_everything(page_id: int, *, at: datetime) -> Iterator[tuple[int, int]]:
    """Make every document anew; yield (made so far, of how many) after each chunk."""
    seq = Page.objects.values_list("last_seq", flat=True).get(pk=page_id)
    yield from _in_chunks(page_id, EVERYTHING, seq=seq, at=at, clock_at=at)


def catch_up(page_id: int, *, at: datetime) -> None:
    """Publish whatever events are behind, however much that is. One sweep at a time, whichever node runs it."""
    publication = Publication.objects.filter(pk=page_id).select_related("page").first()
    if publication is not None and publication.seq >= publication.page.last_seq:
        return
    if publication is not None and not _taken(page_id, at=at):
        return
    touched, seq = _touched(page_id, at=at)
    for _ in _in_chunks(page_id, touched, seq=seq, at=at):
        _taken(page_id, at=at, renew=True)
    Publication.objects.filter(pk=page_id).update(swept_until=None)


def follow_clock(page_id: int, *, at: datetime) -> None:
    """Make again what depends on the present moment, once a minute whoever asks."""
    publication = Publication.objects.filter(pk=page_id).select_related("page").first()
    # Both ways: after a clock was wrong for a while, its words must not stay until that time really comes.
    if publication is None or (publication.clock_at and abs(at - publication.clock_at) < CLOCK_STEP):
        return
    if publication.clock_at is None:
        Publication.objects.filter(pk=page_id, clock_at=None).update(clock_at=publication.made_at)
        return
    touched = touched_by_clock(publication.page, since=publication.clock_at, until=at)
    for _ in _in_chunks(page_id, touched, seq=0, at=at, clock_at=at):
        pass


def pages_behind() -> list[int]:
    """Return the pages of which events are not published yet."""
    behind = Q(publication=None) | Q(publication__seq__lt=F("last_seq"))
    return list(Page.objects.filter(behind).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one publishing is about: read once, made in two halves."""

    readings: Readings
    publication: Publication
    recipes: Sequence[Recipe]

    generation: int = -1
    """The one its urgent half made; -1 before that."""
    urgent_is_done: bool = False

    @property
    def urgent(self) -> Sequence[Recipe]:
        """What readers wait for."""
        return [one for one in self.recipes if one.family.is_urgent][:AT_ONCE]

    @property
    def rest(self) -> Sequence[Recipe]:
        """What is to be made before all of its events count as published."""
        return [one for one in self.recipes if not (self.urgent_is_done and one.family.is_urgent)]

    @property
    def is_small(self) -> bool:
        """Whether all of it can be made at once, without a sweep."""
        return len(self.recipes) <= AT_ONCE


def _with_turn(page_id: int, begun: _Turn | None, *, at: datetime) -> tuple[_Turn | None, Outcome]:
    """Publish the urgent half of what events touch, or, of a turn begun, the other half."""
    for _ in range(5):
        try:
            with _alone(page_id):
                turn = _turn(page_id, begun, at=at)
                if turn is None or (begun is not None and not turn.is_small):
                    return None, Outcome(is_behind=turn is not None)
                recipes = turn.urgent if begun is None else turn.rest
                seq = turn.publication.seq if begun is None else turn.readings.row.last_seq
                made = _make(turn.readings, turn.publication, recipes, seq=seq, at=at)
        except Overtaken:
            continue
        begun_now = replace(turn, generation=made.pointer.generation)
        return begun_now, _shown(made, is_behind=not turn.is_small)
    return None, Outcome(is_behind=True)


def _turn(page_id: int, begun: _Turn | None, *, at: datetime) -> _Turn | None:
    """Return what is to publish, None for nothing. What was read stays good while nobody else publishes."""
    page = Page.objects.get(pk=page_id)
    publication, _ = Publication.objects.get_or_create(page=page)
    if publication.seq >= page.last_seq:
        return None
    if begun is not None and (begun.generation, begun.publication.seq) == (publication.generation, publication.seq):
        return replace(begun, publication=publication, urgent_is_done=True)
    # Somebody published in between, and more may have happened: then the urgent half is owed again.
    readings = Readings(page, seen_at=at)
    touched = touched_by(page, _events(page, publication), seen_at=at) if publication.generation else EVERYTHING
    recipes = _recipes(readings, touched) if touched else []
    return _Turn(readings, publication, recipes)


def _touched(page_id: int, *, at: datetime) -> tuple[Touched | None, int]:
    """Return what is touched by the events not published yet, and up to which event that is."""
    page = Page.objects.get(pk=page_id)
    publication, _ = Publication.objects.get_or_create(page=page)
    if not publication.generation:
        return EVERYTHING, page.last_seq
    return touched_by(page, _events(page, publication), seen_at=at), page.last_seq


def _events(page: Page, publication: Publication) -> Iterable[Event]:
    return page.events.filter(seq__gt=publication.seq, seq__lte=page.last_seq).order_by("seq")


def _in_chunks(
    page_id: int, touched: Touched | None, *, seq: int, at: datetime, clock_at: datetime | None = None
) -> Iterator[tuple[int, int]]:
    """Publish `touched` chunk by chunk; the last one says that all events up to `seq` are published."""
    readings = Readings(Page.objects.get(pk=page_id), seen_at=at)
    recipes = _recipes(readings, touched) if touched else []
    if clock_at and touched and not touched.everything:
        recipes = [one for one in recipes if one.family.follows_clock]
    for start in range(0, max(1, len(recipes)), CHUNK):
        chunk = recipes[start : start + CHUNK]
        is_last = start + CHUNK >= len(recipes)
        _publish_chunk(page_id, chunk, seq=seq if is_last else 0, at=at, clock_at=clock_at if is_last else None)
        yield start + len(chunk), len(recipes)


def _recipes(readings: Readings, touched: Touched) -> list[Recipe]:
    """Return what to make; where everything is touched, also what must perhaps go."""
    recipes = list(touched_documents(readings, touched))
    return [*recipes, *_left_over(readings.row, recipes)] if touched.everything else recipes


def _left_over(page: Page, recipes: Iterable[Recipe]) -> list[Recipe]:
    """Return what is published and no longer in the catalogue; making it tells whether it is to go.

    Pictures stay: a chat may still show one, and the digest in its address says that it never changes.
    """
    planned = {one.path for one in recipes}
    paths = Document.objects.filter(page=page, is_gone=False).values_list("path", flat=True)
    found = [document_at(path) for path in paths if path not in planned]
    return [one for one in found if one is not None and not one.family.name.startswith("picture")]


def _publish_chunk(
    page_id: int, recipes: Sequence[Recipe], *, seq: int, at: datetime, clock_at: datetime | None
) -> None:
    for _ in range(20):
        try:
            with _alone(page_id):
                page = Page.objects.get(pk=page_id)
                publication, _created = Publication.objects.get_or_create(page=page)
                readings = Readings(page, seen_at=at)
                made = _make(readings, publication, recipes, seq=seq, at=at, clock_at=clock_at)
        except Overtaken:
            continue
        _shown(made)
        return


@contextmanager
def _alone(page_id: int) -> Iterator[None]:
    """Publish this page alone: in this process, and on PostgreSQL among all nodes.

    SQLite has one writer at a time and no lock of this kind; there the generation tells who was overtaken,
    so that no write lock is held while documents are made.
    """
    with _locks[page_id]:
        if connection.vendor != "postgresql":
            yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ADVISORY_CLASS, page_id])
            yield


def _taken(page_id: int, *, at: datetime, renew: bool = False) -> bool:
    """Take or renew the lease of sweeping a page; return whether it is ours."""
    mine = Publication.objects.filter(pk=page_id)
    if not renew:
        # One that ends later than any lease taken now was taken under a clock that was wrong.
        mine = mine.filter(Q(swept_until=None) | Q(swept_until__lt=at) | Q(swept_until__gt=at + 2 * LEASE))
    return mine.update(swept_until=at + LEASE) == 1


@dataclass(frozen=True, slots=True)
class _Made:
    documents: Sequence[Published]
    pointer: Pointer


def _make(
    readings: Readings,
    publication: Publication,
    recipes: Sequence[Recipe],
    *,
    seq: int,
    at: datetime,
    clock_at: datetime | None = None,
) -> _Made:
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
        )
        if not moved:
            raise Overtaken
        _write_rows(page, documents)
        failpoint("rows-written")
    return _Made(
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
    try:
        body: bytes | None = recipe.make(readings)
    except NothingThere:
        body = None
    except DatabaseError:
        raise
    except Exception:
        # One document that cannot be made must not keep the others from readers.
        log.exception("%s of %s could not be made; readers keep its former version", recipe.path, readings.row)
        return None
    if _is_same(former, body, recipe):
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
        headers=recipe.family.headers,
        is_gone=body is None,
    )


def _is_same(former: Document | None, body: bytes | None, recipe: Recipe) -> bool:
    if former is None:
        return body is None
    if body is None or former.is_gone:
        return body is None and former.is_gone
    as_sent = (former.content_type, [tuple(pair) for pair in former.headers])
    if as_sent != (recipe.family.content_type, list(recipe.family.headers)):
        return False
    # The moment of making alone is no news, and would cost every reader the page each minute.
    return _ISSUED.sub(b"", bytes(former.body)) == _ISSUED.sub(b"", body)


def _write_rows(page: Page, documents: Sequence[Published]) -> None:
    fields = ["content_type", "headers", "body", "brotli", "gzip", "etag", "page_seq", "generation", "made_at"]
    Document.objects.bulk_create(
        [
            Document(
                page=page,
                path=one.path,
                is_gone=one.is_gone,
                **{name: getattr(one, name) for name in fields},
            )
            for one in documents
        ],
        update_conflicts=True,
        unique_fields=["page", "path"],
        update_fields=[*fields, "is_gone"],
    )


def _shown(made: _Made, *, is_behind: bool = False) -> Outcome:
    """Bring what the database has to memory, disk and tree."""
    failpoint("committed")
    if made.documents:
        show(made.documents, made.pointer, the_library())
    size = sum(len(one.body) + len(one.brotli) + len(one.gzip) for one in made.documents)
    return Outcome(len(made.documents), size, is_behind)


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
