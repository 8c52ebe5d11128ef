"""Forms for components and their groups."""

from datetime import date
from typing import Any, TypedDict

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import (
    ChosenField,
    DayField,
    LineField,
    NumberField,
    ProseField,
    SwitchField,
)
from incidents.timeline.models import Component, ComponentGroup, Page, Visibility
from incidents.timeline.states import ComponentStatus

FARTHEST = 10_000
"""Places somebody may drag a component at once: more than any page has."""


class ComponentWords(TypedDict):
    """What the form says about a component; its place has a verb of its own."""

    name: str
    description: str
    group: ComponentGroup | None
    visibility: str
    started_on: date | None
    showcase: bool
    only_show_if_degraded: bool


class ComponentForm(ConsoleForm):
    """Everything about a component but its state."""

    name = LineField(label="Name")
    description = ProseField(label="Description", rows=2)
    group = ChosenField(label="Group")
    visibility = ChosenField(label="Who sees it", choices=Visibility.choices, required=True)
    started_on = DayField(label="Measured since", help_text="The first day of its trace.")
    showcase = SwitchField(label="Show its uptime")
    only_show_if_degraded = SwitchField(label="Show it only while something is wrong")

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {group.code: group for group in page.groups.all()}
        choices = [("", "No group"), *((code, group.name) for code, group in self.groups.items())]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def said(self) -> ComponentWords:
        """Return what a valid form says."""
        return ComponentWords(
            name=self.cleaned_data["name"],
            description=self.cleaned_data["description"],
            group=self.groups.get(self.cleaned_data["group"]),
            visibility=self.cleaned_data["visibility"],
            started_on=self.cleaned_data["started_on"],
            showcase=self.cleaned_data["showcase"],
            only_show_if_degraded=self.cleaned_data["only_show_if_degraded"],
        )


def component_values(component: Component) -> dict[str, Any]:
    """Return what a form for `component` starts from."""
    values = {name: getattr(component, name) for name in ComponentForm.base_fields}
    return {**values, "group": component.group.code if component.group else ""}


class StatusForm(ConsoleForm):
    """The state of one component, set in an emergency."""

    status = ChosenField(label="State", choices=ComponentStatus.choices, required=True)


class PlaceForm(ConsoleForm):
    """How many places a component was dragged."""

    places = NumberField(label="Places", min_value=-FARTHEST, max_value=FARTHEST)


class GroupWords(TypedDict):
    """What staff say about a group; everything that `ComponentGroup.add` and `ComponentGroup.edit` take."""

    name: str
    description: str
    always_open: bool


class GroupForm(ConsoleForm):
    """A heading over components."""

    name = LineField(label="Name")
    description = ProseField(label="Description", rows=2)
    always_open = SwitchField(label="Always open on the page")

    def said(self) -> GroupWords:
        """Return what a valid form says."""
        return GroupWords(
            name=self.cleaned_data["name"],
            description=self.cleaned_data["description"],
            always_open=self.cleaned_data["always_open"],
        )


def group_values(group: ComponentGroup) -> dict[str, Any]:
    """Return what a form for `group` starts from."""
    return {name: getattr(group, name) for name in GroupForm.base_fields}
