"""What a mail about an event says, as ready values: the templates only arrange them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.lib import time_tokens
from incidents.lib.durations import in_words
from incidents.lib.languages import ENGLISH
from incidents.lib.names import in_a_row, joined_by_group
from incidents.lib.prefixes import placed, prefix_of
from incidents.lib.site import page_address
from incidents.lib.stamps import day
from incidents.notifications.mail.calendar import window_entry
from incidents.notifications.mail.excerpt import HTML_BYTES, plain, shortened, summary
from incidents.notifications.mail.logo import MailLogo, logo_of
from incidents.notifications.mail.moments import moment_words, short_words, window_in_utc, window_words
from incidents.notifications.mail.wording import Wording
from incidents.notifications.models import MailKind
from incidents.notifications.news import kind_of, told_update
from incidents.timeline.impact import worst_status
from incidents.timeline.models import Affected, Component, ComponentChange, Event, Incident, Page, Postmortem, Update
from incidents.timeline.phase_names import phase_name
from incidents.timeline.states import ComponentStatus

_SUBJECT_HAS_THE_WINDOW = {
    MailKind.MAINTENANCE_PLANNED,
    MailKind.MAINTENANCE_REMINDER,
    MailKind.MAINTENANCE_MOVED,
}

NAMES_SHARE = 0.1
"""Of the text's room, for the names of what is affected; the page has them all."""

LINES_PER_ROOM = 0.002
LINE_ROOM = 160
"""Bounds of a list, by the text's room: changes of components, measures of a postmortem."""

FORMER_ROOM = 600
"""Octets of what was corrected; enough to know it again."""

EARLIER_UPDATES = 2
NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Earlier:
    """A former update in short."""

    phase: str
    posted: str
    summary: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the mails of one event, language and zone have in common."""

    kind: MailKind
    page_name: str
    address: str
    """Scheme and host, without a slash at the end."""
    language: str
    incident_code: str
    title: str
    url: str
    glyph: str
    """The component state whose glyph is shown."""
    state: str
    """The word beside the glyph; empty (and then no glyph) while nothing is known to be down."""
    phase: str
    phase_before: str
    started: str
    posted: str
    text: str
    html: str
    text_in: str
    """Language of the text where it is not that of the mail."""
    is_shortened: bool
    affected: str
    components: tuple[str, ...]
    changes: tuple[str, ...]
    next_update: str
    earlier: tuple[Earlier, ...]
    duration: str = ""
    postmortem_due: str = ""
    window: str = ""
    window_in_utc: str = ""
    actions: tuple[str, ...] = ()
    legal_line: str = ""
    former: str = ""
    """What the text was before a correction, on one line."""
    calendar: str = ""
    """A calendar file (RFC 5545) to attach."""
    logo: MailLogo | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether the state says more than the phase does."""
        return self.glyph != ComponentStatus.OPERATIONAL

    @property
    def phase_lower(self) -> str:
        """The phase inside a sentence; only English writes it small there."""
        return self.phase.lower() if self.language == ENGLISH else self.phase

    @property
    def phase_line(self) -> str:
        """The step this update takes: "Investigating → Identified", or the phase it stays in."""
        if self.phase_before in ("", self.phase):
            return self.phase
        # Translators: the phase before and the one now; the arrow points in the direction of reading.
        return _("{before} → {now}").format(before=self.phase_before, now=self.phase)

    @property
    def preheader(self) -> str:
        """What an inbox shows after the subject: facts the subject does not have."""
        names, count = in_a_row(self.components[:NAMED_AT_MOST]), len(self.components)
        if count > NAMED_AT_MOST:
            names = ngettext("%(count)d component", "%(count)d components", count) % {"count": count}
        last = self.posted
        if self.next_update:
            last = _("next update by %(moment)s") % {"moment": self.next_update}
        elif self.window:
            # The subject of a plan has the window already.
            last = self.duration if self.kind in _SUBJECT_HAS_THE_WINDOW else self.window
        return " · ".join(part for part in (self.phase_line, names, last) if part)


def story_of(event: Event, *, language: str, zone: ZoneInfo, room: int = HTML_BYTES) -> Story:
    """Return what the mails about `event` say, with times in `zone`; the text may take `room` octets.

    Costs the same number of queries whatever the length of the incident. Raises NothingTold.
    """
    update = told_update(event)
    incident = update.incident
    page = incident.page
    told = _told_until(update)
    changes = list(update.component_changes.select_related("component__group"))
    affected = list(incident.affected.select_related("component__group"))
    wording = Wording.of(incident, language)
    text, html, is_shortened = shortened(*wording.text(update), zone=zone, room=room)
    glyph = _glyph(incident, changes, affected)
    starts_at, ends_at = incident.scheduled_for, incident.scheduled_until
    return Story(
        kind=kind_of(event),
        page_name=page.name,
        address=page_address(page.host),
        logo=logo_of(page),
        language=language,
        incident_code=incident.code,
        title=wording.title,
        url=f"{page_address(page.host)}{placed(f'/incidents/{incident.code}', _prefix(page, language))}",
        glyph=glyph,
        state=_state_words(incident, glyph),
        phase=phase_name(update.phase.slug, update.phase.label),
        phase_before=next((phase_name(one.phase.slug, one.phase.label) for one in told[1:]), ""),
        started=moment_words(incident.impact_started_at, zone),
        posted=moment_words(update.posted_at, zone),
        text=text,
        html=html,
        text_in=wording.language_of(update),
        is_shortened=is_shortened,
        affected=summary(_joined_names(affected), limit=int(room * NAMES_SHARE)),
        components=tuple(one.component.name for one in affected),
        changes=_listed([_change_words(change) for change in changes if change.old != change.new], room=room),
        next_update=short_words(update.next_update_due_at, zone) if update.next_update_due_at else "",
        earlier=tuple(
            Earlier(
                phase_name(one.phase.slug, one.phase.label),
                short_words(one.posted_at, zone),
                summary(plain(time_tokens.localised(wording.text(one)[1], zone))),
            )
            for one in told[1:]
        ),
        duration=_duration(incident),
        postmortem_due=_postmortem_due(incident),
        window=window_words(starts_at, ends_at, zone, told_at=event.at) if starts_at and ends_at else "",
        window_in_utc=window_in_utc(starts_at, ends_at, zone, told_at=event.at) if starts_at and ends_at else "",
        actions=_actions(incident, room=room) if kind_of(event) == MailKind.POSTMORTEM else (),
        legal_line=settings.MAIL_LEGAL_LINE,
        former=_former(update, event, zone) if kind_of(event) == MailKind.CORRECTION else "",
        calendar=window_entry(kind_of(event), incident, at=event.at),
    )


def _prefix(page: Page, language: str) -> str:
    """Return what leads to the page in the language of the mail, where it is published in that."""
    return prefix_of(language) if language in page.further_languages else ""


def _told_until(update: Update) -> list[Update]:
    """Return the update and the two that readers had before it, newest first."""
    standing = update.incident.updates.standing().newest_first().select_related("phase")
    before = [one for one in standing.filter(posted_at__lte=update.posted_at)[: EARLIER_UPDATES + 1] if one != update]
    return [update, *before[:EARLIER_UPDATES]]


def _glyph(incident: Incident, changes: Sequence[ComponentChange], affected: Sequence[Affected]) -> str:
    """Return the state to show: what the update says, else the present state of what is affected.

    Nothing is laid at the door of an incident that is over, only because another goes on.
    """
    if incident.is_maintenance:
        return ComponentStatus.UNDER_MAINTENANCE.value
    if changes:
        return worst_status(change.new for change in changes).value
    if not incident.is_open:
        return ComponentStatus.OPERATIONAL.value
    return worst_status(one.component.status for one in affected).value


def _state_words(incident: Incident, glyph: str) -> str:
    if incident.is_maintenance:
        return _("Maintenance")
    if glyph != ComponentStatus.OPERATIONAL:
        return str(ComponentStatus(glyph).label)
    return "" if incident.is_open else phase_name(incident.phase.slug, incident.phase.label)


def _change_words(change: ComponentChange) -> str:
    old, new = ComponentStatus(change.old).label, ComponentStatus(change.new).label
    # Translators: a component's state before and after; the arrow points in the direction of reading.
    return _("{component}: {old} → {new}").format(component=change.component.name, old=old, new=new)


def _group_of(component: Component) -> str:
    return component.group.name if component.group else ""


def _duration(incident: Incident) -> str:
    if incident.is_maintenance:
        starts_at, ends_at = incident.scheduled_for, incident.scheduled_until
    else:
        starts_at, ends_at = incident.impact_started_at, incident.impact_ended_at or incident.resolved_at
    return in_words(ends_at - starts_at) if starts_at and ends_at and ends_at > starts_at else ""


def _postmortem_due(incident: Incident) -> str:
    """Return the day by which a postmortem is promised, in words."""
    days = incident.page.postmortem_due_days
    if not days or incident.resolved_at is None or incident.impact not in {"major", "critical"}:
        return ""
    return day((incident.resolved_at + timedelta(days=days)).astimezone(incident.page.zone).date())


def _actions(incident: Incident, *, room: int) -> tuple[str, ...]:
    postmortem = Postmortem.objects.filter(incident=incident).first()
    if postmortem is None:
        return ()
    return _listed([action.text for action in postmortem.actions.filter(is_public=True)], room=room)


def _joined_names(affected: Sequence[Affected]) -> str:
    return joined_by_group([(_group_of(one.component), one.component.name) for one in affected])


def _former(update: Update, event: Event, zone: ZoneInfo) -> str:
    """Return what stood before the correction `event` tells of, "" where the text stayed."""
    before = update.revisions.filter(replaced_at__lte=event.at).order_by("-replaced_at", "-pk").first()
    if before is None or before.body == update.body:
        return ""
    return summary(plain(time_tokens.localised(before.html, zone)), limit=FORMER_ROOM)


def _listed(lines: Sequence[str], *, room: int) -> tuple[str, ...]:
    """Return the first of `lines`, each shortened, and how many there are beyond."""
    shown = [summary(line, limit=LINE_ROOM) for line in lines[: max(3, int(room * LINES_PER_ROOM))]]
    further = len(lines) - len(shown)
    return (*shown, _("and %(count)d more") % {"count": further}) if further else tuple(shown)
