"""What one document is made from: a page and what stands on it."""

from dataclasses import dataclass
from datetime import date, datetime

from incidents.publishing.shapes.components import GroupFacts, MeterFacts
from incidents.publishing.shapes.incidents import ActionFacts, IncidentFacts, TranslationFacts, UpdateFacts
from incidents.publishing.shapes.page import PageFacts
from incidents.timeline.scorecard import Scorecard


@dataclass(frozen=True, slots=True, eq=False)
class IndexFacts:
    """Everything on the first page. Equal to itself only, so that what is made of it is found again fast."""

    page: PageFacts
    groups: tuple[GroupFacts, ...]
    active: tuple[IncidentFacts, ...] = ()
    running: tuple[IncidentFacts, ...] = ()
    scheduled: tuple[IncidentFacts, ...] = ()
    past: tuple[IncidentFacts, ...] = ()
    """Incidents and maintenance that ended in the last 15 days, newest first."""
    last_incident_at: datetime | None = None
    """When the newest incident of all time ended; None where there never was one."""


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month of history, its incidents newest first."""

    first: date
    incidents: tuple[IncidentFacts, ...]


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """Three months of history; `number` counts from 1, the newest."""

    page: PageFacts
    number: int
    months: tuple[MonthFacts, ...]
    older: int | None
    """Number of the next page back that has anything."""


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """Three months, newest first, and what touched each of their days."""

    page: PageFacts
    number: int
    months: tuple[date, ...]
    """First day of each."""
    days: dict[date, tuple[IncidentFacts, ...]]
    has_older: bool


@dataclass(frozen=True, slots=True)
class UptimeFacts:
    """The uptime of every component of a page."""

    page: PageFacts
    meters: tuple[MeterFacts, ...]


@dataclass(frozen=True, slots=True)
class ComponentPageFacts:
    """One component: its state, its year and what happened to it."""

    page: PageFacts
    meter: MeterFacts
    open: tuple[IncidentFacts, ...]
    upcoming: tuple[IncidentFacts, ...]
    past: tuple[IncidentFacts, ...]


@dataclass(frozen=True, slots=True)
class GroupPageFacts:
    """A group with its components and 90 days of each."""

    page: PageFacts
    group: GroupFacts


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """A text an update once had, until `replaced_at`; the current text has None there."""

    html: str
    replaced_at: datetime | None
    html_in: str = ""


@dataclass(frozen=True, slots=True)
class EditsFacts:
    """An update with all the texts it had, oldest first."""

    page: PageFacts
    incident: IncidentFacts
    update: UpdateFacts
    revisions: tuple[RevisionFacts, ...]


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """A promise with code and title of the incident it was made after."""

    action: ActionFacts
    incident: str
    title: str
    translations: tuple[TranslationFacts, ...] = ()
    """Of the title."""
    title_in: str = ""
    action_in: str = ""


@dataclass(frozen=True, slots=True)
class PromisesFacts:
    """All public promises of a page, newest postmortem first."""

    page: PageFacts
    promises: tuple[PromiseFacts, ...]


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """The newest incidents and maintenance with every update."""

    page: PageFacts
    incidents: tuple[IncidentFacts, ...]


@dataclass(frozen=True, slots=True)
class SitemapFacts:
    """What search engines are told of: codes, and for incidents when they last changed."""

    page: PageFacts
    components: tuple[str, ...]
    groups: tuple[str, ...]
    incidents: tuple[tuple[str, datetime], ...]
    pages_of_history: int = 1
    errors: tuple[tuple[str, datetime], ...] = ()
    """Slugs of the error guide, and when each last changed."""


@dataclass(frozen=True, slots=True)
class ScorecardFacts:
    """How fast incidents of a year were noticed, told of and resolved."""

    page: PageFacts
    figures: Scorecard
    names: tuple[tuple[str, str], ...]
    """Name of each public component by code, in the order of the page."""
    tells_detection: bool
    """Whether readers are told who noticed incidents first."""
