"""Catching up: what the journals say and the database does not know yet is done to it.

Where nothing was restored there is nothing to do, and finding that out costs one small query.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from incidents.subscriptions.choices import SubscriberState, Suppressing
from incidents.subscriptions.models.subscriber import Subscriber
from incidents.subscriptions.models.suppression import JournalFile, Suppression
from incidents.subscriptions.suppression.ending import end_all
from incidents.subscriptions.suppression.journal import Journal, Line, digest_of
from incidents.subscriptions.suppression.keeping import journals, row_of
from incidents.timeline.models import Page

log = logging.getLogger(__name__)

LINES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Lines read, subscriptions ended because of them, and lines that were damaged."""

    lines: int = 0
    ended: int = 0
    damaged: int = 0

    def __add__(self, other: "CaughtUp") -> "CaughtUp":
        """Return the sum of both."""
        return CaughtUp(self.lines + other.lines, self.ended + other.ended, self.damaged + other.damaged)


def catch_up(*, at: datetime) -> CaughtUp:
    """Apply every line this database has not seen; at start-up, before each fan-out and import, and by the clock.

    After a restore nobody who left since the backup is mailed. Safe to run twice and side by side.
    """
    known = dict(JournalFile.objects.values_list("salt", "read_to"))
    done = CaughtUp()
    for journal in journals():
        salt = journal.known_salt()
        if salt and journal.size() != known.get(salt):
            done += _tried(journal, salt, at=at)
    if done.ended:
        log.warning("the suppression journal ended %s subscriptions the database thought active", done.ended)
    return done


def read_again(*, at: datetime) -> CaughtUp:
    """Apply every line of every journal once more, whatever was seen."""
    JournalFile.objects.update(read_to=0)
    return catch_up(at=at)


def _tried(journal: Journal, salt: str, *, at: datetime) -> CaughtUp:
    try:
        return _catch_up_with(journal, salt, at=at)
    except OSError as error:
        log.critical("the suppression journal %s cannot be read: %s", journal.path, error)
        return CaughtUp()


def _catch_up_with(journal: Journal, salt: str, *, at: datetime) -> CaughtUp:
    done = CaughtUp()
    while True:
        with transaction.atomic():
            JournalFile.objects.get_or_create(salt=salt)
            file = JournalFile.objects.select_for_update().get(salt=salt)
            start = file.read_to if file.read_to <= journal.size() else 0
            reading = journal.read(start=start, lines=LINES_AT_ONCE)
            if reading.end == file.read_to:
                return done
            ended = _apply(reading.lines, at=at)
            file.read_to = reading.end
            file.damaged += reading.damaged
            file.save(update_fields=["read_to", "damaged"])
            done += CaughtUp(len(reading.lines), ended, reading.damaged)


def _apply(lines: list[Line], *, at: datetime) -> int:
    """Keep what is news among `lines` and end what it ends; return how many subscriptions that were."""
    pages = {page.code: page for page in Page.objects.filter(code__in={line.page for line in lines})}
    newest: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        place = (line.page, line.salt, line.digest)
        if line.page in pages and (place not in newest or newest[place].at <= line.at):
            newest[place] = line
    news = _not_known(newest.values(), pages)
    for salt in {line.salt for line in news}:
        JournalFile.objects.get_or_create(salt=salt)
    Suppression.keep([row_of(pages[line.page], line, journaled=True) for line in news])
    return _end([line for line in news if line.kind != Suppressing.CONSENTED], pages, at=at)


def _not_known(lines: Iterable[Line], pages: dict[str, Page]) -> list[Line]:
    """Return the lines that are newer than the database's last word of the same salt."""
    wanted = list(lines)
    rows = Suppression.objects.filter(page__in=pages.values(), digest__in={line.digest for line in wanted}).values_list(
        "page__code", "salt", "digest", "at"
    )
    known = {(page, salt, digest): at for page, salt, digest, at in rows}
    return [
        line
        for line in wanted
        if (line.page, line.salt, line.digest) not in known or known[line.page, line.salt, line.digest] < line.at
    ]


def _end(lines: list[Line], pages: dict[str, Page], *, at: datetime) -> int:
    """End the subscriptions of those who had left: found by code, else by trying every address of the page."""
    by_code = {line.subscriber: line for line in lines if line.subscriber}
    found = Subscriber.objects.filter(code__in=by_code).select_related("page")
    meant = [subscriber for subscriber in found if _is_meant(by_code[subscriber.code], subscriber)]
    matched = {subscriber.code for subscriber in meant}
    lost: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in lines:
        if line.subscriber not in matched:
            lost[line.page].add((line.salt, line.digest))
    for code, wanted in lost.items():
        meant += _found_by_address(pages[code], wanted)
    return end_all(meant, at=at)


def _found_by_address(page: Page, wanted: set[tuple[str, str]]) -> list[Subscriber]:
    """A restored database may know an address under another code; a digest is made of each to find it."""
    used = {salt for salt, _ in wanted}
    living = Subscriber.objects.on(page).exclude(state=SubscriberState.LEFT).select_related("page")
    return [
        subscriber
        for subscriber in living.iterator(chunk_size=2_000)
        if any((salt, _digest(salt, subscriber)) in wanted for salt in used)
    ]


def _is_meant(line: Line, subscriber: Subscriber) -> bool:
    return subscriber.page.code == line.page and _digest(line.salt, subscriber) == line.digest


def _digest(salt: str, subscriber: Subscriber) -> str:
    return digest_of(salt, channel=subscriber.channel, address_key=subscriber.address_key)
