"""How fast incidents were noticed, taken on, told of and resolved, and what was promised and kept. Pure functions.

All clocks start when the impact began, so that one incident is one line: noticed, taken on, told, resolved. Medians
and not means: one endless night among twenty short ones would speak for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from incidents.timeline.states import DetectedBy

_US = frozenset({DetectedBy.MONITORING.value, DetectedBy.STAFF.value})


@dataclass(frozen=True, slots=True)
class Promise:
    """A time for the next update that an update named, and when the next one came; None while none has."""

    due_at: datetime
    answered_at: datetime | None

    def is_kept(self, *, at: datetime) -> bool | None:
        """Say whether it was kept; None while there is still time."""
        if self.answered_at is not None:
            return self.answered_at <= self.due_at
        return None if at <= self.due_at else False


@dataclass(frozen=True, slots=True)
class Story:
    """What one incident gives to measure. Moments are None where nobody knows them."""

    began_at: datetime
    noticed_at: datetime | None = None
    taken_on_at: datetime | None = None
    told_at: datetime | None = None
    ended_at: datetime | None = None
    detected_by: str = DetectedBy.UNKNOWN
    customer_noticed_at: datetime | None = None
    is_major: bool = False
    resolved_at: datetime | None = None
    postmortem_at: datetime | None = None
    components: tuple[str, ...] = ()
    """Codes of those it named."""
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time span over several incidents; `count` of them know it, and without any there is no figure."""

    count: int = 0
    middle: timedelta | None = None
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of some incidents."""

    incidents: int
    noticed: Stretch
    taken_on: Stretch
    told: Stretch
    resolved: Stretch
    postmortem: Stretch
    by_us: int
    by_customers: int
    by_others: int
    """A third party, such as a provider, said it first."""
    promises: int
    """Times for the next update that were named and have passed or were answered."""
    kept: int
    majors: int
    """Major incidents that are over; `postmortem.count` of them have a postmortem."""

    @property
    def known(self) -> int:
        """Of how many it is known who noticed them first."""
        return self.by_us + self.by_customers + self.by_others


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All incidents of a period, those of each month (newest first) and of each component (by code)."""

    whole: Card
    months: tuple[tuple[date, Card], ...]
    components: tuple[tuple[str, Card], ...]


def scorecard(stories: Sequence[Story], *, zone: ZoneInfo, at: datetime) -> Scorecard:
    """Return the figures of `stories` as known at `at`; months are those of `zone` in which incidents began."""
    months: dict[date, list[Story]] = defaultdict(list)
    components: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        months[story.began_at.astimezone(zone).date().replace(day=1)].append(story)
        for code in story.components:
            components[code].append(story)
    return Scorecard(
        card(stories, at=at),
        tuple((month, card(months[month], at=at)) for month in sorted(months, reverse=True)),
        tuple((code, card(components[code], at=at)) for code in sorted(components)),
    )


def card(stories: Sequence[Story], *, at: datetime) -> Card:
    """Return the figures of `stories` as known at `at`."""
    kept = [said for one in stories for promise in one.promises if (said := promise.is_kept(at=at)) is not None]
    majors = [one for one in stories if one.is_major and one.resolved_at is not None]
    noticed_by = [first_noticed_by(one) for one in stories]
    return Card(
        incidents=len(stories),
        noticed=_stretch(stories, lambda one: one.noticed_at),
        taken_on=_stretch(stories, lambda one: one.taken_on_at),
        told=_stretch(stories, lambda one: one.told_at),
        resolved=_stretch(stories, lambda one: one.ended_at),
        postmortem=_measured(_span(one.resolved_at, one.postmortem_at) for one in majors),
        by_us=noticed_by.count("us"),
        by_customers=noticed_by.count("customers"),
        by_others=noticed_by.count("others"),
        promises=len(kept),
        kept=sum(kept),
        majors=len(majors),
    )


def first_noticed_by(story: Story) -> str:
    """Return "us", "customers", "others", or "" where nobody knows.

    A report of a customer from before we noticed counts for the customers, whatever was ticked.
    """
    earlier = story.customer_noticed_at
    if earlier is not None and story.noticed_at is not None:
        return "customers" if earlier < story.noticed_at else "us"
    if story.detected_by in _US:
        return "us"
    return {DetectedBy.CUSTOMER.value: "customers", DetectedBy.THIRD_PARTY.value: "others"}.get(story.detected_by, "")


def _stretch(stories: Iterable[Story], moment: Callable[[Story], datetime | None]) -> Stretch:
    return _measured(_span(one.began_at, moment(one)) for one in stories)


def _measured(spans: Iterable[timedelta | None]) -> Stretch:
    known = [span for span in spans if span is not None]
    if not known:
        return Stretch()
    return Stretch(len(known), timedelta(seconds=median(span.total_seconds() for span in known)), max(known))


def _span(start: datetime | None, end: datetime | None) -> timedelta | None:
    """Return the time between; None where an end is missing. What came before the start took no time."""
    return max(end - start, timedelta()) if start is not None and end is not None else None
