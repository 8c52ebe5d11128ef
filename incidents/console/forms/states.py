"""Component states inside a form: one native select for each component of the page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from incidents.console.forms.console_form import KeyedForm
from incidents.console.forms.fields import ChosenField
from incidents.console.listing import living_components
from incidents.timeline.models import Component, Page
from incidents.timeline.states import ComponentStatus

NOT_AFFECTED = ""
STATE_PREFIX = "state_"
SEEN_PREFIX = "seen_"


@dataclass(frozen=True, slots=True)
class StateRow:
    """One component in the form."""

    component: Component
    field: BoundField
    seen: BoundField
    was: str
    is_affected: bool
    is_listed: bool
    is_changed: bool
    """Whether the form says another state than the one it is in."""
    is_disputed: bool = False
    """Whether somebody else spoke of it meanwhile, so that it is asked about apart."""


class StatesForm(KeyedForm):
    """A form with the state of each component.

    `confirmed` is the seal of the numbers that were looked at before (reach.py).

    `seen_<code>` carries the state shown when the form was made: a state left alone is not a
    statement, also when somebody else moved the component meanwhile.
    """

    confirmed = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    disputed: Collection[Component] = ()

    def __init__(
        self,
        *args: Any,
        page: Page,
        preset: dict[Component, str] | None = None,
        affected: Iterable[Component] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.affected_before = set(affected)
        self.components = living_components(page)
        for component in self.components:
            self._add_state(component, (preset or {}).get(component))

    def clean(self) -> dict[str, Any]:
        """Refuse states of components that are not on this page (any more)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        known = {f"{STATE_PREFIX}{component.code}" for component in self.components}
        if any(name.startswith(STATE_PREFIX) and name not in known for name in self.data):
            self.refuse("One of the chosen components does not exist on this page any more; check the list.")
        return cleaned

    def states(self) -> dict[Component, str]:
        """Return the state of each component about which the form says something."""
        said = {}
        for component in self.components:
            state = self.cleaned_data.get(f"{STATE_PREFIX}{component.code}", NOT_AFFECTED)
            seen = self.cleaned_data.get(f"{SEEN_PREFIX}{component.code}", "")
            if state not in (NOT_AFFECTED, seen):
                said[component] = state
        return said

    def rows(self) -> list[StateRow]:
        """Return each component with its field, its state until now and whether it is in sight."""
        return [self._row(component) for component in self.components]

    def listed_rows(self) -> list[StateRow]:
        """Return the rows in sight."""
        return [row for row in self.rows() if row.is_listed]

    def other_rows(self) -> list[StateRow]:
        """Return the rows that wait behind "Add components"."""
        return [row for row in self.rows() if not row.is_listed]

    def concerned(self) -> list[Component]:
        """Return the components in sight: the ones the message is about."""
        return [row.component for row in self.listed_rows()]

    def _row(self, component: Component) -> StateRow:
        field = self[f"{STATE_PREFIX}{component.code}"]
        is_affected = component in self.affected_before
        return StateRow(
            component=component,
            field=field,
            seen=self[f"{SEEN_PREFIX}{component.code}"],
            was=str(ComponentStatus(component.status).label),
            is_affected=is_affected,
            is_listed=is_affected or bool(field.value()) or bool(field.errors),
            is_changed=field.value() != component.status,
            is_disputed=component in self.disputed,
        )

    def _add_state(self, component: Component, preset: str | None) -> None:
        is_affected = component in self.affected_before
        present = component.status if is_affected else NOT_AFFECTED
        choices = list(ComponentStatus.choices)
        self.fields[f"{STATE_PREFIX}{component.code}"] = ChosenField(
            label=component.full_name,
            choices=choices if is_affected else [(NOT_AFFECTED, "Not affected"), *choices],
            initial=preset or present,
        )
        self.fields[f"{SEEN_PREFIX}{component.code}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=present
        )
