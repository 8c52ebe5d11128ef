"""Brings published documents in line with the facts: after an event, after a minute, or all of them.

A publishing has four steps and may be cut off between any two of them:

1. under the page's lock: read the facts, make the documents, write the rows that changed (database);
2. show the bytes to readers of this process (memory);
3. replace the files and the pointer, which other processes of this machine watch (disk);
4. bring the plain tree in line that a web server serves, where there is one.

What was cut off is found again by its generation: the follower of each node compares database and disk.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Q

from incidents.lib.failpoints import failpoint
from incidents.publishing.alone import alone
from incidents.publishing.catalogue import Recipe, document_at, touched_documents
from incidents.publishing.library import the_library
from incidents.publishing.making import Made, Overtaken, make
from incidents.publishing.models import Document, Publication
from incidents.publishing.readings import Readings
from incidents.publishing.showing import show
from incidents.publishing.touched import EVERYTHING, Touched
from incidents.publishing.touching import touched_by, touched_by_clock
from incidents.publishing.withdrawing import withdraw_if_private
from incidents.timeline.models import Event, Page

AT_ONCE = 150
"""More documents than this are left to the sweep; the urgent ones are still made at once."""

CHUNK = 40
"""Documents made under one lock by a sweep, so that a new update need not wait long for its turn."""

LEASE = timedelta(seconds=60)
CLOCK_STEP = timedelta(seconds=55)


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
    try:
        turn, first = _with_turn(page_id, None, at=at)
        if turn is None or first.is_behind:
            return first
        _, second = _with_turn(page_id, turn, at=at)
    except _NotPublic:
        withdraw_if_private(page_id, at=at)
        return Outcome()
    return Outcome(first.documents + second.documents, first.size + second.size, second.is_behind)


def publish_everything(page_id: int, *, at: datetime) -> Iterator[tuple[int, int]]:
    """Make every document anew; yield (made so far, of how many) after each chunk."""
    if withdraw_if_private(page_id, at=at):
        return
    seq = Page.objects.values_list("last_seq", flat=True).get(pk=page_id)
    yield from _in_chunks(page_id, EVERYTHING, seq=seq, at=at, clock_at=at)


def catch_up(page_id: int, *, at: datetime) -> None:
    """Publish whatever events are behind, however much that is. One sweep at a time, whichever node runs it."""
    publication = Publication.objects.filter(pk=page_id).select_related("page").first()
    if publication is not None and publication.seq >= publication.page.last_seq:
        return
    if withdraw_if_private(page_id, at=at) or (publication is not None and not _taken(page_id, at=at)):
        return
    touched, seq = _touched(page_id, at=at)
    for _ in _in_chunks(page_id, touched, seq=seq, at=at):
        _taken(page_id, at=at, renew=True)
    Publication.objects.filter(pk=page_id).update(swept_until=None)


def follow_clock(page_id: int, *, at: datetime) -> None:
    """Make again what depends on the present moment, once a minute whoever asks."""
    publication = Publication.objects.filter(pk=page_id).select_related("page").first()
    # Both ways: after a clock was wrong for a while, its words must not stay until that time really comes.
    if publication is None or publication.page.is_private:
        return
    if publication.clock_at and abs(at - publication.clock_at) < CLOCK_STEP:
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


class _NotPublic(Exception):
    """Nothing of this page may be published."""


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
        return [one for one in self.recipes if one.is_urgent][:AT_ONCE]

    @property
    def rest(self) -> Sequence[Recipe]:
        """What is to be made before all of its events count as published."""
        return [one for one in self.recipes if not (self.urgent_is_done and one.is_urgent)]

    @property
    def is_small(self) -> bool:
        """Whether all of it can be made at once, without a sweep."""
        return len(self.recipes) <= AT_ONCE


def _with_turn(page_id: int, begun: _Turn | None, *, at: datetime) -> tuple[_Turn | None, Outcome]:
    """Publish the urgent half of what events touch, or, of a turn begun, the other half."""
    for _ in range(5):
        try:
            with alone(page_id):
                turn = _turn(page_id, begun, at=at)
                if turn is None or (begun is not None and not turn.is_small):
                    return None, Outcome(is_behind=turn is not None)
                recipes = turn.urgent if begun is None else turn.rest
                seq = turn.publication.seq if begun is None else turn.readings.row.last_seq
                made = make(turn.readings, turn.publication, recipes, seq=seq, at=at)
        except Overtaken:
            continue
        begun_now = replace(turn, generation=made.pointer.generation)
        return begun_now, _shown(made, is_behind=not turn.is_small)
    return None, Outcome(is_behind=True)


def _turn(page_id: int, begun: _Turn | None, *, at: datetime) -> _Turn | None:
    """Return what is to publish, None for nothing. What was read stays good while nobody else publishes."""
    page = Page.objects.get(pk=page_id)
    publication, _ = Publication.objects.get_or_create(page=page)
    if page.is_private:
        raise _NotPublic
    if publication.seq >= page.last_seq:
        return None
    if begun is not None and (begun.generation, begun.publication.seq) == (publication.generation, publication.seq):
        return replace(begun, publication=publication, urgent_is_done=True)
    # Somebody published in between, and more may have happened: then the urgent half is owed again.
    readings = Readings(page, seen_at=at)
    touched = touched_by(page, _events(page, publication), seen_at=at) if publication.generation else EVERYTHING
    recipes = list(recipes_of(readings, touched)) if touched else []
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
    recipes = list(recipes_of(readings, touched)) if touched else []
    if clock_at and touched and not touched.everything:
        recipes = [one for one in recipes if one.family.follows_clock]
    for start in range(0, max(1, len(recipes)), CHUNK):
        chunk = recipes[start : start + CHUNK]
        is_last = start + CHUNK >= len(recipes)
        publish_chunk(page_id, chunk, seq=seq if is_last else 0, at=at, clock_at=clock_at if is_last else None)
        yield start + len(chunk), len(recipes)


def recipes_of(readings: Readings, touched: Touched) -> Iterator[Recipe]:
    """Yield what to make, the urgent documents first; where everything is touched, also what must perhaps go."""
    if readings.row.is_private:
        return
    planned = set()
    for recipe in touched_documents(readings, touched):
        planned.add(recipe.path)
        yield recipe
    if touched.everything:
        yield from _left_over(readings.row, planned)


def _left_over(page: Page, planned: Container[str]) -> list[Recipe]:
    """Return what is published and no longer in the catalogue; making it tells whether it is to go.

    Pictures stay: a chat may still show one, and the digest in its address says that it never changes.
    """
    paths = Document.objects.filter(page=page, is_gone=False).values_list("path", flat=True)
    found = [document_at(path) for path in paths if path not in planned]
    return [one for one in found if one is not None and not one.family.name.startswith("picture")]


def publish_chunk(
    page_id: int, recipes: Sequence[Recipe], *, seq: int, at: datetime, clock_at: datetime | None = None
) -> None:
    """Publish some documents of a page; with them all events up to `seq` count as published, 0 for none."""
    for _ in range(20):
        try:
            with alone(page_id):
                page = Page.objects.get(pk=page_id)
                publication, _created = Publication.objects.get_or_create(page=page)
                if page.is_private:
                    return
                readings = Readings(page, seen_at=at)
                made = make(readings, publication, recipes, seq=seq, at=at, clock_at=clock_at)
        except Overtaken:
            continue
        _shown(made)
        return


def _taken(page_id: int, *, at: datetime, renew: bool = False) -> bool:
    """Take or renew the lease of sweeping a page; return whether it is ours."""
    mine = Publication.objects.filter(pk=page_id)
    if not renew:
        # One that ends later than any lease taken now was taken under a clock that was wrong.
        mine = mine.filter(Q(swept_until=None) | Q(swept_until__lt=at) | Q(swept_until__gt=at + 2 * LEASE))
    return mine.update(swept_until=at + LEASE) == 1


def _shown(made: Made, *, is_behind: bool = False) -> Outcome:
    """Bring what the database has to memory, disk and tree."""
    failpoint("committed")
    if made.documents:
        show(made.documents, made.pointer, the_library())
    size = sum(len(one.body) + len(one.brotli) + len(one.gzip) for one in made.documents)
    return Outcome(len(made.documents), size, is_behind)
