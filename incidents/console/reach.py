"""How far a post reaches, in numbers; and the five cases in which a person looks at them before it goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from incidents.console.audience import Audience
from incidents.lib.numbers import whole_number
from incidents.subscriptions.choices import ChannelKind
from incidents.timeline.models import Component, Page
from incidents.timeline.models.event import fingerprint
from incidents.timeline.states import ComponentStatus

MANY_COMPONENTS = 5
"""More than this changing at once is looked at."""

BACKFILL = timedelta(hours=1)
"""What is dated further back is history being written down; mail about it is looked at."""

_TOLERATED = 1.05
"""By how much the number of people may have grown since it was confirmed."""

_MAJOR = ComponentStatus.MAJOR_OUTAGE


@dataclass(frozen=True, slots=True)
class Change:
    """A component that enters another state."""

    component: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a post does. `reasons` say why a person is to look at it first; none where nobody has to."""

    emails: int
    others: int
    changes: tuple[Change, ...]
    reasons: tuple[str, ...]
    pages: int = 1

    @property
    def asks(self) -> bool:
        """Whether the numbers are to be confirmed."""
        return bool(self.reasons)

    @property
    def told(self) -> int:
        """How many are told on all channels."""
        return self.emails + self.others

    @property
    def numbers(self) -> list[str]:
        """Return the three numbers as sentences."""
        return [self._told_words(), self._marks_words(), f"Posts to {_counted(self.pages, 'page', 'pages')}."]

    @property
    def button(self) -> str:
        """Return what the button says: the number it stands for."""
        if self.emails:
            return f"Email {_people(self.emails)}"
        if self.others:
            return f"Tell {_counted(self.others, 'endpoint', 'endpoints')}"
        return f"Change {_counted(len(self.changes), 'component', 'components')}"

    @property
    def seal(self) -> str:
        """Return what a form carries once these numbers were confirmed."""
        return f"{self.told}-{self._digest()}"

    def is_confirmed_by(self, seal: str) -> bool:
        """Say whether a seal is of these numbers, or of as good as these."""
        number, _, digest = seal.partition("-")
        told = whole_number(number)
        return told is not None and digest == self._digest() and self.told <= told * _TOLERATED

    def kept(self) -> dict[str, Any]:
        """Return it as JSON, for somebody who is asked later."""
        words = {"numbers": self.numbers, "button": self.button, "reasons": list(self.reasons)}
        return {**words, "changes": [asdict(change) for change in self.changes]}

    def _digest(self) -> str:
        return fingerprint({"changes": [asdict(change) for change in self.changes], "mails": bool(self.told)})[:16]

    def _told_words(self) -> str:
        others = _counted(self.others, "endpoint", "endpoints")
        if not self.told:
            return "Emails nobody."
        if not self.emails:
            return f"Tells {others}."
        return f"Emails {_people(self.emails)}" + (f" and tells {others}." if self.others else ".")

    def _marks_words(self) -> str:
        if not self.changes:
            return "Changes no component."
        by_state = Counter(change.new for change in self.changes)
        order = [str(status.label) for status in reversed(ComponentStatus)]
        said = [f"{by_state[label]} {label}" for label in order if by_state[label]]
        if len(said) > 1:
            return f"Marks {_counted(len(self.changes), 'component', 'components')}: {', '.join(said)}."
        state = self.changes[0].new
        return f"Marks {_counted(len(self.changes), 'component', 'components')} {state}."


def reach_of(
    page: Page,
    *,
    audience: Audience,
    states: Mapping[Component, str],
    templates: Collection[int],
    posted_at: datetime | None,
    is_backfilled: bool,
    at: datetime,
) -> Reach:
    """Return how far a post reaches that sets `states` and tells `audience`.

    `templates` are the keys of those it was written from; `posted_at` its stamp where one was chosen.
    """
    changed = {one: state for one, state in states.items() if state != one.status}
    emails = audience.numbers.get(ChannelKind.EMAIL, 0) if audience.notify else 0
    told = audience.total
    past = is_backfilled or (posted_at is not None and posted_at < at - BACKFILL)
    reasons = [
        *_too_many(told, page),
        *([f"{len(changed)} components change at once."] if len(changed) > MANY_COMPONENTS else []),
        *_unforeseen(page, changed, templates),
        *(["It tells of the past, and people are told of it now."] if past and told else []),
    ]
    changes = tuple(Change(one.full_name, _label(one.status), _label(state)) for one, state in changed.items())
    return Reach(emails, told - emails, changes, tuple(reasons))


def _too_many(told: int, page: Page) -> list[str]:
    limit = page.confirm_recipients
    return [f"More than {limit:,} people are told, the limit of this page."] if told > limit else []


def _unforeseen(page: Page, changed: Mapping[Component, str], templates: Collection[int]) -> list[str]:
    """Return that components go to Major outage although no template named them so."""
    major = [one for one, state in changed.items() if state == _MAJOR]
    if not major:
        return []
    foreseen = {
        component
        for template in page.templates.filter(pk__in=templates)
        for component, state in template.component_states().items()
        if state == _MAJOR
    }
    names = [one.name for one in major if one not in foreseen]
    if not names:
        return []
    verb = "goes" if len(names) == 1 else "go"
    return [f"{_listed(names)} {verb} to Major outage, which no template named."]


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    first, more = shown[:3], len(shown) - 3
    return ", ".join(first) + (f" and {more} more" if more > 0 else "")


def _label(status: str) -> str:
    return str(ComponentStatus(status).label)


def _people(number: int) -> str:
    return _counted(number, "person", "people")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
