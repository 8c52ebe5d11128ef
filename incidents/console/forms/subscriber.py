"""Forms by which staff add somebody or take a list over."""

from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import ChosenField, LineField, SwitchField
from incidents.console.listing import living_components
from incidents.lib.languages import OFFERED
from incidents.subscriptions.choices import ChannelKind, Leaving, SeverityFloor
from incidents.subscriptions.destinations import offered_channels
from incidents.subscriptions.lists.columns import FIELDS
from incidents.subscriptions.models import SubscriberImport
from incidents.subscriptions.preferences import Preferences
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Page

KINDS = [("all", "Incidents and maintenance"), ("incidents", "Only incidents"), ("maintenance", "Only maintenance")]


class AddForm(ConsoleForm):
    """Somebody to invite, or to add because their consent is on record."""

    channel = ChosenField(label="How")
    address = LineField(label="Address")
    components = forms.MultipleChoiceField(
        label="Only these components", required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = ChosenField(label="Kind of news", choices=KINDS)
    severity = ChosenField(label="From which severity", choices=SeverityFloor.choices)
    language = ChosenField(label="Language of the messages", choices=[("", "That of the page"), *OFFERED.items()])
    agreed = SwitchField(
        label="This person agreed already; add without asking",
        help_text="Otherwise we send a link first, and nothing else before it is opened.",
    )
    evidence = LineField(label="Where and when they agreed", help_text="Kept as the proof of consent.")

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {component.code: component for component in living_components(page)}
        channels = [(kind.value, str(kind.label)) for kind in offered_channels()]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]
        names = [(code, component.full_name) for code, component in self.by_code.items()]
        self.fields["components"].choices = names  # type: ignore[attr-defined]

    def chosen_channel(self) -> ChannelKind:
        """Return the channel of a valid form; mail where none was named."""
        return ChannelKind(self.cleaned_data["channel"] or ChannelKind.EMAIL)

    def wish(self) -> Wish:
        """Return what the person is to follow. Raises NothingChosen."""
        said = self.cleaned_data
        preferences = Preferences.chosen(
            wants_incidents=said["kind"] != "maintenance",
            wants_maintenance=said["kind"] != "incidents",
            severity_floor=said["severity"],
            language=said["language"],
        )
        chosen = tuple(self.by_code[code] for code in said["components"])
        return Wish(components=chosen, preferences=preferences)


class UploadForm(ConsoleForm):
    """A list, and how the people on it agreed."""

    file = forms.FileField(
        label="CSV file", required=False, error_messages={"empty": "Choose a file that is not empty."}
    )
    evidence = LineField(
        label="How did these people agree?",
        help_text="Where and when, e.g. “Sign-up form of our old status page, 2021 to 2026”. Kept with each of them.",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("file") and "file" not in self.errors:
            self.refuse("Choose a file that is not empty.", field="file")
        if not cleaned.get("evidence", "").strip():
            self.refuse("Write how these people agreed; without consent nobody is added.", field="evidence")
        return cleaned


class ColumnsForm(ConsoleForm):
    """What the columns of a list mean."""

    has_header = SwitchField(label="The first line holds names, no address")

    def __init__(self, *args: Any, one: SubscriberImport, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"has_header": one.has_header, **one.mapping["places"]}, **kwargs)
        choices = [("", "In no column"), *((str(place), words) for place, words in enumerate(columns))]
        for name, label in FIELDS.items():
            self.fields[name] = ChosenField(label=label, choices=choices)

    def places(self) -> dict[str, int]:
        """Return the column of each field that has one."""
        return {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data.get(name)}


class RuleForm(ConsoleForm):
    """How a subscription may be ended."""

    rule = ChosenField(label="How it may be ended", choices=Leaving.choices, required=True)
