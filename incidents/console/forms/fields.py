"""Fields the forms of several resources share. Limits of length are the verbs' to judge."""

from typing import Any

from django import forms


class MomentField(forms.DateTimeField):
    """A native date and time field; what is typed means the zone of the page."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            error_messages={
                "invalid": "Write the date and the time, such as 2026-11-21 14:30.",
                "required": "Choose a date and a time.",
            },
            **{"required": False, **options},
        )


class DayField(forms.DateField):
    """A native date field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": "Write the date, such as 2026-11-21."},
            **{"required": False, **options},
        )


class ProseField(forms.CharField):
    """A text in Markdown."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "spellcheck": "true"}),
            strip=False,
            **{"required": False, **options},
        )


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
        super().__init__(**{"required": False, "widget": widget, **options})


class ChosenField(forms.ChoiceField):
    """One of a few choices, as a native select."""

    def __init__(self, **options: Any) -> None:
        words = {
            "invalid_choice": "Choose one of the values offered.",
            "required": "Choose one of the values offered.",
        }
        super().__init__(error_messages=words, **{"required": False, **options})


class NumberField(forms.IntegerField):
    """A whole number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages={"invalid": "Write a whole number."}, **options)


class SwitchField(forms.BooleanField):
    """A check box; empty is a valid answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})
