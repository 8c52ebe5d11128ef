"""An event made into the story its mails tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.lib import time_tokens
from incidents.lib.durations import in_words
from incidents.lib.names import joined_by_group
from incidents.lib.prefixes import placed, prefix_of
from incidents.lib.site import page_address
from incidents.lib.stamps import day
from incidents.notifications.mail.calendar import window_entry
from incidents.notifications.mail.excerpt import HTML_BYTES, plain, shortened, summary
from incidents.notifications.mail.logo import logo_of
from incidents.notifications.mail.moments import moment_words, short_words, window_in_utc, window_words
from incidents.notifications.mail.story import Earlier, Story
from incidents.notifications.mail.wording import Wording
from incidents.notifications.models import MailKind
from incidents.notifications.news import kind_of, told_update
from incidents.timeline.impact import worst_status
from incidents.timeline.models import Affected, Component, ComponentChange, Event, Incident, Page, Postmortem, Update
from incidents.timeline.phase_names import phase_name
from incidents.timeline.states import ComponentStatus

NAMES_SHARE = 0.1
"""Of the text's room, for the names of what is affected; the page has them all."""

LINES_PER_ROOM = 0.002
LINE_ROOM = 160
"""Bounds of a list, by the text's room: changes of components, measures of a postmortem."""

FORMER_ROOM = 600
"""Octets of what was corrected; enough to know it again."""

EARLIER_UPDATES = 2


def story_of(event: Event, *, language: str, zone: ZoneInfo, room: int = HTML_BYTES) -> Story:
    """Return what the mails about `event` say, with times in `zone`; the text may take `room` octets.

    Costs the same number of queries whatever the length of the incident. Raises NothingTold.
    """
    update = told_update(event)
    incident = update.incident
    page = incident.page
    changes = list(update.component_changes.select_related("component__group"))
    affected = list(incident.affected.select_related("component__group"))
    wording = Wording.of(incident, language)
    text, html, is_shortened = shortened(*wording.text(update), zone=zone, room=room)
    earlier = tuple(_in_short(one, wording, zone) for one in _told_before(update))
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
        phase_before=earlier[0].phase if earlier else "",
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
        earlier=earlier,
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


def _told_before(update: Update) -> list[Update]:
    """Return the two updates that readers had before this one, newest first."""
    standing = update.incident.updates.standing().newest_first().select_related("phase")
    before = [one for one in standing.filter(posted_at__lte=update.posted_at)[: EARLIER_UPDATES + 1] if one != update]
    return before[:EARLIER_UPDATES]


def _in_short(update: Update, wording: Wording, zone: ZoneInfo) -> Earlier:
    return Earlier(
        phase=phase_name(update.phase.slug, update.phase.label),
        posted=short_words(update.posted_at, zone),
        summary=summary(plain(time_tokens.localised(wording.text(update)[1], zone))),
    )


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
