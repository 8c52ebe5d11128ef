"""Restoring component groups and components."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents.timeline.models import Actor, Component, ComponentGroup, Event, Page, StatusChange
from incidents.timeline.models.event import actor_account, actor_name
from incidents.timeline.refusals import ForeignComponent
from incidents.timeline.restoring.doors import checked_component, checked_group
from incidents.timeline.restoring.records import Outcome, RestoredComponent, RestoredGroup
from incidents.timeline.states import ComponentStatus


def judge_group(record: RestoredGroup, *, kept: ComponentGroup | None, at: datetime) -> tuple[Outcome, dict[str, Any]]:
    """Say what restoring the group would do to the row `kept`, and the values that differ.

    A row changed later than the record stays as it is. Raises as `checked_group`.
    """
    record = checked_group(record, at=at)
    values = {
        "name": record.name,
        "description": record.description,
        "position": record.position,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }
    return _judge(values, kept, record.updated_at)


def restore_group(record: RestoredGroup, *, page: Page, by: Actor, at: datetime) -> tuple[ComponentGroup, Outcome]:
    """Bring the page's group of that code in line with the record.

    Raises EmptyText, TextTooLong, ImplausibleTime, UnusableCode.
    """
    with page.locked():
        kept = page.groups.filter(code=record.code).first()
        outcome, values = judge_group(record, kept=kept, at=at)
        if outcome == Outcome.UNCHANGED and kept is not None:
            return kept, outcome
        group, _ = page.groups.update_or_create(code=record.code, defaults=values)
        Event.record(page=page, kind="group.imported", by=by, at=at, subject=group, payload={"outcome": outcome})
    return group, outcome


def judge_component(
    record: RestoredComponent, *, kept: Component | None, groups: Mapping[str, int | None], at: datetime
) -> tuple[Outcome, dict[str, Any]]:
    """Say what restoring the component would do to the row `kept`, and the values that differ.

    `groups` maps the codes of the page's groups to their keys, None for one still to be made.
    A row changed later than the record stays as it is. Raises ForeignComponent (no such
    group), and as `checked_component`.
    """
    record = checked_component(record, at=at)
    if record.group and record.group not in groups:
        raise ForeignComponent(f"Its group {record.group} could not be taken.", field="group")
    if record.is_only_named and kept is not None:
        return Outcome.UNCHANGED, {}
    values = {
        "group_id": groups[record.group] if record.group else None,
        "name": record.name,
        "description": record.description,
        "status": record.status,
        "position": record.position,
        "showcase": record.showcase,
        "started_on": record.started_on,
        "only_show_if_degraded": record.only_show_if_degraded,
        "archived_at": record.archived_at,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }
    return _judge(values, kept, record.updated_at)


def restore_component(record: RestoredComponent, *, page: Page, by: Actor, at: datetime) -> tuple[Component, Outcome]:
    """Bring the page's component of that code in line with the record, its present state too.

    A present state that history does not end with is written as a change at the time the
    record was updated. Raises EmptyText, TextTooLong, UnknownStatus, ImplausibleTime,
    UnusableCode, ForeignComponent.
    """
    with page.locked():
        groups: dict[str, int | None] = dict(page.groups.values_list("code", "pk"))
        kept = page.components.filter(code=record.code).first()
        outcome, values = judge_component(record, kept=kept, groups=groups, at=at)
        if outcome == Outcome.UNCHANGED and kept is not None:
            return kept, outcome
        before = kept.status_at(record.updated_at) if kept else ComponentStatus.OPERATIONAL.value
        component, _ = page.components.update_or_create(code=record.code, defaults=values)
        if component.status != before:
            StatusChange.objects.create(
                component=component,
                old=before,
                new=component.status,
                at=record.updated_at,
                by=actor_account(by),
                by_name=actor_name(by),
            )
        Event.record(
            page=page, kind="component.imported", by=by, at=at, subject=component, payload={"outcome": outcome}
        )
    return component, outcome


def _judge(
    values: dict[str, Any], kept: Component | ComponentGroup | None, updated_at: datetime
) -> tuple[Outcome, dict[str, Any]]:
    if kept is None:
        return Outcome.NEW, values
    if kept.updated_at > updated_at:
        return Outcome.UNCHANGED, {}
    differing = {name: value for name, value in values.items() if getattr(kept, name) != value}
    return (Outcome.CHANGED if differing else Outcome.UNCHANGED), differing
