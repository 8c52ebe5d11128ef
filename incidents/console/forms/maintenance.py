"""Forms for maintenance windows."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms

from incidents.console.forms.caret import CaretForm
from incidents.console.forms.fields import LineField, ProseField, SwitchField
from incidents.console.forms.many import AnnouncementForm
from incidents.console.forms.repetition import RepetitionForm, repetition_values
from incidents.console.forms.translations import TranslatedForm
from incidents.console.forms.window import WindowForm
from incidents.console.listing import living_components
from incidents.lib.numbers import whole_number
from incidents.timeline.checks import checked_line, checked_text
from incidents.timeline.models import Component, IncidentTemplate, Maintenance, Page

REMINDERS = [("1440", "24 hours before"), ("60", "1 hour before")]


class ArrangementForm(RepetitionForm):
    """What happens by itself."""

    auto_start = SwitchField(label="Start by itself", initial=True)
    sets_components = SwitchField(label="Set components under maintenance", initial=True)
    auto_finish = SwitchField(label="Finish by itself", help_text="Otherwise Now says so when it runs over.")
    remind_minutes = forms.TypedMultipleChoiceField(
        label="Remind subscribers",
        choices=REMINDERS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def arrangement(self) -> dict[str, Any]:
        """Return what a valid form says, but for the repetition."""
        names = ("auto_start", "sets_components", "auto_finish", "remind_minutes")
        return {name: self.cleaned_data[name] for name in names}


class ScheduleForm(TranslatedForm, AnnouncementForm, CaretForm, WindowForm, ArrangementForm):
    """A new maintenance. `draft` is the code of the draft it goes back to where it is taken back."""

    title = LineField(label="Title")
    body = ProseField(label="Text")
    components = forms.MultipleChoiceField(
        label="Components",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of the chosen components does not exist on this page any more."},
    )
    notify = SwitchField(label="Tell subscribers now", initial=True)
    used = forms.CharField(widget=forms.HiddenInput, required=False, max_length=9)
    draft = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("request_key", "title", "components", "starts_at", "length", "ends_at", "is_meant", "body")

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.offer_titles_and_texts(page)
        self.on_page = {component.code: component for component in living_components(page)}
        self.fields["components"].choices = [  # type: ignore[attr-defined]
            (code, component.full_name) for code, component in self.on_page.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Name an empty title and an empty text together, and write the rule of the repetition."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.judge(
            title=partial(checked_line, field="title", what="The title"),
            body=partial(checked_text, field="body", what="The text"),
        )
        starts_at = cleaned.get("starts_at")
        cleaned["rule"] = self.rule(starts_at and starts_at.astimezone(self.page.zone))
        return cleaned

    def said(self) -> dict[str, Any]:
        """Return what a valid form gives the verb."""
        return {
            "title": self.cleaned_data["title"],
            "body": self.cleaned_data["body"],
            "starts_at": self.cleaned_data["starts_at"],
            "ends_at": self.cleaned_data["ends_at"],
            "components": self.chosen_components(),
            "recurrence": self.cleaned_data["rule"],
            "notify": self.cleaned_data["notify"],
            "titles": self.titles(),
            "translations": self.translations(),
            "placeholders": True,
            **self.arrangement(),
        }

    def chosen_components(self) -> list[Component]:
        """Return the components of a valid form."""
        return [self.on_page[code] for code in self.cleaned_data["components"]]

    def used_template(self) -> int | None:
        """Return the key of the template a valid form was filled from."""
        return whole_number(self.cleaned_data["used"])

    def concerned(self) -> list[Component]:
        """Return the components ticked so far, also in a form that is not valid yet."""
        ticked: Sequence[str] = self["components"].value() or []
        return [self.on_page[code] for code in ticked if code in self.on_page]


class RearrangeForm(ArrangementForm):
    """What happens by itself to a maintenance that is planned."""

    def __init__(self, *args: Any, maintenance: Maintenance, **kwargs: Any) -> None:
        self.maintenance = maintenance
        names = ("auto_start", "sets_components", "auto_finish")
        initial = {
            **{name: getattr(maintenance, name) for name in names},
            "remind_minutes": [str(minutes) for minutes in maintenance.remind_minutes],
            **repetition_values(maintenance.recurrence),
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Write the rule of the repetition."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["rule"] = self.rule(self.maintenance.series_began_at.astimezone(self.maintenance.page.zone))
        return cleaned


class MoveForm(TranslatedForm, AnnouncementForm, CaretForm, WindowForm):
    """Another window."""

    body = ProseField(label="Text", rows=3)
    notify = SwitchField(label="Tell subscribers", initial=True)

    def __init__(self, *args: Any, maintenance: Maintenance, **kwargs: Any) -> None:
        initial = {
            "starts_at": maintenance.scheduled_for,
            "ends_at": maintenance.scheduled_until,
            "notify": True,
        }
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.offer_translations(maintenance.page)

    def said(self) -> dict[str, Any]:
        """Return what a valid form gives the verb."""
        told = {name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "body", "notify")}
        return {**told, "translations": self.translations()}


class StepForm(TranslatedForm, AnnouncementForm, CaretForm):
    """What is said when a maintenance starts or finishes."""

    TOLD: ClassVar[tuple[str, ...]] = ("body", "notify")

    body = ProseField(label="Text", rows=3)
    notify = SwitchField(label="Tell subscribers", initial=True)

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_translations(page)

    def said(self) -> dict[str, Any]:
        """Return what a valid form gives the verb."""
        return {**{name: self.cleaned_data[name] for name in self.TOLD}, "translations": self.translations()}


class CancelForm(StepForm):
    """What is said when a maintenance is cancelled, and whether those that would follow are as well."""

    TOLD = (*StepForm.TOLD, "ends_series")

    ends_series = SwitchField(
        label="End the whole series", help_text="Otherwise the next date is planned as if this one had taken place."
    )


def from_template(template: IncidentTemplate) -> dict[str, Any]:
    """Return what a template gives a maintenance to start from."""
    return {
        "title": template.title,
        "body": template.body,
        "notify": template.notify,
        "used": str(template.pk),
        "components": [component.code for component in template.component_states()],
    }
