"""What a document is made from: plain frozen facts, read once, with no way back to the database.

Every datetime is aware and in UTC; every date is a day of the page's time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from incidents.lib.prefixes import prefix_of
from incidents.timeline.impact import worst_status
from incidents.timeline.looks import USUAL, Look
from incidents.timeline.scorecard import Scorecard
from incidents.timeline.uptime import Day


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The page itself and the moment it is read at; there is no other clock."""

    name: str
    address: str
    """Scheme and host under which readers see the page, without a slash at the end."""
    host: str
    zone: ZoneInfo
    language: str
    live_since: datetime
    changed_at: datetime
    """When anything on the page last changed."""
    seen_at: datetime
    main_language: str = ""
    """The page's first language, in which staff write; `language` is that of the document."""
    further_languages: tuple[str, ...] = ()
    product_url: str = ""
    postmortem_due_days: int = 0
    """Days after a major outage by which a postmortem is promised; 0 promises none."""
    takes_reports: bool = False
    """Whether readers may say that something affects them too."""
    reported: tuple[tuple[str, int], ...] = ()
    """How many did within the last hour, by code of component or incident; empty unless staff publish it."""
    look: Look = USUAL
    is_unlisted: bool = False
    """Whether search engines are asked to leave it out."""
    has_guide: bool = False
    """Whether readers have an error guide."""
    publishes_scorecard: bool = False
    """Whether it tells how fast incidents were noticed, told of and resolved."""

    @property
    def prefix(self) -> str:
        """What the addresses of this language begin with: "/de", "" for the main language."""
        is_further = self.language in self.further_languages
        return prefix_of(self.language) if is_further else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language the page is published in, the main one first."""
        return self.main_language, *self.further_languages

    def day_of(self, moment: datetime) -> date:
        """Return the day of `moment` in the page's zone."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """A component and its last 90 days, oldest first."""

    code: str
    name: str
    status: str
    description: str = ""
    showcase: bool = True
    """Whether uptime is shown; without it a component is a name and a state."""
    started_on: date | None = None
    days: tuple[Day, ...] = ()
    group: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """Components under one heading; an empty name is a run of components outside any group."""

    components: tuple[ComponentFacts, ...]
    name: str = ""
    description: str = ""
    always_open: bool = False
    code: str = ""


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
class MeterFacts:
    """A component with the days of whole months, oldest first, up to today."""

    component: ComponentFacts
    days: tuple[Day, ...]
    incidents: tuple[date, ...] = ()
    """Day on which each incident that touched the component began."""


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
