"""Incidents and maintenance with everything said about them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import QuerySet

from incidents.lib.languages import ENGLISH, speaking
from incidents.publishing.facts.rows import IncidentRow, Rows, UpdateRow
from incidents.publishing.shapes import (
    ActionFacts,
    AffectedFacts,
    ChangeFacts,
    IncidentFacts,
    MoveFacts,
    PhaseFacts,
    PostmortemFacts,
    TranslationFacts,
    UpdateFacts,
)
from incidents.timeline.impact import worst_status
from incidents.timeline.models import (
    Affected,
    Component,
    ComponentChange,
    Incident,
    Page,
    Phase,
    Postmortem,
    Translated,
    Translation,
    Update,
)
from incidents.timeline.own_words import told_in
from incidents.timeline.states import ComponentStatus, DetectedBy

TYPO_GRACE = timedelta(minutes=2)
"""Edits this soon after publishing are typos, of which readers need not hear."""


def told(wanted: QuerySet[Incident], rows: Rows) -> list[IncidentFacts]:
    """Return incidents in their order with updates, components and postmortem.

    A fixed number of queries, however many incidents and updates there are. Staff-only components and
    internal action items are left out by `rows`, so that no document can show them.
    """
    return [incident_of(row, rows.page) for row in rows.incidents(wanted)]


def is_edit_visible(update: Update) -> bool:
    """Say whether readers are told that `update` was edited."""
    return update.edited_at is not None and update.edited_at - update.created_at > TYPO_GRACE


def incident_of(told: IncidentRow, page: Page) -> IncidentFacts:
    """Return an incident of `page` as its rows tell it."""
    row = told.incident
    affected = tuple(_affected(one) for one in sorted(told.affected, key=_place))
    return IncidentFacts(
        code=row.code,
        number=row.pk,
        title=row.title,
        phase=_phase(row.phase),
        impact=row.impact,
        worst=worst_status(one.worst for one in affected).value,
        started_at=row.impact_started_at,
        updated_at=row.updated_at,
        updates=tuple(_updates(told, page.further_languages)),
        affected=affected,
        ended_at=None if row.is_open else row.resolved_at or row.updated_at,
        impact_ended_at=row.impact_ended_at,
        detected_at=row.detected_at or row.customer_noticed_at,
        detected_by=_noticed_by(row, page),
        postmortem=_postmortem(getattr(row, "postmortem", None), told),
        scheduled_for=row.scheduled_for if row.is_maintenance else None,
        scheduled_until=row.scheduled_until if row.is_maintenance else None,
        moves=tuple(MoveFacts(move.old_starts_at, move.old_ends_at) for move in told.moves),
        translations=tuple(
            TranslationFacts(one.language, one.text) for one in told.translations if one.kind == Translated.TITLE
        ),
    )


def _updates(told: IncidentRow, languages: Iterable[str]) -> Iterable[UpdateFacts]:
    """Leave out what was taken back before anybody was mailed."""
    for row in told.updates:
        if row.update.removed_at is None or row.update.notify:
            translations = _texts(one for one in told.translations if one.update_id == row.update.pk)
            yield _update(row, (*translations, *_in_own_words(row.update, languages)))


def _update(told: UpdateRow, translations: tuple[TranslationFacts, ...]) -> UpdateFacts:
    row = told.update
    gone = row.removed_at is not None
    return UpdateFacts(
        code=row.code,
        phase=_phase(row.phase),
        html="" if gone else row.html,
        posted_at=row.posted_at,
        changes=() if gone else tuple(_change(one) for one in told.changes),
        edited_at=row.edited_at if is_edit_visible(row) else None,
        removed_at=row.removed_at,
        next_update_due_at=row.next_update_due_at,
        translations=() if gone else translations,
    )


def _texts(translations: Iterable[Translation]) -> tuple[TranslationFacts, ...]:
    return tuple(TranslationFacts(one.language, one.html) for one in translations)


def _in_own_words(row: Update, languages: Iterable[str]) -> Iterator[TranslationFacts]:
    """Yield what the page said by itself in its further languages; nothing for what somebody wrote."""
    for language in languages:
        told = told_in(language, row.body)
        if told is not None:
            yield TranslationFacts(language, told[1])


def _phase(row: Phase) -> PhaseFacts:
    return PhaseFacts(row.slug, row.label, row.canonical)


def _change(row: ComponentChange) -> ChangeFacts:
    return ChangeFacts(_public_code(row.component), row.component.name, row.old, row.new)


def _affected(row: Affected) -> AffectedFacts:
    component = row.component
    living = component.archived_at is None
    return AffectedFacts(
        code=_public_code(component),
        name=component.name,
        worst=row.worst,
        group=component.group.name if component.group else "",
        current=component.status if living else ComponentStatus.OPERATIONAL,
    )


def _public_code(component: Component) -> str:
    return component.code if component.archived_at is None else ""


def _place(row: Affected) -> tuple[int, int, int]:
    component = row.component
    position = component.group.position if component.group else component.position
    return position, component.position, component.pk


def _noticed_by(row: Incident, page: Page) -> str:
    if not page.publishes_detection or row.detected_by == DetectedBy.UNKNOWN:
        return ""
    # In English, which documents translate: facts are read once for whatever language.
    with speaking(ENGLISH):
        return str(DetectedBy(row.detected_by).label)


def _postmortem(row: Postmortem | None, told: IncidentRow) -> PostmortemFacts | None:
    if row is None or row.published_at is None:
        return None
    promises = tuple(
        ActionFacts(one.text, one.owner, one.state, one.due_on, one.done_on, one.reason) for one in told.actions
    )
    translations = _texts(one for one in told.translations if one.kind == Translated.POSTMORTEM)
    return PostmortemFacts(row.html, row.published_at, promises, translations)
