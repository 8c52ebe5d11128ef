"""An incident in short: cards of the first page, entries of history."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from incidents.lib import durations, stamps
from incidents.lib.names import joined
from incidents.publishing import affected_line, paths, prose, relative
from incidents.publishing.documents.parts import State, state_of
from incidents.publishing.shapes import IncidentFacts, PageFacts, PhaseFacts, UpdateFacts
from incidents.timeline.phase_names import phase_name
from incidents.timeline.states import (
    RUNNING_MAINTENANCE_PHASES,
    ComponentStatus,
    IncidentPhase,
    MaintenancePhase,
)

_SUMMARY_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase in words, and the moon it is drawn with."""

    label: str
    moon: str


@dataclass(frozen=True, slots=True)
class Card:
    """An incident or maintenance in short; `when` is the line after its phase."""

    code: str
    title: str
    title_in: str
    """Language of the title where it is not that of the document; `html_in` that of the text."""
    path: str
    impact: str
    phase: Phase
    state: State
    when: SafeString
    html: SafeString
    html_in: str
    affected: SafeString
    is_cancelled: bool
    update: str
    """Code of the newest update, by which an open page tells that there is a newer one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident in history: one line of facts, one sentence, badges in words."""

    card: Card
    state: State | None
    span: SafeString
    duration: str
    affected: str
    summary: str
    badges: tuple[str, ...]
    is_open: bool


def active_card(incident: IncidentFacts, page: PageFacts) -> Card:
    """Return an open incident as the first page shows it."""
    started = stamps.element(incident.started_at, _start_words(incident.started_at, page))
    so_far = durations.in_words(page.seen_at - incident.started_at)
    return _card(
        incident,
        incident.current,
        # Translators: when an incident began and how long it has lasted; keep the markup.
        format_html(
            gettext('started {time} · <span class="ago">{duration} so far</span>'), time=started, duration=so_far
        ),
    )


def maintenance_card(incident: IncidentFacts, page: PageFacts) -> Card:
    """Return a maintenance under way or to come."""
    return _card(incident, ComponentStatus.UNDER_MAINTENANCE, window_line(incident, page))


def past_card(incident: IncidentFacts, page: PageFacts) -> Card:
    """Return an ended incident as the list by day shows it."""
    ended = incident.ended_at or incident.updated_at
    end = stamps.element(ended, stamps.clock(ended, page.zone))
    words = [_state_words(incident), affected_line.affected_names(incident.affected)]
    tail = "".join(f" · {word}" for word in words if word)
    return _card(incident, incident.worst, format_html("{}{}", end, tail))


def history_entry(incident: IncidentFacts, page: PageFacts) -> Entry:
    """Return an incident as `/history` shows it."""
    start, end = extent(incident)
    finish = end or page.seen_at
    span = (
        stamps.short_span(start, finish, page.zone, seen_at=page.seen_at)
        if end
        else format_html(
            pgettext("time an incident began", "since {time}"),
            time=stamps.element(start, stamps.short_stamp(start, page.zone, seen_at=page.seen_at)),
        )
    )
    affected = [one.name for one in incident.affected]
    return Entry(
        card=_card(incident, incident.worst, SafeString("")),
        state=_entry_state(incident),
        span=span,
        duration=durations.in_words(finish - start) if finish > start else "",
        affected=joined(affected),
        summary=prose.summary_markup(latest_html(incident), limit=_SUMMARY_LIMIT),
        badges=tuple(_badges(incident)),
        is_open=incident.ended_at is None,
    )


def summary_of(incident: IncidentFacts) -> str:
    """Return the newest text of an incident in one line of plain words."""
    return prose.summary(latest_html(incident), limit=_SUMMARY_LIMIT)


def phase_of(phase: PhaseFacts) -> Phase:
    """Return the words and the moon of a phase; a page's own has its canonical moon."""
    return Phase(phase_name(phase.slug, phase.label), phase.canonical)


def standing_phase(incident: IncidentFacts) -> Phase:
    """Return where an incident stands: with a postmortem it is still "Resolved" to readers."""
    if incident.phase.canonical == IncidentPhase.POSTMORTEM:
        return Phase(str(IncidentPhase.RESOLVED.label), IncidentPhase.RESOLVED.value)
    return phase_of(incident.phase)


def period(incident: IncidentFacts) -> tuple[datetime, datetime | None]:
    """Return start and end of the impact, or of the window of a maintenance."""
    if incident.scheduled_for is not None:
        return incident.scheduled_for, incident.scheduled_until
    return incident.started_at, incident.impact_ended_at or incident.ended_at


def is_coming(incident: IncidentFacts) -> bool:
    """Say whether this is maintenance that has not begun."""
    return incident.phase.canonical == MaintenancePhase.SCHEDULED


def extent(incident: IncidentFacts) -> tuple[datetime, datetime | None]:
    """Return start and end of the impact, or of a maintenance: of its work once completed, else of its window."""
    began = min((update.posted_at for update in incident.updates if _begins_work(update)), default=None)
    ended = incident.ended_at if incident.phase.canonical == MaintenancePhase.COMPLETED else None
    return (began, ended) if began and ended and began < ended else period(incident)


def _begins_work(update: UpdateFacts) -> bool:
    return update.phase.canonical == MaintenancePhase.IN_PROGRESS and not update.removed_at


def window_line(incident: IncidentFacts, page: PageFacts) -> SafeString:
    """Return the window of a maintenance and where the page stands in it."""
    if incident.scheduled_for is None or incident.scheduled_until is None:
        return SafeString("")
    window = stamps.short_span(incident.scheduled_for, incident.scheduled_until, page.zone, seen_at=page.seen_at)
    return format_html("{}{}", window, standing_in_window(incident, page))


def standing_in_window(incident: IncidentFacts, page: PageFacts) -> str:
    """Return " · starts in 2 days", " · running 20 minutes over" or nothing."""
    if incident.scheduled_for is None or incident.scheduled_until is None:
        return ""
    if incident.phase.canonical in RUNNING_MAINTENANCE_PHASES:
        over = page.seen_at - incident.scheduled_until
        if over < timedelta(minutes=1):
            return ""
        return gettext(" · running {duration} over").format(duration=durations.in_words(over))
    if incident.phase.canonical == MaintenancePhase.SCHEDULED and incident.scheduled_for > page.seen_at:
        return gettext(" · starts {coming}").format(coming=_coming(incident.scheduled_for, page))
    return ""


def _coming(moment: datetime, page: PageFacts) -> str:
    soon = relative.ago(moment, seen_at=page.seen_at)
    return soon or gettext("in {duration}").format(duration=durations.in_words(moment - page.seen_at))


def _card(incident: IncidentFacts, state: str, when: SafeString) -> Card:
    return Card(
        code=incident.code,
        title=incident.title,
        title_in=incident.title_in,
        path=paths.incident(incident.code),
        impact=incident.impact,
        phase=standing_phase(incident),
        state=state_of(state),
        when=when,
        html=prose.readable(latest_html(incident), under=4 if incident.ended_at else 3),
        html_in=latest_in(incident),
        affected=affected_line.affected_markup(incident.affected, maintenance=incident.is_maintenance),
        is_cancelled=incident.phase.canonical == MaintenancePhase.CANCELLED,
        update=next((update.code for update in incident.updates if not update.removed_at), ""),
    )


def latest_html(incident: IncidentFacts) -> str:
    """Return the newest text of an incident, "" where none was ever said."""
    latest = _latest(incident)
    return latest.html if latest else ""


def latest_in(incident: IncidentFacts) -> str:
    """Return the language of the newest text where it is not that of the document."""
    latest = _latest(incident)
    return latest.html_in if latest else ""


def _latest(incident: IncidentFacts) -> UpdateFacts | None:
    return next((update for update in incident.updates if update.html and not update.removed_at), None)


def _start_words(moment: datetime, page: PageFacts) -> str:
    """Return the clock time for today, the date with it for earlier days."""
    today = page.seen_at.astimezone(page.zone).date()
    same_day = moment.astimezone(page.zone).date() == today
    return stamps.clock(moment, page.zone) if same_day else stamps.short_stamp(moment, page.zone, seen_at=page.seen_at)


def _state_words(incident: IncidentFacts) -> str:
    """Return "Degraded performance for 48 minutes"."""
    start, end = extent(incident)
    if incident.phase.canonical == MaintenancePhase.CANCELLED:
        return ""
    if incident.is_maintenance or incident.worst == ComponentStatus.OPERATIONAL:
        return durations.in_words(end - start) if end and end > start else ""
    label = state_of(incident.worst).label
    if end is None or end <= start:
        return label
    return gettext("{state} for {duration}").format(state=label, duration=durations.in_words(end - start))


def _entry_state(incident: IncidentFacts) -> State | None:
    if incident.is_maintenance:
        return State(ComponentStatus.UNDER_MAINTENANCE, gettext("Maintenance"))
    if incident.worst == ComponentStatus.OPERATIONAL:
        return None
    return state_of(incident.worst)


def _badges(incident: IncidentFacts) -> list[str]:
    badges = []
    if incident.phase.canonical == MaintenancePhase.CANCELLED:
        badges.append(gettext("Cancelled"))
    if incident.postmortem:
        badges.append(gettext("Postmortem"))
        actions = incident.postmortem.actions
        done = sum(action.state == "done" for action in actions)
        if actions:
            badges.append(_kept(done, len(actions)))
    return badges


def _kept(done: int, count: int) -> str:
    pattern = ngettext("{done} of {count} actions done", "{done} of {count} actions done", count)
    return pattern.format(done=done, count=count)
