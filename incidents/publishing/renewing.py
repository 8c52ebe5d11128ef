"""After an upgrade: what another release made is made again, once, by the release that was started last.

Each web node claims the pages when it starts. A node of another release that still runs leaves them from then on, so
that the two do not take turns; only where nobody has seen the claimant for a while it takes them back. Documents
carry the fingerprint they were made with: who is cut off in the middle goes on there.
"""

from datetime import datetime, timedelta
from itertools import islice
from time import monotonic

from django.db.models import F

from incidents.publishing.maker import this_maker
from incidents.publishing.models import Document, Publication
from incidents.publishing.publisher import CHUNK, publish_chunk, recipes_of
from incidents.publishing.readings import Readings
from incidents.publishing.touched import EVERYTHING

SECONDS_AT_ONCE = 3.0
"""Of a sweep for one page; maintenance that is due must not wait for ten thousand pages of old incidents."""

SEEN_STEP = timedelta(minutes=1)
SILENCE = timedelta(minutes=3)
"""A release not seen for so long does not run any more."""


def claim_pages(*, at: datetime, is_start: bool) -> None:
    """Say that this release makes the pages: all of them when it starts, later those of a release that is gone."""
    maker = this_maker()
    rows = list(Publication.objects.values_list("pk", "maker", "maker_seen_at"))
    seen = [pk for pk, known, seen_at in rows if known == maker and not _is_recent(seen_at, at, SEEN_STEP)]
    wanted = [pk for pk, known, seen_at in rows if known != maker and (is_start or not _is_recent(seen_at, at))]
    Publication.objects.filter(pk__in=seen, maker=maker).update(maker_seen_at=at)
    Publication.objects.filter(pk__in=wanted).exclude(maker=maker).update(
        maker=maker, maker_seen_at=at, stray=F("generation")
    )


def pages_left_to_others(*, at: datetime) -> set[int]:
    """Return the pages that a running node of another release keeps current: two would undo each other's work."""
    others = Publication.objects.exclude(maker=this_maker()).values_list("pk", "maker_seen_at")
    return {pk for pk, seen_at in others if _is_recent(seen_at, at)}


def pages_to_renew() -> list[int]:
    """Return the pages this release has claimed and of which another may have made documents."""
    rows = Publication.objects.filter(maker=this_maker(), stray__isnull=False, generation__gt=0)
    return list(rows.values_list("pk", flat=True))


def renew(page_id: int, *, at: datetime, seconds: float = SECONDS_AT_ONCE) -> None:
    """Make again what another release made, the first page first, for about `seconds`; the next sweep goes on.

    With 0 seconds what readers see first is made and nothing more. Safe on several nodes at once and after any crash.
    """
    began, maker = monotonic(), this_maker()
    mine = Publication.objects.filter(pk=page_id, maker=maker)
    row = mine.select_related("page").first()
    if row is None:
        return
    made = set(Document.objects.filter(page=page_id, made_with=maker).values_list("path", flat=True))
    left = (one for one in recipes_of(Readings(row.page, seen_at=at), EVERYTHING) if one.path not in made)
    while recipes := list(islice(left, CHUNK)):
        publish_chunk(page_id, recipes, seq=0, at=at)
        if monotonic() - began > seconds or not mine.exists():
            return
    # Unless a node of another release has published meanwhile.
    mine.filter(stray=row.stray).update(stray=None)


def _is_recent(seen_at: datetime | None, at: datetime, limit: timedelta = SILENCE) -> bool:
    # Both ways: a clock that was wrong for a while must not keep a page from every later release.
    return seen_at is not None and abs(at - seen_at) < limit
