"""Putting an update and what it says about components into the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from incidents.lib.markdown import render_markdown
from incidents.lib.time_tokens import completed
from incidents.timeline.checks import checked_text, not_after, plausible
from incidents.timeline.impact import worst_status
from incidents.timeline.models.component import Component
from incidents.timeline.models.event import Actor, actor_account, actor_name
from incidents.timeline.models.page import Page
from incidents.timeline.models.phase import Phase
from incidents.timeline.models.translation import Translation, filled_texts
from incidents.timeline.models.update import ComponentChange, Update
from incidents.timeline.placeholders import Facts, filled
from incidents.timeline.refusals import ResolvedBeforeStart, UnknownStatus
from incidents.timeline.states import ENDED_PHASES, ComponentStatus, IncidentPhase

if TYPE_CHECKING:
    from incidents.timeline.models.incident import Incident

ComponentStates = Mapping[Component, str]
"""The state each named component is in from now on."""

OVER_BEFORE_IT_BEGAN = "It would be over before it began; check the start and the end."


def write_update(
    incident: Incident,
    *,
    body: str,
    by: Actor,
    at: datetime,
    phase: Phase,
    components: ComponentStates,
    posted_at: datetime,
    notify: bool,
    next_update_due_at: datetime | None = None,
    translations: Mapping[str, str] | None = None,
    placeholders: bool = False,
) -> Update:
    """Write an update and its component changes inside a verb's transaction, without an event.

    `translations` are the text in further languages of the page. Where they are written with `placeholders`, these
    are filled here and nowhere else, so that the text, the promise and the stamp agree. The verb that calls
    records the event. Raises what `Incident.post_update` raises.
    """
    if placeholders:
        known = facts_of(
            incident.page,
            [*incident.living_components(), *components],
            incident.impact_started_at,
            posted_at,
            next_update_due_at,
        )
        body = filled(body, known, field="body")
        translations = filled_texts(translations or {}, known)
    text = completed(checked_text(body, field="body", what="The text"), zone=incident.page.zone, on=posted_at)
    not_after(posted_at, at=at, field="posted_at", what="The stamp")
    if phase.canonical == IncidentPhase.RESOLVED and posted_at < incident.impact_started_at:
        raise ResolvedBeforeStart(OVER_BEFORE_IT_BEGAN, field="posted_at")
    update = incident.updates.create(
        phase=phase,
        body=text,
        html=render_markdown(text),
        posted_at=posted_at,
        # Who says that it is over promises nothing more; the form's own default must not do it for them.
        next_update_due_at=None
        if phase.canonical in ENDED_PHASES
        else _still_to_come(next_update_due_at, posted_at, at),
        notify=notify,
        author=actor_account(by),
        author_name=actor_name(by),
        created_at=at,
        updated_at=at,
    )
    for component, status in components.items():
        _move_component(incident, component, status, update=update, by=by)
    incident.follow_updates(at=at)
    Translation.of_update(update, translations or {}, by=by, at=at)
    return update


def facts_of(
    page: Page,
    components: Iterable[Component],
    started_at: datetime,
    posted_at: datetime,
    next_update_due_at: datetime | None,
) -> Facts:
    """Return what the placeholders of a text about `components` stand for; their names in page order, each once."""
    named = sorted(set(components), key=lambda one: (one.position, one.pk))
    return Facts(
        page=page.name,
        components=tuple(component.name for component in named),
        started_at=started_at,
        posted_at=posted_at,
        next_update_at=next_update_due_at if next_update_due_at and next_update_due_at > posted_at else None,
        zone=page.zone,
        language=page.language,
    )


def _move_component(incident: Incident, component: Component, status: str, *, update: Update, by: Actor) -> None:
    incident.refuse_foreign(component)
    if status not in ComponentStatus.values:
        raise UnknownStatus("Choose one of the states offered.", field="components")
    old = component.status_at(update.posted_at)
    component.enter_status(status, by=by, at=update.posted_at, because=update)
    ComponentChange.objects.create(update=update, component=component, old=old, new=status)
    row, _ = incident.affected.get_or_create(component=component)
    row.worst = worst_status([row.worst, status])
    row.save(update_fields=["worst"])


def _still_to_come(due: datetime | None, posted_at: datetime, at: datetime) -> datetime | None:
    if due is None or due <= posted_at:
        return None
    return plausible(due, at=at, field="next_update_due_at", what="The next update")
