"""The rows behind the facts of one page, each read once however many documents tell it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db.models import Q, QuerySet

from incidents.timeline.models import (
    ActionItem,
    Affected,
    Component,
    ComponentChange,
    ComponentGroup,
    Incident,
    Page,
    Phase,
    Translation,
    Update,
    Visibility,
    WindowMove,
)
from incidents.timeline.models.kinds import IncidentQuerySet
from incidents.timeline.states import ENDED_PHASES

Row = TypeVar("Row")
Naming = TypeVar("Naming", ComponentChange, Affected)


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """An update and what it said about components readers may see."""

    update: Update
    changes: Sequence[ComponentChange]


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident with everything said about it. Staff-only components and internal promises are left out."""

    incident: Incident
    updates: Sequence[UpdateRow]
    """Newest first, also those taken back."""
    affected: Sequence[Affected]
    """Also archived components."""
    actions: Sequence[ActionItem]
    moves: Sequence[WindowMove]
    translations: Sequence[Translation]
    """In the further languages of the page: none is read for a page that has one language."""


class Rows:
    """What was read of one page. A few queries for all that is asked for at a time, none for what was read before."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._told: dict[int, IncidentRow] = {}
        self._components: dict[int, Component | None] = {}

    @cached_property
    def phases(self) -> dict[int, Phase]:
        """The page's phases by key."""
        # In no order: that of phases is told by a join with their page.
        return {one.pk: one for one in self.page.phases.order_by()}

    @cached_property
    def groups(self) -> dict[int, ComponentGroup]:
        """The page's groups by key."""
        return {one.pk: one for one in self.page.groups.all()}

    @cached_property
    def components(self) -> list[Component]:
        """The public components, each with its group, in the order of their positions."""
        return self._known(Component.objects.on(self.page).public())

    @property
    def public(self) -> IncidentQuerySet:
        """Every incident and maintenance readers may see."""
        return Incident.objects.on(self.page).public()

    @property
    def is_over(self) -> Q:
        """The condition that an incident has ended."""
        # By key and not by a join, so that the few open ones among thousands are found by the index of phases.
        return Q(phase__in=[key for key, phase in self.phases.items() if phase.canonical in ENDED_PHASES])

    @property
    def is_open(self) -> Q:
        """The condition that an incident has not ended."""
        return Q(phase__in=[key for key, phase in self.phases.items() if phase.canonical not in ENDED_PHASES])

    def incidents(self, wanted: QuerySet[Incident]) -> list[IncidentRow]:
        """Return `wanted`, public ones of the page, in their order, with everything said about them."""
        rows = list(wanted.select_related("postmortem"))
        self._tell([row for row in rows if row.pk not in self._told])
        return [self._told[row.pk] for row in rows]

    def incident(self, code: str) -> IncidentRow | None:
        """Return one public incident or maintenance."""
        known = next((row for row in self._told.values() if row.incident.code == code), None)
        return known or next(iter(self.incidents(self.public.filter(code=code))), None)

    def _tell(self, rows: Sequence[Incident]) -> None:
        """Read what belongs to incidents, one query for each kind of row."""
        if not rows:
            return
        keys = [row.pk for row in rows]
        reports = [row.postmortem.pk for row in rows if hasattr(row, "postmortem")]
        windows = [row.pk for row in rows if row.is_maintenance]
        updates = list(Update.objects.filter(incident__in=keys).newest_first())
        # By their own keys: as a join PostgreSQL may read every change there ever was.
        changes = list(ComponentChange.objects.filter(update__in=[one.pk for one in updates]))
        affected = list(Affected.objects.filter(incident__in=keys))
        actions = list(ActionItem.objects.filter(postmortem__in=reports, is_public=True)) if reports else []
        moves = list(WindowMove.objects.filter(maintenance__in=windows)) if windows else []
        translations = self._translations(keys)
        self._read_components({one.component_id for one in changes} | {one.component_id for one in affected})
        changes_of = _grouped(self._shown(changes), lambda one: one.update_id)
        updates_of = _grouped(updates, lambda one: one.incident_id)
        affected_of = _grouped(self._shown(affected), lambda one: one.incident_id)
        actions_of = _grouped(actions, lambda one: one.postmortem_id)
        moves_of = _grouped(moves, lambda one: one.maintenance_id)
        translations_of = _grouped(translations, lambda one: one.incident_id)
        for update in updates:
            update.phase = self.phases[update.phase_id]
        for row in rows:
            row.phase = self.phases[row.phase_id]
            self._told[row.pk] = IncidentRow(
                incident=row,
                updates=[UpdateRow(one, changes_of[one.pk]) for one in updates_of[row.pk]],
                affected=affected_of[row.pk],
                actions=actions_of[row.postmortem.pk] if hasattr(row, "postmortem") else [],
                moves=moves_of[row.pk],
                translations=translations_of[row.pk],
            )

    def _translations(self, incidents: Sequence[int]) -> Iterable[Translation]:
        languages = self.page.further_languages
        return Translation.objects.filter(incident__in=incidents, language__in=languages) if languages else ()

    def _shown(self, rows: Iterable[Naming]) -> Iterator[Naming]:
        """Yield the rows that name a component readers may see, with that component in its place."""
        for row in rows:
            component = self._components[row.component_id]
            if component is not None:
                row.component = component
                yield row

    def _read_components(self, keys: Set[int]) -> None:
        """Make components known by key, archived ones too; what only staff may see is known as None."""
        missing = keys - self._components.keys()
        if not missing:
            return
        self._components.update(dict.fromkeys(missing))
        self._known(Component.objects.filter(pk__in=missing, visibility=Visibility.PUBLIC))

    def _known(self, wanted: QuerySet[Component]) -> list[Component]:
        rows = list(wanted)
        for row in rows:
            row.group = self.groups[row.group_id] if row.group_id else None
            self._components[row.pk] = row
        return rows


def _grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
