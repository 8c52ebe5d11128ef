"""Components in the order readers know them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from incidents.timeline.models import Component, ComponentGroup, Page

_offered: ContextVar[frozenset[str] | None] = ContextVar("offered", default=None)


@contextmanager
def offering(codes: frozenset[str] | None) -> Iterator[None]:
    """Let forms offer only components with these codes meanwhile; None: every one."""
    token = _offered.set(codes)
    try:
        yield
    finally:
        _offered.reset(token)


def living_components(page: Page) -> list[Component]:
    """Return the components of `page` that are not archived, with their groups, in page order.

    Groups and components without one count their places in one row. Where a form is made for somebody who answers for
    some components only, those (`offering`).
    """
    rows = Component.objects.on(page).living().select_related("group")
    offered = _offered.get()
    if offered is not None:
        rows = rows.filter(code__in=offered)
    return sorted(rows, key=_place)


def _place(component: Component) -> tuple[int, int, int]:
    first = component.group.position if component.group else component.position
    return (first, component.position, component.pk)


@dataclass(frozen=True, slots=True)
class Section:
    """A group with its components, or one component that has no group."""

    group: ComponentGroup | None
    components: list[Component]

    @property
    def position(self) -> tuple[int, int]:
        """The place of the section on the page."""
        first = self.group or self.components[0]
        return first.position, first.pk


def sections(page: Page) -> list[Section]:
    """Return groups (also empty ones) and components without a group, in page order."""
    members: dict[int, list[Component]] = {}
    alone = []
    for component in living_components(page):
        if component.group_id is None:
            alone.append(Section(None, [component]))
        else:
            members.setdefault(component.group_id, []).append(component)
    grouped = [Section(group, members.get(group.pk, [])) for group in page.groups.all()]
    return sorted([*grouped, *alone], key=lambda section: section.position)
