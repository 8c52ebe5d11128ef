"""Keeping it: every leave goes into the database and into the file, and each makes up for the other's loss."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings

from incidents.subscriptions import events
from incidents.subscriptions.choices import Suppressing
from incidents.subscriptions.models.suppression import JournalFile, Suppression
from incidents.subscriptions.suppression.journal import (
    Journal,
    JournalUnwritable,
    Line,
    digest_of,
    files_beside,
    new_salt,
)
from incidents.timeline.models import Page

log = logging.getLogger(__name__)


def own_journal() -> Journal:
    """Return the file this machine writes."""
    return Journal(Path(settings.SUPPRESSION_JOURNAL))


def journals() -> list[Journal]:
    """Return every file there is to read."""
    return files_beside(own_journal().path)


def salts() -> list[str]:
    """Return every salt an entry may have been made with."""
    known = set(JournalFile.objects.values_list("salt", flat=True))
    return sorted(known | {own_journal().known_salt()} - {""})


def note(*, page: Page, channel: str, address_key: str, subscriber: str, kind: Suppressing, at: datetime) -> bool:
    """Keep that an address is not to be mailed any more (or may be again); return whether the file has it.

    Called inside the verb's transaction, so that nothing is answered before the line is on disk.
    Should the transaction fail after that, the line stands: somebody did ask to be left alone.
    Where the file cannot be written the database still counts, `events.journal_failed` tells
    staff, and `write_what_is_missing` makes up for it.
    """
    salt = _salt_to_write()
    digest = digest_of(salt, channel=channel, address_key=address_key)
    line = Line(at, kind, page.code, channel, salt, digest, subscriber)
    written = _append(line)
    Suppression.keep([row_of(page, line, journaled=written)])
    return written


def last_word(*, page: Page, channel: str, address_key: str) -> tuple[str, datetime] | None:
    """Return what was last kept of an address, by whatever file, and when; None for nothing."""
    digests = [digest_of(salt, channel=channel, address_key=address_key) for salt in salts()]
    return Suppression.last_word(page, digests) if digests else None


def is_suppressed(*, page: Page, channel: str, address_key: str) -> bool:
    """Say whether an address has left, complained or was erased, and has not agreed again since."""
    word = last_word(page=page, channel=channel, address_key=address_key)
    return word is not None and word[0] != Suppressing.CONSENTED


def suppressed_keys(page: Page, channel: str, address_keys: list[str]) -> set[str]:
    """Return which of many addresses are suppressed; for imports."""
    every_salt = salts()
    key_of = {digest_of(salt, channel=channel, address_key=key): key for salt in every_salt for key in address_keys}
    rows = Suppression.objects.filter(page=page, digest__in=list(key_of)).order_by("at", "pk")
    last = {key_of[digest]: kind for digest, kind in rows.values_list("digest", "kind")}
    return {key for key, kind in last.items() if kind != Suppressing.CONSENTED}


def write_what_is_missing() -> int:
    """Write the lines a full or read-only disk refused; return how many are still missing."""
    for row in Suppression.objects.filter(journaled=False).select_related("page").order_by("at", "pk"):
        kind = Suppressing(row.kind)
        line = Line(row.at, kind, row.page.code, row.channel, row.salt, row.digest, row.subscriber_code)
        if not _append(line):
            break
        Suppression.objects.filter(pk=row.pk).update(journaled=True)
    else:
        events.journal_mended.send_robust(sender=None)
    return unwritten()


def unwritten() -> int:
    """Return how many leaves are in the database only."""
    return Suppression.objects.filter(journaled=False).count()


def _append(line: Line) -> bool:
    try:
        own_journal().append(line)
    except JournalUnwritable as reason:
        log.critical("the suppression journal cannot be written (%s); the database alone knows who left", reason)
        events.journal_failed.send_robust(sender=None, reason=str(reason))
        return False
    return True


def _salt_to_write() -> str:
    """Return the salt of this machine's file; where it cannot be made, one that the database keeps."""
    try:
        salt = own_journal().known_salt() or own_journal().salt()
    except JournalUnwritable:
        kept = JournalFile.objects.order_by("pk").first() or JournalFile.objects.create(salt=new_salt())
        return kept.salt
    return salt


def row_of(page: Page, line: Line, *, journaled: bool) -> Suppression:
    """Return the database's row for a line."""
    return Suppression(
        page=page,
        salt=line.salt,
        digest=line.digest,
        channel=line.channel,
        subscriber_code=line.subscriber,
        kind=line.kind,
        at=line.at,
        journaled=journaled,
    )
