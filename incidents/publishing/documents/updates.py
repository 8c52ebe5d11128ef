"""The updates of an incident as readers see them, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from incidents.lib import stamps
from incidents.publishing import paths, prose
from incidents.publishing.documents.cards import Phase, phase_of
from incidents.publishing.documents.parts import Stamp, stamp_of, state_of
from incidents.publishing.shapes import ChangeFacts, IncidentFacts, PageFacts, UpdateFacts
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import PHASE_ORDER, IncidentPhase

FOLDED_FROM = 3
"""So many updates without words in a row fold into one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline; `kind` is message, machine, removed or postmortem."""

    kind: str
    code: str
    phase: Phase
    is_update: bool
    """The phase did not change: it is called "Update" and has no moon."""
    back: str
    html: SafeString
    html_in: str
    """Its language where it is not that of the document."""
    changes: tuple[str, ...]
    stamp: Stamp
    edited: SafeString
    canonical: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Updates without words, folded; `summary` says how many and when."""

    kind: str
    summary: SafeString
    rows: tuple[Row, ...]


@in_page_language
def timeline_of(incident: IncidentFacts, page: PageFacts) -> list[Row | Fold]:
    """Return the rows of `incident`, newest first."""
    return list(_folded(rows_of(incident, page), page, incident))


@in_page_language
def rows_of(incident: IncidentFacts, page: PageFacts) -> list[Row]:
    """Return every update as a row, newest first, nothing folded."""
    updates = incident.updates
    older = (*updates[1:], None)
    return [_row(update, before, incident, page) for update, before in zip(updates, older, strict=True)]


def _row(update: UpdateFacts, before: UpdateFacts | None, incident: IncidentFacts, page: PageFacts) -> Row:
    return Row(
        kind=_kind(update, incident),
        code=update.code,
        phase=phase_of(update.phase),
        is_update=before is not None and before.phase.slug == update.phase.slug,
        back=_back(update) if _goes_back(update, before) else "",
        html=prose.readable(update.html),
        html_in=update.html_in,
        changes=tuple(change_words(change) for change in update.changes),
        stamp=stamp_of(update.posted_at, page),
        edited=_edited(update, incident, page),
        canonical=update.phase.canonical,
    )


def _kind(update: UpdateFacts, incident: IncidentFacts) -> str:
    if update.removed_at is not None:
        return "removed"
    if update.phase.canonical == IncidentPhase.POSTMORTEM and incident.postmortem is not None:
        return "postmortem"
    return "message" if update.html else "machine"


def _goes_back(update: UpdateFacts, before: UpdateFacts | None) -> bool:
    if before is None:
        return False
    return PHASE_ORDER[update.phase.canonical] < PHASE_ORDER[before.phase.canonical]


def _back(update: UpdateFacts) -> str:
    return gettext("Back to {phase}").format(phase=phase_of(update.phase).label)


def change_words(change: ChangeFacts) -> str:
    """Return "API: Partial outage → Degraded performance", one state where nothing moved."""
    new = state_of(change.new).label
    if change.old == change.new:
        return gettext("{component}: {state}").format(component=change.component, state=new)
    # Translators: a component's state before and after; the arrow points in the direction of reading.
    pattern = gettext("{component}: {old} → {new}")
    return pattern.format(component=change.component, old=state_of(change.old).label, new=new)


def _edited(update: UpdateFacts, incident: IncidentFacts, page: PageFacts) -> SafeString:
    if update.edited_at is None:
        return SafeString("")
    clock = stamps.element(update.edited_at, stamps.clock(update.edited_at, page.zone))
    return format_html(
        '<a href="{}">{}</a>',
        paths.edits(incident.code, update.code),
        format_html(gettext("Edited {time}"), time=clock),
    )


def _changes(count: int) -> str:
    # Translators: a run of updates without words; {span} is a span of time such as "13:41 – 13:46 UTC".
    return ngettext("{count} component change, {span}", "{count} component changes, {span}", count)


def _folded(rows: Sequence[Row], page: PageFacts, incident: IncidentFacts) -> Iterable[Row | Fold]:
    posted = {update.code: update.posted_at for update in incident.updates}
    for kind, run in groupby(rows, key=lambda row: row.kind):
        members = tuple(run)
        if kind != "machine" or len(members) < FOLDED_FROM:
            yield from members
            continue
        first, last = posted[members[-1].code], posted[members[0].code]
        count = sum(len(row.changes) for row in members)
        span = stamps.clock_span(first, last, page.zone)
        yield Fold("fold", format_html(_changes(count), count=count, span=span), members)
