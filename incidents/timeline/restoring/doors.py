"""Cleaning and checking of records from elsewhere: each returns the clean record or refuses."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from incidents.lib.codes import LENGTH
from incidents.timeline.checks import (
    BODY_LIMIT,
    NAME_LIMIT,
    POSTMORTEM_LIMIT,
    checked_line,
    checked_text,
    checked_zone,
    optional_text,
)
from incidents.timeline.refusals import (
    DuplicateName,
    EmptyText,
    Refused,
    ResolvedBeforeStart,
    UnknownPhase,
    UnknownStatus,
    WindowEndsBeforeItStarts,
)
from incidents.timeline.restoring.records import (
    RestoredComponent,
    RestoredGroup,
    RestoredIncident,
    RestoredPage,
    RestoredUpdate,
)
from incidents.timeline.states import (
    ENDED_PHASES,
    ComponentStatus,
    Impact,
    IncidentPhase,
)

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Nothing on the web is older; earlier times are zeros and typing errors."""

CLOCK_SKEW = timedelta(days=1)
"""How far after our clock something that happened may be dated."""

FURTHEST_PLAN = timedelta(days=3660)
"""How far ahead a maintenance may be planned."""

_CODE = re.compile(rf"[0-9a-z]{{{LENGTH}}}")


class ImplausibleTime(Refused):
    """A time has no zone, or lies where nothing can have happened."""


class UnusableCode(Refused):
    """A code is not of the form this product and Statuspage use."""


class WrittenHere(Refused):
    """The page has a row of that code that no import made; it is not overwritten."""


def is_code(text: str) -> bool:
    """Say whether `text` has the form of a code here and at Statuspage: 12 characters 0-9 and a-z."""
    return _CODE.fullmatch(text) is not None


def checked_code(code: str) -> str:
    """Return `code` if it has the form of one. Raises UnusableCode."""
    if not is_code(code):
        raise UnusableCode(f"“{code[:40]}” is not a code of {LENGTH} letters and digits.", field="code")
    return code


def checked_page(record: RestoredPage) -> RestoredPage:
    """Return the page with a clean name. Raises EmptyText, TextTooLong, UnknownTimeZone, UnusableCode."""
    return replace(
        record,
        code=checked_code(record.code),
        name=checked_line(record.name, field="name", what="The name of the page", limit=NAME_LIMIT),
        time_zone=checked_zone(record.time_zone),
    )


def checked_group(record: RestoredGroup, *, at: datetime) -> RestoredGroup:
    """Return the group with clean texts. Raises EmptyText, TextTooLong, ImplausibleTime."""
    _happened(at, created=record.created_at, updated=record.updated_at)
    return replace(
        record,
        code=checked_code(record.code),
        name=checked_line(record.name, field="name", what="The name", limit=NAME_LIMIT),
        description=optional_text(record.description, field="description", what="The description"),
    )


def checked_component(record: RestoredComponent, *, at: datetime) -> RestoredComponent:
    """Return the component with clean texts.

    Raises EmptyText, TextTooLong, UnknownStatus, ImplausibleTime.
    """
    _happened(at, created=record.created_at, updated=record.updated_at, removed=record.archived_at)
    return replace(
        record,
        code=checked_code(record.code),
        name=checked_line(record.name, field="name", what="The name", limit=NAME_LIMIT),
        description=optional_text(record.description, field="description", what="The description"),
        status=_known(record.status, ComponentStatus.values),
    )


def checked_incident(record: RestoredIncident, *, at: datetime) -> RestoredIncident:
    """Return the incident with clean texts, its updates oldest first.

    Raises EmptyText, TextTooLong, UnknownStatus, DuplicateName, ImplausibleTime,
    ResolvedBeforeStart, WindowEndsBeforeItStarts.
    """
    _happened(
        at,
        created=record.created_at,
        updated=record.updated_at,
        started=None if record.is_maintenance else record.started_at,
        monitoring=record.monitoring_at,
        resolved=record.resolved_at,
    )
    _refuse_odd_window(record, at)
    updates = [_checked_update(update, at) for update in record.updates]
    _refuse_twins((update.code for update in updates), "Two of its updates have the code")
    if not updates:
        raise EmptyText("It has no updates, so there is nothing to read.", field="updates")
    updates.sort(key=lambda update: update.posted_at)
    return replace(
        record,
        code=checked_code(record.code),
        title=checked_line(record.title, field="title", what="The title"),
        impact=_known(record.impact, Impact.values),
        resolved_at=_end(record, updates),
        updates=tuple(updates),
    )


def checked_phase_kind(slug: str, *, is_for_maintenance: bool | None, maintenance: bool) -> None:
    """Refuse a phase the page has not (`is_for_maintenance` None) or that is for the other kind."""
    if is_for_maintenance is None:
        raise UnknownPhase(f"The page has no phase “{slug[:40]}”.", field="phase")
    if is_for_maintenance != maintenance:
        kind = "a maintenance" if maintenance else "an incident"
        raise UnknownPhase(f"The phase “{slug}” is not one of {kind}.", field="phase")


def _checked_update(record: RestoredUpdate, at: datetime) -> RestoredUpdate:
    _happened(at, created=record.created_at, updated=record.updated_at, posted=record.posted_at)
    _refuse_twins((change.component for change in record.changes), f"Update {record.code} names twice component")
    for change in record.changes:
        _known(change.old, ComponentStatus.values)
        _known(change.new, ComponentStatus.values)
    # A report may be as long here as one written here.
    limit = POSTMORTEM_LIMIT if record.phase == IncidentPhase.POSTMORTEM else BODY_LIMIT
    return replace(
        record,
        code=checked_code(record.code),
        body=checked_text(record.body, field="body", what=f"The text of update {record.code}", limit=limit),
    )


def _refuse_odd_window(record: RestoredIncident, at: datetime) -> None:
    # Statuspage dates the start of some back-filled incidents after their end, so the end is
    # only refused where it lies before everything else that is known.
    if record.resolved_at and record.resolved_at < min(record.started_at, record.created_at):
        raise ResolvedBeforeStart("It ended before it began.", field="resolved_at")
    if record.scheduled_for is None:
        return
    if record.scheduled_until is None or record.scheduled_until <= record.scheduled_for:
        raise WindowEndsBeforeItStarts("Its window ends before it starts.", field="scheduled_until")
    for moment in (record.scheduled_for, record.scheduled_until):
        _refuse_outside(moment, at + FURTHEST_PLAN, "planned")


def _refuse_twins(codes: Iterable[str], sentence: str) -> None:
    seen = set()
    for code in codes:
        if code in seen:
            raise DuplicateName(f"{sentence} {code}.", field="updates")
        seen.add(code)


def _end(record: RestoredIncident, updates: list[RestoredUpdate]) -> datetime | None:
    if record.phase not in ENDED_PHASES:
        return None
    return record.resolved_at or updates[-1].posted_at


def _happened(at: datetime, **moments: datetime | None) -> None:
    for what, moment in moments.items():
        if moment is not None:
            _refuse_outside(moment, at + CLOCK_SKEW, what)


def _refuse_outside(moment: datetime, latest: datetime, what: str) -> None:
    if moment.tzinfo is None:
        raise ImplausibleTime(f"The time it was {what} has no time zone.", field=what)
    if not EARLIEST <= moment <= latest:
        raise ImplausibleTime(f"The time it was {what} cannot be right: {moment.isoformat()}.", field=what)


def _known(value: str, values: Iterable[str]) -> str:
    if value not in values:
        raise UnknownStatus(f"“{value[:40]}” is not a state known here.", field="status")
    return value
