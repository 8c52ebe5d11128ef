"""Forms for maintenance windows."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm, KeyedForm
from incidents.console.forms.fields import LineField, MomentField, ProseField, SwitchField
from incidents.console.listing import living_components
from incidents.timeline.checks import checked_line, checked_text
from incidents.timeline.models import Component, IncidentTemplate, Maintenance, Page

REMINDERS = [("1440", "24 hours before"), ("60", "1 hour before")]


class WindowForm(ConsoleForm):
    """Start and end, in the zone of the page."""

    starts_at = MomentField(label="Start", required=True)
    ends_at = MomentField(label="End", required=True)


class ScheduleForm(KeyedForm, WindowForm):
    """A new maintenance."""

    title = LineField(label="Title")
    body = ProseField(label="Text")
    components = forms.MultipleChoiceField(
        label="Components",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of the chosen components does not exist on this page any more."},
    )
    auto_start = SwitchField(label="Start by itself", initial=True)
    auto_finish = SwitchField(label="Finish by itself")
    remind_minutes = forms.TypedMultipleChoiceField(
        label="Remind subscribers",
        choices=REMINDERS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    notify = SwitchField(label="Tell subscribers now", initial=True)

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_page = {component.code: component for component in living_components(page)}
        self.fields["components"].choices = [  # type: ignore[attr-defined]
            (code, component.full_name) for code, component in self.on_page.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Name an empty title and an empty text together."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.judge(
            title=partial(checked_line, field="title", what="The title"),
            body=partial(checked_text, field="body", what="The text"),
        )
        return cleaned

    def chosen_components(self) -> list[Component]:
        """Return the components of a valid form."""
        return [self.on_page[code] for code in self.cleaned_data["components"]]

    def concerned(self) -> list[Component]:
        """Return the components ticked so far, also in a form that is not valid yet."""
        ticked: Sequence[str] = self["components"].value() or []
        return [self.on_page[code] for code in ticked if code in self.on_page]


class MoveForm(WindowForm):
    """Another window."""

    body = ProseField(label="Text", rows=3)
    notify = SwitchField(label="Tell subscribers", initial=True)

    def __init__(self, *args: Any, maintenance: Maintenance, **kwargs: Any) -> None:
        initial = {
            "starts_at": maintenance.scheduled_for,
            "ends_at": maintenance.scheduled_until,
            "notify": True,
        }
        super().__init__(*args, initial=initial, **kwargs)


class StepForm(ConsoleForm):
    """What is said when a maintenance starts, finishes or is cancelled."""

    body = ProseField(label="Text", rows=3)
    notify = SwitchField(label="Tell subscribers", initial=True)


def from_template(template: IncidentTemplate) -> dict[str, Any]:
    """Return what a template gives a maintenance to start from."""
    return {
        "title": template.title,
        "body": template.body,
        "notify": template.notify,
        "components": [component.code for component in template.component_states()],
    }
