"""What compatible APIs say: rows as they were written, with every time a reader's program may want.

The pages tell a story (`shapes/`); these are its raw entries. Every datetime is aware.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from incidents.timeline.impact import worst_status


@dataclass(frozen=True, slots=True)
class PageRecord:
    """The page; `address` is where readers see it, without a slash at the end."""

    code: str
    name: str
    address: str
    zone: ZoneInfo
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ComponentRecord:
    """A component readers may see."""

    code: str
    name: str
    status: str
    position: int
    created_at: datetime
    updated_at: datetime
    description: str = ""
    showcase: bool = True
    started_on: date | None = None
    group: str = ""
    """Code of its group, empty outside one."""
    only_show_if_degraded: bool = False


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A heading over components; without any it is not told."""

    code: str
    name: str
    position: int
    created_at: datetime
    updated_at: datetime
    members: tuple[ComponentRecord, ...]
    description: str = ""

    @property
    def status(self) -> str:
        """Return the worst state of its components."""
        return worst_status(one.status for one in self.members).value


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """What an update said about one component; `name` is "Group - Component"."""

    code: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """One message; `status` is the canonical phase."""

    code: str
    status: str
    body: str
    created_at: datetime
    updated_at: datetime
    posted_at: datetime
    changes: tuple[ChangeRecord, ...] = ()
    notify: bool = True


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """An incident or, where `scheduled_for` is set, a maintenance; updates newest first."""

    code: str
    name: str
    status: str
    impact: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime
    monitoring_at: datetime | None = None
    resolved_at: datetime | None = None
    updates: tuple[UpdateRecord, ...] = ()
    components: tuple[ComponentRecord, ...] = ()
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NowRecords:
    """How things stand: all components, open incidents, maintenances that are not over."""

    page: PageRecord
    components: tuple[ComponentRecord, ...]
    groups: tuple[GroupRecord, ...] = ()
    unresolved: tuple[IncidentRecord, ...] = ()
    maintenances: tuple[IncidentRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class RecentRecords:
    """The newest incidents, or the newest maintenances, whatever became of them."""

    page: PageRecord
    incidents: tuple[IncidentRecord, ...]
