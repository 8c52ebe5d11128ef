"""What becomes of each row of a list, before and while it is taken over: the same judgement for both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from incidents.lib.spreadsheets import as_typed
from incidents.subscriptions.addresses import clean_address, mailbox_key
from incidents.subscriptions.choices import ChannelKind, SubscriberState
from incidents.subscriptions.lists.columns import ADDRESS, COMPONENTS, LANGUAGE, TIME_ZONE, cell
from incidents.subscriptions.lists.table import Row
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.preferences import Preferences, checked_language, nearest_time_zone
from incidents.subscriptions.suppression.keeping import suppressed_keys
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Component, Page
from incidents.timeline.refusals import Refused

AT_ONCE = 500


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    ALREADY = "already"
    SUPPRESSED = "suppressed"
    DOUBLE = "double"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row with its fate; `reason` says why it is left out, `address` is cleaned where that was possible."""

    line: int
    fate: Fate
    typed: str
    address: str = ""
    wish: Wish = field(default_factory=Wish)
    reason: str = ""

    @property
    def key(self) -> str:
        """What makes the address unique."""
        return mailbox_key(self.address)


class Judge:
    """Judges rows of one list for one page; remembers which addresses it has seen."""

    def __init__(self, page: Page, places: dict[str, int]) -> None:
        self._page = page
        self._places = places
        self._seen: set[str] = set()
        self._components = _components_by_name(page)

    def judge(self, rows: Iterable[Row]) -> Iterator[Judgement]:
        """Yield a judgement for each row, asking the database about 500 at once."""
        waiting = iter(rows)
        while chunk := list(islice(waiting, AT_ONCE)):
            yield from self.judge_some(chunk)

    def judge_some(self, rows: Sequence[Row]) -> list[Judgement]:
        """Return a judgement for each of some rows, with two queries."""
        first = [self._by_itself(row) for row in rows]
        keys = [one.key for one in first if one.fate == Fate.NEW]
        found = Subscriber.objects.on(self._page).filter(channel=ChannelKind.EMAIL, address_key__in=keys)
        states = dict(found.values_list("address_key", "state"))
        suppressed = suppressed_keys(self._page, ChannelKind.EMAIL, keys)
        return [_by_what_is_known(one, states.get(one.key), one.key in suppressed) for one in first]

    def _by_itself(self, row: Row) -> Judgement:
        typed = as_typed(cell(row, self._places, ADDRESS))
        try:
            address = clean_address(typed)
            wish = self._wish(row)
        except Refused as refusal:
            return Judgement(row.line, Fate.INVALID, typed, reason=refusal.sentence)
        key = mailbox_key(address)
        if key in self._seen:
            return Judgement(row.line, Fate.DOUBLE, typed, address, reason="It stands further up already.")
        self._seen.add(key)
        return Judgement(row.line, Fate.NEW, typed, address, wish)

    def _wish(self, row: Row) -> Wish:
        zone = nearest_time_zone(cell(row, self._places, TIME_ZONE))
        language = checked_language(cell(row, self._places, LANGUAGE))
        preferences = Preferences.chosen(language=language, time_zone=zone or "")
        names = [name.strip() for name in cell(row, self._places, COMPONENTS).split(";") if name.strip()]
        unknown = [name for name in names if name.casefold() not in self._components]
        if unknown:
            raise Refused(f"There is no component “{unknown[0][:60]}” on this page.")
        chosen = {self._components[name.casefold()].pk: self._components[name.casefold()] for name in names}
        return Wish(components=tuple(chosen.values()), preferences=preferences)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import would do: how many of each fate, and the first rows it would leave out."""

    counts: Counter[Fate]
    left_out: list[Judgement]

    @property
    def new(self) -> int:
        """How many would be added."""
        return self.counts[Fate.NEW]

    @property
    def words(self) -> str:
        """Return "212 new, 14 already there, 3 invalid"."""
        said = [
            (Fate.NEW, "new"),
            (Fate.ALREADY, "already there"),
            (Fate.SUPPRESSED, "left before and stay out"),
            (Fate.DOUBLE, "more than once in the file"),
            (Fate.INVALID, "invalid"),
        ]
        return ", ".join(
            f"{self.counts[fate]:,} {words}" for fate, words in said if self.counts[fate] or fate == Fate.NEW
        )


SHOWN_AT_MOST = 200


def outlook(page: Page, places: dict[str, int], rows: Iterable[Row]) -> Outlook:
    """Return what an import would do; nothing is changed."""
    counts: Counter[Fate] = Counter()
    left_out: list[Judgement] = []
    for one in Judge(page, places).judge(rows):
        counts[one.fate] += 1
        if one.fate not in (Fate.NEW, Fate.ALREADY) and len(left_out) < SHOWN_AT_MOST:
            left_out.append(one)
    return Outlook(counts, left_out)


def _by_what_is_known(one: Judgement, state: str | None, is_suppressed: bool) -> Judgement:  # noqa: FBT001
    if one.fate != Fate.NEW:
        return one
    if is_suppressed or state == SubscriberState.LEFT:
        reason = "Left, complained or was erased; only the owner can come back."
        return Judgement(one.line, Fate.SUPPRESSED, one.typed, one.address, reason=reason)
    if state in (SubscriberState.ACTIVE, SubscriberState.DISABLED):
        return Judgement(one.line, Fate.ALREADY, one.typed, one.address)
    return one


def _components_by_name(page: Page) -> dict[str, Component]:
    known: dict[str, Component] = {}
    for component in Component.objects.public().on(page).select_related("group"):
        for name in (component.code, component.full_name, component.name):
            known.setdefault(name.casefold(), component)
    return known
