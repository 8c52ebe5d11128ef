"""The page's components as a form offers them: by group, each with a box to tick."""

from collections.abc import Collection
from dataclasses import dataclass, field

from incidents.timeline.models import Component, Page


@dataclass(frozen=True, slots=True)
class Choice:
    """One component and whether its box is ticked."""

    code: str
    name: str
    is_chosen: bool


@dataclass(slots=True)
class Branch:
    """A group with its components; an empty name holds those outside any group."""

    code: str
    name: str
    is_chosen: bool
    choices: list[Choice] = field(default_factory=list)


def component_tree(page: Page, *, chosen: Collection[str] = (), groups: Collection[str] = ()) -> list[Branch]:
    """Return the public components of `page` in the order readers see them.

    `chosen` and `groups` are the codes of ticked components and of groups ticked as a whole.
    """
    branches: dict[str, Branch] = {}
    components = Component.objects.public().on(page).select_related("group")
    for component in sorted(components, key=_place):
        group = component.group
        code = group.code if group else ""
        branch = branches.setdefault(code, Branch(code, group.name if group else "", code in groups))
        branch.choices.append(Choice(component.code, component.name, component.code in chosen))
    return list(branches.values())


def _place(component: Component) -> tuple[int, int, int]:
    heading = component.group.position if component.group else component.position
    return heading, component.position, component.pk
