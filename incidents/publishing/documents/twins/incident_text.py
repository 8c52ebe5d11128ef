"""Incidents, their updates and postmortems as Markdown."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext, pgettext

from incidents.lib import stamps
from incidents.lib.markdown_writing import escaped, link
from incidents.publishing import affected_line, paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.actions import action_row
from incidents.publishing.documents.twins.blocks import Block, address_of, list_of, prose_block, stamp_of, words_of
from incidents.publishing.documents.updates import change_words
from incidents.publishing.shapes import ActionFacts, IncidentFacts, PageFacts, PostmortemFacts, UpdateFacts
from incidents.timeline.states import IncidentPhase


def told(heading: str, incidents: Sequence[IncidentFacts], page: PageFacts) -> Iterator[Block]:
    """Yield incidents with their latest text under a heading; nothing where there are none."""
    if not incidents:
        return
    yield f"## {escaped(heading)}"
    for one in incidents:
        yield f"### {link(one.title, address_of(page, paths.incident(one.code)))}"
        yield f"{escaped(cards.standing_phase(one).label)} · {_period(one, page)}"
        yield prose_block(cards.latest_html(one))
        yield escaped(affected_line.affected_sentence(one.affected, maintenance=one.is_maintenance))


def _period(one: IncidentFacts, page: PageFacts) -> str:
    start, end = cards.period(one)
    if end is None:
        return escaped(pgettext("time an incident began", "since {time}").format(time=stamp_of(start, page)))
    return words_of(stamps.long_span(start, end, page.zone) if end > start else stamp_of(start, page))


def entry_line(one: IncidentFacts, page: PageFacts) -> str:
    """Return an incident in one line: title, phase, when, and what it affected."""
    parts = [
        link(one.title, address_of(page, paths.incident(one.code))),
        escaped(cards.standing_phase(one).label),
        _period(one, page),
        escaped(affected_line.affected_names(one.affected)),
    ]
    return " · ".join(part for part in parts if part)


def postmortem_blocks(report: PostmortemFacts, page: PageFacts) -> Iterator[Block]:
    """Yield a postmortem with its promises."""
    yield f"## {gettext('Postmortem')}"
    yield prose_block(report.html)
    if report.actions:
        yield f"### {gettext('Action items')}"
        yield list_of(action_line(one, page) for one in report.actions)
    yield escaped(gettext("Posted %(time)s") % {"time": stamp_of(report.published_at, page)})


def action_line(one: ActionFacts, page: PageFacts) -> str:
    """Return a promise in one line."""
    row = action_row(one, page.day_of(page.seen_at))
    parts = [escaped(row.text), escaped(row.owner), escaped(row.state), words_of(row.due)]
    return " · ".join(part for part in parts if part)


def update_blocks(incident: IncidentFacts, page: PageFacts) -> Iterator[Block]:
    """Yield the updates that stand, newest first, without the one that announced the postmortem: it has its words."""
    standing = [one for one in incident.updates if not one.removed_at and not _is_report(one, incident)]
    for number, one in enumerate(standing):
        yield from _update(one, standing[number + 1 :], incident, page)


def _is_report(one: UpdateFacts, incident: IncidentFacts) -> bool:
    return incident.postmortem is not None and one.phase.canonical == IncidentPhase.POSTMORTEM


def _update(
    one: UpdateFacts, older: Sequence[UpdateFacts], incident: IncidentFacts, page: PageFacts
) -> Iterator[Block]:
    is_mere = bool(older) and older[0].phase.slug == one.phase.slug
    label = gettext("Update") if is_mere else cards.phase_of(one.phase).label
    yield f"### {escaped(label)} · {escaped(stamp_of(one.posted_at, page))}"
    yield prose_block(one.html)
    yield list_of(escaped(change_words(change)) for change in one.changes)
    if one.edited_at:
        edited = gettext("Edited {time}").format(time=stamps.clock(one.edited_at, page.zone))
        yield link(edited, address_of(page, paths.edits(incident.code, one.code)))
