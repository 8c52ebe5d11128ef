"""What an importer hands over: plain values, every datetime aware."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from incidents.timeline.states import DetectedBy, Impact


class Outcome(StrEnum):
    """What restoring a record did, or would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class RestoredPage:
    """A page as it was elsewhere. `time_zone` is an IANA name."""

    code: str
    name: str
    time_zone: str = "UTC"


@dataclass(frozen=True)
class RestoredGroup:
    """A component group."""

    code: str
    name: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    position: int = 0


@dataclass(frozen=True)
class RestoredComponent:
    """A component. `group` is a group's code or empty; `status` is the present state.

    `is_only_named` marks one known from what old incidents say of it: it is made where it is
    missing and never changes one that is there.
    """

    code: str
    name: str
    status: str
    created_at: datetime
    updated_at: datetime
    group: str = ""
    description: str = ""
    position: int = 0
    showcase: bool = True
    started_on: date | None = None
    only_show_if_degraded: bool = False
    archived_at: datetime | None = None
    is_only_named: bool = False


@dataclass(frozen=True)
class RestoredChange:
    """What an update said of the component with this code: equal states only name it."""

    component: str
    old: str
    new: str


@dataclass(frozen=True)
class RestoredUpdate:
    """An update. `phase` is the slug of one of the page's phases; `posted_at` is its stamp.

    `notify` is what its author chose then; restoring tells nobody whatever it says.
    """

    code: str
    phase: str
    body: str
    posted_at: datetime
    created_at: datetime
    updated_at: datetime
    changes: tuple[RestoredChange, ...] = ()
    notify: bool = False


@dataclass(frozen=True)
class RestoredIncident:
    """An incident, or a maintenance where `scheduled_for` is given.

    `origin` says where it comes from, in words that stay the same from import to import;
    `components` are the codes of all it ever affected.
    """

    code: str
    origin: str
    title: str
    phase: str
    started_at: datetime
    created_at: datetime
    updated_at: datetime
    updates: tuple[RestoredUpdate, ...]
    impact: str = Impact.NONE.value
    components: tuple[str, ...] = ()
    monitoring_at: datetime | None = None
    resolved_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    detected_by: str = DetectedBy.UNKNOWN.value
    customer_noticed_at: datetime | None = None

    @property
    def is_maintenance(self) -> bool:
        """Whether it is a maintenance."""
        return self.scheduled_for is not None
