"""The JSON twins: what a page says, in one form for every page. Names and states stay English; times are UTC.

`/api/v2` is what programs made for Statuspage read; these are the pages themselves, with address and sentence.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from incidents.lib import stamps
from incidents.publishing import paths, prose
from incidents.publishing.documents import api, cards
from incidents.publishing.documents.headline import headline
from incidents.publishing.documents.parts import figure_of, figures_of, state_of
from incidents.publishing.guide_shapes import EntryFacts
from incidents.publishing.shapes import (
    ActionFacts,
    ChangeFacts,
    ComponentFacts,
    ComponentPageFacts,
    EditsFacts,
    GroupFacts,
    GroupPageFacts,
    IncidentFacts,
    IndexFacts,
    PageFacts,
    PostmortemFacts,
    PromisesFacts,
    UpdateFacts,
)
from incidents.publishing.wording import in_page_language

Told = dict[str, Any]


@in_page_language
def index(facts: IndexFacts) -> bytes:
    """Return the first page."""
    page, sentence = facts.page, headline(facts)
    return written(
        page,
        paths.index(),
        sentence=sentence.text,
        state=sentence.glyph,
        indicator=sentence.indicator,
        open_incidents=[in_short(one, page) for one in facts.active],
        running_maintenance=[in_short(one, page) for one in facts.running],
        scheduled_maintenance=[in_short(one, page) for one in facts.scheduled],
        groups=[_group(one, page, figures_of(facts)) for one in facts.groups],
        past_incidents=[in_short(one, page) for one in facts.past],
    )


@in_page_language
def incident(facts: IncidentFacts, page: PageFacts, *, errors: Sequence[EntryFacts] = ()) -> bytes:
    """Return an incident or maintenance with every update, newest first."""
    told: Told = {
        **in_short(facts, page),
        "detected_by": facts.detected_by or None,
        "former_windows": [{"starts_at": _at(one.starts_at), "ends_at": _at(one.ends_at)} for one in facts.moves],
        "updates": [_update(one) for one in facts.updates if not one.removed_at],
        "postmortem": _postmortem(facts.postmortem) if facts.postmortem else None,
        "errors": [
            {"code": one.code, "title": one.title, "url": _address(page, paths.entry(one.slug))} for one in errors
        ],
    }
    return written(page, paths.incident(facts.code), incident=told)


@in_page_language
def component(facts: ComponentPageFacts) -> bytes:
    """Return a component with what is open, planned and past."""
    page, shown = facts.page, facts.meter.component
    return written(
        page,
        paths.component(shown.code),
        component=_component(shown, page, figure_of(shown)),
        open_incidents=[in_short(one, page) for one in facts.open],
        scheduled_maintenance=[in_short(one, page) for one in facts.upcoming],
        past_incidents=[in_short(one, page) for one in facts.past],
    )


@in_page_language
def group(facts: GroupPageFacts) -> bytes:
    """Return a group with its components."""
    shown = facts.group
    figures = {one.code: figure_of(one) for one in shown.components}
    return written(facts.page, paths.group(shown.code), group=_group(shown, facts.page, figures))


@in_page_language
def promises(facts: PromisesFacts) -> bytes:
    """Return every public promise with the incident it was made after."""
    page = facts.page
    told = [
        {**_action(one.action), "incident": _address(page, paths.incident(one.incident)), "incident_title": one.title}
        for one in facts.promises
    ]
    return written(page, paths.promises(), promises=told)


@in_page_language
def edits(facts: EditsFacts) -> bytes:
    """Return the texts an update had, oldest first; the last one stands."""
    page = facts.page
    texts = [
        {"until": _at(one.replaced_at), "text": prose.plain(one.html), "html": prose.timed(one.html)}
        for one in facts.revisions
    ]
    return written(
        page,
        paths.edits(facts.incident.code, facts.update.code),
        incident=_address(page, paths.incident(facts.incident.code)),
        posted_at=_at(facts.update.posted_at),
        texts=texts,
    )


def written(page: PageFacts, path: str, **parts: Any) -> bytes:
    """Return a document about `parts` of a page as JSON."""
    about = {"name": page.name, "url": page.address, "time_zone": page.zone.key, "language": page.language}
    return api.compact({"page": about, "url": _address(page, path), **parts})


def in_short(one: IncidentFacts, page: PageFacts) -> Told:
    """Return an incident or maintenance without its updates."""
    told: Told = {
        "code": one.code,
        "url": _address(page, paths.incident(one.code)),
        "kind": "maintenance" if one.is_maintenance else "incident",
        "title": one.title,
        "phase": one.phase.canonical,
        "phase_label": cards.phase_of(one.phase).label,
        "impact": one.impact,
        "worst_state": one.worst,
        "current_state": one.current,
        "started_at": _at(one.started_at),
        "ended_at": _at(one.ended_at),
        "updated_at": _at(one.updated_at),
        "affected": [
            {"code": it.code or None, "name": it.name, "group": it.group or None, "worst": it.worst}
            for it in one.affected
        ],
        "latest_text": prose.plain(cards.latest_html(one)),
    }
    if one.is_maintenance:
        told |= {"scheduled_for": _at(one.scheduled_for), "scheduled_until": _at(one.scheduled_until)}
    return told


def _update(one: UpdateFacts) -> Told:
    return {
        "code": one.code,
        "phase": one.phase.canonical,
        "phase_label": cards.phase_of(one.phase).label,
        "posted_at": _at(one.posted_at),
        "edited_at": _at(one.edited_at),
        "next_update_due_at": _at(one.next_update_due_at),
        "text": prose.plain(one.html),
        "html": prose.timed(one.html),
        "changes": [_change(change) for change in one.changes],
    }


def _change(one: ChangeFacts) -> Told:
    return {"component": one.code or None, "name": one.component, "from": one.old, "to": one.new}


def _postmortem(one: PostmortemFacts) -> Told:
    return {
        "published_at": _at(one.published_at),
        "text": prose.plain(one.html),
        "html": prose.timed(one.html),
        "actions": [_action(action) for action in one.actions],
    }


def _action(one: ActionFacts) -> Told:
    return {
        "text": one.text,
        "owner": one.owner or None,
        "state": one.state,
        "due_on": _on(one.due_on),
        "done_on": _on(one.done_on),
        "reason": one.reason or None,
    }


def _group(one: GroupFacts, page: PageFacts, figures: Mapping[str, str]) -> Told:
    return {
        "code": one.code or None,
        "url": _address(page, paths.group(one.code)) if one.code and one.name else None,
        "name": one.name or None,
        "description": one.description or None,
        "components": [_component(member, page, figures[member.code]) for member in one.components],
    }


def _component(one: ComponentFacts, page: PageFacts, figure: str) -> Told:
    return {
        "code": one.code,
        "url": _address(page, paths.component(one.code)),
        "name": one.name,
        "description": one.description or None,
        "group": one.group or None,
        "state": one.status,
        "state_label": state_of(one.status).label,
        "uptime_90_days": figure.removesuffix("%") if figure else None,
    }


def _address(page: PageFacts, path: str) -> str:
    return f"{page.address}{path}"


def _at(moment: datetime | None) -> str | None:
    return stamps.iso(moment) if moment else None


def _on(day: date | None) -> str | None:
    return day.isoformat() if day else None
