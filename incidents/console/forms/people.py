"""Forms by which owners choose who works here."""

from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import AddressField, ChosenField
from incidents.console.listing import living_components
from incidents.staff.models import Membership
from incidents.staff.roles import Role
from incidents.timeline.models import Component, Page

THIS_PAGE, EVERY_PAGE = "page", "all"


class RoleForm(ConsoleForm):
    """What somebody may do, and for which components."""

    role = ChosenField(label="Role", choices=Role.choices)
    components = forms.MultipleChoiceField(
        label="Only for these components",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of the chosen components does not exist on this page any more."},
    )

    def __init__(self, *args: Any, page: Page, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A limit to what was removed since stays one: left out, it would turn into no limit at all.
        kept = member.components.select_related("group") if member else []
        self.on_page = {component.code: component for component in (*living_components(page), *kept)}
        self.fields["components"].choices = [  # type: ignore[attr-defined]
            (code, _name(component)) for code, component in self.on_page.items()
        ]

    def clean_role(self) -> str:
        """Ask for one."""
        role = str(self.cleaned_data["role"])
        if not role:
            raise forms.ValidationError("Choose a role.")
        return role

    def chosen_components(self) -> list[Component]:
        """Return the components of a valid form."""
        return [self.on_page[code] for code in self.cleaned_data["components"]]


def _name(component: Component) -> str:
    return f"{component.full_name} (removed)" if component.archived_at else component.full_name


def role_values(membership: Membership) -> dict[str, Any]:
    """Return what a form for `membership` starts from."""
    codes = [component.code for component in membership.components.all()]
    return {"role": membership.role, "components": codes}


class InviteForm(RoleForm):
    """Whom to ask in, and as what."""

    email = AddressField(autocomplete="off")
    where = ChosenField(label="Works on", choices=[(THIS_PAGE, "This page")])

    field_order = ["email", "where", "role", "components"]

    def __init__(self, *args: Any, may_choose_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_choose_all:
            self.fields["where"].choices = [  # type: ignore[attr-defined]
                (THIS_PAGE, "This page"),
                (EVERY_PAGE, "Every page, also later ones"),
            ]

    @property
    def is_for_every_page(self) -> bool:
        """Whether a valid form asks somebody in to every page."""
        return bool(self.cleaned_data["where"] == EVERY_PAGE)
