"""Where components and groups stand on a page, and under which names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from incidents.timeline.models.page import Page
from incidents.timeline.refusals import DuplicateName

if TYPE_CHECKING:
    from incidents.timeline.models.component import Component
    from incidents.timeline.models.group import ComponentGroup


def refuse_taken_name(rows: models.QuerySet[Any], name: str) -> None:
    """Raise DuplicateName where one of `rows` has the name already, whatever its case."""
    if rows.filter(name__iexact=name).exists():
        raise DuplicateName(f"There is a “{name}” here already; choose another name.", field="name")


def next_position(page: Page) -> int:
    """Return the place after everything on the page; groups and components share one order."""
    last = [
        page.groups.aggregate(last=models.Max("position"))["last"],
        page.components.aggregate(last=models.Max("position"))["last"],
    ]
    return max((position for position in last if position is not None), default=0) + 1


def assign(row: ComponentGroup | Component, values: dict[str, Any], *, at: datetime) -> None:
    """Set and save what changed of a row, and when."""
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = at
    row.save(update_fields=[*values, "updated_at"])
