"""What people enter on the public forms. Forms check; the verbs act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from incidents.subscriptions.addresses import clean_address
from incidents.subscriptions.tree import Branch, component_tree
from incidents.subscriptions.wishes import Wish, wish_for_components, wish_for_incident
from incidents.timeline.models import Incident, Page
from incidents.timeline.refusals import Refused

EVERYTHING = "page"
COMPONENTS = "components"
INCIDENT = "incident"


class CodesField(forms.MultipleChoiceField):
    """Any number of codes; whether they exist is asked of the database by the wish."""

    def valid_value(self, value: Any) -> bool:
        """Accept every text here."""
        return isinstance(value, str)


class ScopeForm(forms.Form):
    """What to hear about: everything, some components, or one incident."""

    what = forms.CharField(required=False)
    components = CodesField(required=False)
    groups = CodesField(required=False)

    def __init__(self, *arguments: Any, page: Page, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.page = page

    @property
    def what_chosen(self) -> str:
        """The value of the radio button that is pressed in."""
        return str(self["what"].value() or EVERYTHING)

    @property
    def tree(self) -> list[Branch]:
        """The components to tick, with what was ticked kept."""
        return component_tree(self.page, chosen=self["components"].value() or (), groups=self["groups"].value() or ())

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field and sentence of everything that is wrong, in the order of the form."""
        return [(field, str(message)) for field, messages in self.errors.items() for message in messages]

    def wish(self) -> Wish | None:
        """Return what a checked form asks for. Raises Refused before it was checked."""
        if self.what_chosen == COMPONENTS:
            return wish_for_components(
                self.page,
                components=self.cleaned_data.get("components", []),
                groups=self.cleaned_data.get("groups", []),
            )
        return Wish() if self.what_chosen == EVERYTHING else None

    def clean(self) -> dict[str, Any]:
        """Check that the wish can be had, so that every problem is named at once."""
        self._try("what", self.wish)
        return self.cleaned_data

    def _try(self, field: str, check: Callable[[], object]) -> None:
        try:
            check()
        except Refused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else field, refusal.sentence)


class SubscribeForm(ScopeForm):
    """An address and a wish. `website` is a trap: people do not see the field, programs fill it."""

    email = forms.CharField(required=False, strip=False)
    website = forms.CharField(required=False)
    field_order = ["email", "what", "components", "groups"]

    def __init__(self, *arguments: Any, page: Page, incident: Incident | None = None, **options: Any) -> None:
        super().__init__(*arguments, page=page, **options)
        self.incident = incident

    @property
    def what_chosen(self) -> str:
        """As in every scope form, and the incident the reader came from where nothing was pressed."""
        return str(self["what"].value() or (INCIDENT if self.incident else EVERYTHING))

    @property
    def is_a_robot(self) -> bool:
        """Whether the trap was filled."""
        return bool(self["website"].value())

    def wish(self) -> Wish:
        """Return what is asked for; an incident is one that is open. Raises Refused."""
        if self.what_chosen == INCIDENT and self.incident is not None:
            return wish_for_incident(self.page, self.incident.code)
        return super().wish() or Wish()

    def clean(self) -> dict[str, Any]:
        """Check the address and the wish, so that both problems are named at once."""
        self._try("email", lambda: clean_address(self.cleaned_data.get("email", "")))
        return super().clean()
