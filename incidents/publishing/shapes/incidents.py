"""An incident or maintenance with all that was told of it."""

from dataclasses import dataclass
from datetime import date, datetime

from incidents.timeline.impact import worst_status


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """A phase as staff named it, and the one it counts as."""

    slug: str
    label: str
    canonical: str


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One component going from one state to another because of an update."""

    code: str
    component: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TranslationFacts:
    """Words of staff in a further language of the page: a title, or sanitised HTML."""

    language: str
    words: str


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """One message of a timeline."""

    code: str
    phase: PhaseFacts
    html: str
    """Sanitised HTML, empty for an update that only changes components."""
    posted_at: datetime
    changes: tuple[ChangeFacts, ...] = ()
    edited_at: datetime | None = None
    """Last edit a reader should know of; None for none or a typo mended at once."""
    removed_at: datetime | None = None
    next_update_due_at: datetime | None = None
    translations: tuple[TranslationFacts, ...] = ()
    html_in: str = ""
    """Language of `html` where it is not that of the document; so with all names that end so."""


@dataclass(frozen=True, slots=True)
class AffectedFacts:
    """A component an incident touched; `group` is empty outside a group.

    `code` is empty for a component that has no page of its own any more.
    """

    code: str
    name: str
    worst: str
    group: str = ""
    current: str = "operational"


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """A public promise of a postmortem."""

    text: str
    owner: str
    state: str
    """planned, in_progress, done or dropped."""
    due_on: date | None = None
    done_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PostmortemFacts:
    """A published postmortem."""

    html: str
    published_at: datetime
    actions: tuple[ActionFacts, ...] = ()
    translations: tuple[TranslationFacts, ...] = ()
    html_in: str = ""
    actions_in: str = ""


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """A maintenance window as it stood before it was moved."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """An incident or, when `scheduled_for` is set, a maintenance."""

    code: str
    number: int
    title: str
    phase: PhaseFacts
    impact: str
    worst: str
    started_at: datetime
    updated_at: datetime
    updates: tuple[UpdateFacts, ...] = ()
    """Newest first."""
    affected: tuple[AffectedFacts, ...] = ()
    ended_at: datetime | None = None
    """When it was over: resolved, completed or cancelled."""
    impact_ended_at: datetime | None = None
    detected_at: datetime | None = None
    detected_by: str = ""
    """Who noticed, in words for a reader; empty where that is not published."""
    postmortem: PostmortemFacts | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    moves: tuple[MoveFacts, ...] = ()
    translations: tuple[TranslationFacts, ...] = ()
    """Of the title."""
    title_in: str = ""

    @property
    def is_maintenance(self) -> bool:
        """Say whether this is planned work."""
        return self.scheduled_for is not None

    @property
    def current(self) -> str:
        """Return the worst state its components are in now."""
        return worst_status(one.current for one in self.affected).value
