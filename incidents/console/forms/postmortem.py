"""Forms for postmortems and their action items."""

from typing import Any

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import (
    ChosenField,
    DayField,
    LineField,
    ProseField,
    SwitchField,
)
from incidents.console.forms.many import AnnouncementForm
from incidents.console.forms.translations import TranslatedForm
from incidents.timeline.models import ActionItem, ActionState, Incident, Translated, Translation
from incidents.timeline.models.action_item import ActionChanges


class PostmortemForm(TranslatedForm, AnnouncementForm):
    """The text."""

    draft = ProseField(label="Text", rows=24)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Translation.texts(incident, Translated.POSTMORTEM)
        self.offer_translations(incident.page, known=known, rows=16)

    def said(self) -> dict[str, Any]:
        """Return the text of a valid form, and what it is in further languages."""
        return {"body": self.cleaned_data["draft"], "translations": self.translations()}


class PublicationForm(ConsoleForm):
    """Whether publishing is mailed."""

    notify = SwitchField(label="Tell subscribers")


class ActionForm(ConsoleForm):
    """A promise."""

    text = LineField(label="Action")
    owner = LineField(label="Owner", max_length=100)
    due_on = DayField(label="Due")
    is_public = SwitchField(label="Shown to readers")

    def belong_to(self, form: str) -> None:
        """Make the fields part of the form with the id `form`, wherever they stand on the screen."""
        for field in self.fields.values():
            field.widget.attrs["form"] = form

    def said(self) -> ActionChanges:
        """Return what a valid form says."""
        return ActionChanges(
            text=self.cleaned_data["text"],
            owner=self.cleaned_data["owner"],
            due_on=self.cleaned_data["due_on"],
            is_public=self.cleaned_data["is_public"],
        )


class ActionStateForm(ConsoleForm):
    """How far a promise is."""

    state = ChosenField(label="State", choices=ActionState.choices, required=True)
    reason = LineField(label="Reason, where dropped")


def action_values(action: ActionItem) -> dict[str, Any]:
    """Return what a form for `action` starts from."""
    return {name: getattr(action, name) for name in ActionForm.base_fields}
