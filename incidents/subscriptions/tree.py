"""The page's components as a form offers them: by group, each with a box to tick."""

from collections.abc import Collection
from dataclasses import dataclass, field

from incidents.timeline.models import Component, Page

MANY = 20
"""Components above which one is looked for by its name."""


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


@dataclass(frozen=True, slots=True)
class Tree:
    """What is shown of the page's components, and how many there are altogether."""

    branches: list[Branch]
    count: int

    @property
    def is_large(self) -> bool:
        """Whether looking for a name helps."""
        return self.count > MANY


def component_tree(page: Page, *, chosen: Collection[str] = (), groups: Collection[str] = (), find: str = "") -> Tree:
    """Return the public components of `page` in the order readers see them.

    `chosen` and `groups` are the codes of ticked components and of groups ticked as a whole. With `find` those whose
    name, or whose group's, holds it, and those that are ticked: nothing that is ticked gets lost.
    """
    branches: dict[str, Branch] = {}
    components = Component.objects.public().on(page).select_related("group")
    ordered = sorted(components, key=_place)
    for component in ordered:
        group = component.group
        code, name = (group.code, group.name) if group else ("", "")
        is_wanted = find.casefold() in f"{name} {component.name}".casefold()
        if is_wanted or component.code in chosen or code in groups:
            branch = branches.setdefault(code, Branch(code, name, code in groups))
            branch.choices.append(Choice(component.code, component.name, component.code in chosen))
    return Tree(list(branches.values()), len(ordered))


def _place(component: Component) -> tuple[int, int, int]:
    heading = component.group.position if component.group else component.position
    return heading, component.position, component.pk
