"""When readers of a page expect maintenance."""

from datetime import time
from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.lib.stamps import WEEKDAYS
from incidents.timeline.agreed_hours import EVERY_DAY, AgreedHours
from incidents.timeline.models import Page


class TimeField(forms.TimeField):
    """A native field for a time of day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": "Write the time, such as 22:00."},
            **{"required": False, **options},
        )


class AgreedHoursForm(ConsoleForm):
    """From when until when, on which days; nothing in both fields agrees on no hours."""

    begins = TimeField(label="From")
    ends = TimeField(label="Until", help_text="An earlier time is one of the next day.")
    agreed_days = forms.TypedMultipleChoiceField(
        label="Beginning on",
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        kept = AgreedHours.kept(page.agreed_hours) or AgreedHours(time(22), time(6))
        initial: dict[str, Any] = {"agreed_days": [str(day) for day in kept.days]}
        if page.agreed_hours:
            initial |= {"begins": kept.begins, "ends": kept.ends}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask for the other end where only one is given."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, other in (("begins", "ends"), ("ends", "begins")):
            if cleaned.get(name) is None and cleaned.get(other) is not None and name not in self.errors:
                self.refuse("Write both times, or none.", field=name)
        return cleaned

    def hours(self) -> AgreedHours | None:
        """Return the hours of a valid form, None for none."""
        if self.cleaned_data["begins"] is None:
            return None
        days = tuple(self.cleaned_data["agreed_days"])
        return AgreedHours(self.cleaned_data["begins"], self.cleaned_data["ends"], days or EVERY_DAY)
