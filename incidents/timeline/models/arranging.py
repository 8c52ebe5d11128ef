"""What is arranged for a maintenance before it: its window, what happens by itself, and who is reminded when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from incidents.timeline.checks import checked_window
from incidents.timeline.models.event import Actor, Event, actor_account, actor_name
from incidents.timeline.models.update import Update
from incidents.timeline.models.writing import write_update
from incidents.timeline.recurrence import checked_rule
from incidents.timeline.refusals import WrongPhase
from incidents.timeline.states import MaintenancePhase

if TYPE_CHECKING:
    from incidents.timeline.models.maintenance import Maintenance


class Arrangement(TypedDict):
    """What happens by itself: `remind_minutes` before the start, `recurrence` by an RRULE."""

    auto_start: bool
    auto_finish: bool
    sets_components: bool
    remind_minutes: Sequence[int]
    recurrence: str


class Told(TypedDict, total=False):
    """Whether what is said is mailed (it is where nothing is said of that), and its text in further languages."""

    notify: bool
    translations: Mapping[str, str] | None


def arrange(window: Maintenance, wanted: Arrangement, *, by: Actor, at: datetime) -> None:
    """Change what happens by itself. Raises WrongPhase, UnknownRecurrence."""
    with window.page.locked():
        window.refresh_from_db()
        if not window.is_open:
            raise WrongPhase(f"Nothing happens any more to a maintenance that is {window.phase.label.lower()}.")
        began_at = window.series_began_at
        recurrence = checked_rule(wanted["recurrence"], first=began_at, zone=window.page.zone)
        changes: dict[str, Any] = {
            **wanted,
            "remind_minutes": tightest_last(wanted["remind_minutes"]),
            "recurrence": recurrence,
            "recurs_from": began_at if recurrence else None,
        }
        for name, value in changes.items():
            setattr(window, name, value)
        window.updated_at = at
        window.save(update_fields=[*changes, "updated_at"])
        payload = {"incident": window.code, "title": window.title, **changes}
        Event.record(page=window.page, kind="maintenance.arranged", by=by, at=at, subject=window, payload=payload)


def move(
    window: Maintenance, *, starts_at: datetime, ends_at: datetime, body: str, by: Actor, at: datetime, told: Told
) -> Update:
    """Give it another window. Raises WindowEndsBeforeItStarts, ImplausibleTime, WrongPhase."""
    checked_window(starts_at, ends_at, at=at)
    with window.page.locked():
        window.refuse_unless(MaintenancePhase.SCHEDULED)
        window.window_moves.create(
            old_starts_at=window.window[0],
            old_ends_at=window.window[1],
            at=at,
            by=actor_account(by),
            by_name=actor_name(by),
        )
        window.scheduled_for = window.impact_started_at = starts_at
        window.scheduled_until = ends_at
        window.reminded_minutes = []
        said: dict[str, Any] = {"body": body, "notify": True, "translations": None, **told}
        update = write_update(window, by=by, at=at, phase=window.phase, components={}, posted_at=at, **said)
        window.record_update("maintenance.moved", update, by, at, "", "")
    return update


def remind(window: Maintenance, *, minutes: int, by: Actor, at: datetime) -> None:
    """Record that the reminder due `minutes` before the start goes out now, once."""
    with window.page.locked():
        window.refresh_from_db()
        if minutes in window.reminded_minutes:
            return
        window.reminded_minutes = [*window.reminded_minutes, minutes]
        window.save(update_fields=["reminded_minutes"])
        Event.record(
            page=window.page,
            kind="maintenance.reminded",
            by=by,
            at=at,
            subject=window,
            update=window.updates.standing().newest_first().first(),
            notify=True,
            payload={"incident": window.code, "minutes": minutes},
        )


def reminder_due(window: Maintenance, *, at: datetime) -> int | None:
    """Return the tightest reminder (minutes before start) whose time has come, if any."""
    if window.phase.canonical != MaintenancePhase.SCHEDULED or at >= window.window[0]:
        return None
    due = [minutes for minutes in window.remind_minutes if window.window[0] - timedelta(minutes=minutes) <= at]
    tightest = min(due, default=None)
    return None if tightest in window.reminded_minutes else tightest


def tightest_last(minutes: Sequence[int]) -> list[int]:
    """Return each number of minutes once, the longest first."""
    return sorted({int(one) for one in minutes}, reverse=True)
