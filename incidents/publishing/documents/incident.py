"""The page of one incident or maintenance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext

from incidents.lib import durations, stamps
from incidents.publishing import affected_line, paths, prose
from incidents.publishing.documents import cards
from incidents.publishing.documents.actions import Action, action_row
from incidents.publishing.documents.chronicle import picture_of
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.noted import people_affected
from incidents.publishing.documents.parts import Stamp, State, stamp_of, state_of
from incidents.publishing.documents.pictures import picture_of_incident
from incidents.publishing.documents.updates import timeline_of
from incidents.publishing.guide_shapes import EntryFacts
from incidents.publishing.shapes import (
    IncidentFacts,
    PageFacts,
    PostmortemFacts,
)
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import ComponentStatus, MaintenancePhase

_ALWAYS = 2**33
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is, with the glyph of a state where it is one."""

    name: str
    value: SafeString | str
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Postmortem:
    """The report as it is shown."""

    html: SafeString
    html_in: str
    actions_in: str
    stamp: Stamp
    after: str
    actions: tuple[Action, ...]
    done: str

    @property
    def has_owners(self) -> bool:
        """Say whether any promise names who keeps it."""
        return any(action.owner for action in self.actions)

    @property
    def has_due_days(self) -> bool:
        """Say whether any promise names a day."""
        return any(action.due for action in self.actions)


@in_page_language
def incident(
    facts: IncidentFacts, page: PageFacts, *, errors: Sequence[EntryFacts] = (), is_fragment: bool = False
) -> bytes:
    """Return the page of an incident or maintenance as HTML, or what lies between its head and foot.

    `errors` are those of the guide that it causes while it is open.
    """
    is_over = facts.ended_at is not None
    rows = timeline_of(facts, page)
    latest = [] if is_over or facts.is_maintenance else rows[:1]
    return rendered(
        "incident.html",
        page,
        _head(facts, page),
        is_fragment=is_fragment,
        incident=facts,
        phase=cards.standing_phase(facts),
        is_cancelled=facts.phase.canonical == MaintenancePhase.CANCELLED,
        state=state_of(facts.current),
        standing=_standing(facts, page),
        facts=facts_of(facts, page),
        moved=[stamps.long_span(one.starts_at, one.ends_at, page.zone) for one in facts.moves],
        affected=affected_line.affected_markup(facts.affected, maintenance=facts.is_maintenance),
        postmortem=_postmortem(facts.postmortem, facts, page) if facts.postmortem else None,
        promise=_promise(facts, page),
        picture=picture_of(facts, page),
        latest=latest,
        rows=rows[len(latest) :],
        is_over=is_over,
        errors=[(one.code, one.title, paths.entry(one.slug)) for one in errors],
        said_in=page.main_language if page.prefix else "",
        people="" if is_over else people_affected(page, facts.code),
        quick_until=0 if is_over else _ALWAYS,
    )


def _head(facts: IncidentFacts, page: PageFacts) -> Head:
    said = prose.summary(cards.latest_html(facts), limit=180)
    phase = cards.standing_phase(facts).label
    opened = stamps.stamp(cards.period(facts)[0], page.zone)
    return Head(
        title=gettext("{phase}: {title} · {page} status").format(phase=phase, title=facts.title, page=page.name),
        path=paths.incident(facts.code),
        heading=gettext("{phase}: {title}").format(phase=phase, title=facts.title),
        description=f"{phase} · {opened} · {said}",
        favicon=facts.current if facts.ended_at is None and facts.affected else "status",
        picture=paths.picture(picture_of_incident(facts, page).digest, facts.code),
        live=paths.live_incident(facts.code),
        has_twins=True,
    )


def _standing(facts: IncidentFacts, page: PageFacts) -> str:
    """Return what follows the phase: " after 1 hour 27 minutes", " · 20 minutes so far"."""
    if facts.is_maintenance:
        return cards.standing_in_window(facts, page)
    start, end = cards.period(facts)
    if end is None or facts.ended_at is None:
        return gettext(" · {duration} so far").format(duration=durations.in_words(page.seen_at - start))
    # Translators: follows the phase of an incident: "Resolved after 1 hour 27 minutes".
    return gettext(" after {duration}").format(duration=durations.in_words(end - start)) if end > start else ""


def facts_of(facts: IncidentFacts, page: PageFacts, *, is_lasting: bool = False) -> list[Fact]:
    """Return what is known beside the updates; where it must last, nothing that changes by the minute."""
    if facts.is_maintenance:
        return _maintenance_facts(facts, page)
    start, end = cards.period(facts)
    found = [Fact(gettext("Impact"), _impact(start, end, page))]
    if facts.worst != ComponentStatus.OPERATIONAL:
        found.append(Fact(gettext("Worst state"), state_of(facts.worst).label, state_of(facts.worst)))
    if end and facts.ended_at and end != facts.ended_at:
        found.append(_time_fact(gettext("Resolved"), facts.ended_at, page))
    first = min((update.posted_at for update in facts.updates), default=start)
    if first - start >= timedelta(minutes=1):
        words = gettext("{duration} after impact began").format(duration=durations.in_words(first - start))
        found.append(Fact(gettext("First update"), words))
    if facts.detected_by:
        found.append(Fact(gettext("Noticed by"), capfirst(gettext(facts.detected_by))))
    due = facts.updates[0].next_update_due_at if facts.updates else None
    if due and facts.ended_at is None:
        found.append(Fact(gettext("Next update"), _due(due, page, is_lasting=is_lasting)))
    return found


def _maintenance_facts(facts: IncidentFacts, page: PageFacts) -> list[Fact]:
    start, end = facts.scheduled_for, facts.scheduled_until
    if start is None or end is None:
        return []
    weekday = stamps.weekday_name(start.astimezone(page.zone))
    window = format_html(
        pgettext("day of the week and window", "{weekday}, {window}"),
        weekday=weekday,
        window=stamps.long_span(start, end, page.zone),
    )
    found = [
        Fact(pgettext("of a maintenance", "Window"), window),
        Fact(gettext("Planned length"), durations.in_words(end - start)),
    ]
    if start.astimezone(page.zone).utcoffset():
        found.insert(1, Fact(gettext("In UTC"), stamps.long_span(start, end, _UTC)))
    return found


def _impact(start: datetime, end: datetime | None, page: PageFacts) -> SafeString:
    if end is None:
        return format_html(
            pgettext("time an incident began", "since {time}"),
            time=stamps.element(start, stamps.stamp(start, page.zone)),
        )
    if end <= start:
        return stamps.element(start, stamps.stamp(start, page.zone))
    return stamps.long_span(start, end, page.zone)


def _time_fact(name: str, moment: datetime, page: PageFacts) -> Fact:
    return Fact(name, stamps.element(moment, stamps.stamp(moment, page.zone)))


def _due(due: datetime, page: PageFacts, *, is_lasting: bool) -> SafeString:
    clock = stamps.element(due, stamps.clock(due, page.zone))
    if is_lasting or due >= page.seen_at:
        return format_html(pgettext("when an update is due", "by {time}"), time=clock)
    return format_html(
        gettext("was due {time}, {duration} late"), time=clock, duration=durations.in_words(page.seen_at - due)
    )


def _postmortem(report: PostmortemFacts, facts: IncidentFacts, page: PageFacts) -> Postmortem:
    today = page.seen_at.astimezone(page.zone).date()
    done = sum(action.state == "done" for action in report.actions)
    return Postmortem(
        html=prose.readable(report.html, under=2),
        html_in=report.html_in,
        actions_in=report.actions_in,
        stamp=stamp_of(report.published_at, page),
        after=_after_resolution(report, facts),
        actions=tuple(action_row(action, today) for action in report.actions),
        done=_kept(done, len(report.actions)),
    )


def _kept(done: int, count: int) -> str:
    """Return "5 of 8 done.", or "" where nothing was promised."""
    return (
        ngettext("{done} of {count} done.", "{done} of {count} done.", count).format(done=done, count=count)
        if count
        else ""
    )


def _promise(facts: IncidentFacts, page: PageFacts) -> SafeString | str:
    """Return by when a postmortem is due, which only a major outage without one is told."""
    is_owed = facts.worst == ComponentStatus.MAJOR_OUTAGE and facts.postmortem is None
    if not is_owed or facts.ended_at is None or not page.postmortem_due_days or facts.is_maintenance:
        return ""
    due = (facts.ended_at + timedelta(days=page.postmortem_due_days)).astimezone(page.zone).date()
    is_ahead = due >= page.day_of(page.seen_at)
    pattern = gettext("A postmortem is due by {day}.") if is_ahead else gettext("A postmortem was due by {day}.")
    return format_html(pattern, day=stamps.day_element(due, stamps.short_day(due)))


def _after_resolution(report: PostmortemFacts, facts: IncidentFacts) -> str:
    """Return "8 days after resolution", counted in whole days; less than one is "the same day"."""
    if facts.ended_at is None or report.published_at < facts.ended_at:
        return ""
    days = round((report.published_at - facts.ended_at).total_seconds() / 86_400)
    if days < 1:
        return gettext("on the day of resolution")
    return ngettext("{count} day after resolution", "{count} days after resolution", days).format(count=days)
