"""Fields the forms of several resources share. Limits of length are the verbs' to judge."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import validate_email
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, override

from incidents.lib.clock import now
from incidents.lib.languages import OFFERED
from incidents.lib.text import storable
from incidents.timeline.checks import EARLIEST

YEARS_AHEAD = 10

_AS_TYPED = ZoneInfo("UTC")
"""Stands in for the zone while what is typed is read: it skips and repeats no time."""


class MomentField(forms.DateTimeField):
    """A native date and time field; what is typed means the zone of the page.

    A time that the clocks skip is refused, one they show twice means the first of the two. Years are bounded as
    the verbs bound them, because adding to the last year of the calendar would fail.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            error_messages={
                "invalid": "Write the date and the time, such as 2026-11-21 14:30.",
                "required": "Choose a date and a time.",
            },
            **{"required": False, **options},
        )

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, None for nothing. Raises ValidationError."""
        with override(_AS_TYPED):
            typed = super().to_python(value)
        if typed is None:
            return None
        last = now().year + YEARS_AHEAD
        if not EARLIEST.year <= typed.year <= last:
            raise forms.ValidationError(
                f"The year {typed.year} cannot be right; choose one from {EARLIEST.year} to {last}.", code="year"
            )
        return _placed(typed) if typed.tzinfo is _AS_TYPED else typed

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether something else was typed; the second of two equal times stays itself when left alone."""
        shown = self.widget.format_value(self.prepare_value(initial))
        return data != shown and super().has_changed(initial, data)


def _placed(typed: datetime) -> datetime:
    """Return what is typed as a moment in the current zone. Raises ValidationError."""
    zone = get_current_timezone()
    moment = typed.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != typed.replace(tzinfo=None):
        raise forms.ValidationError(
            f"{typed:%H:%M} does not exist on that day: the clocks go forward. Choose another time.", code="skipped"
        )
    return moment


class DayField(forms.DateField):
    """A native date field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": "Write the date, such as 2026-11-21."},
            **{"required": False, **options},
        )


class TextField(forms.CharField):
    """Text in which NUL characters vanish as all control characters do, instead of being called a mistake."""

    def to_python(self, value: Any) -> str:
        """Return the text without NUL characters; the verbs clean the rest."""
        return storable(str(super().to_python(value)))


class ProseField(TextField):
    """A text in Markdown."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "spellcheck": "true"}),
            strip=False,
            **{"required": False, **options},
        )


class LineField(TextField):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
        super().__init__(**{"required": False, "widget": widget, **options})


class AddressField(LineField):
    """An address of mail."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
        super().__init__(label="Email", widget=widget, **options)

    def clean(self, value: Any) -> str:
        """Return an address a link can be sent to. Raises ValidationError."""
        address = str(super().clean(value)).strip()
        try:
            validate_email(address)
        except forms.ValidationError as error:
            raise forms.ValidationError("Write an address such as ada@example.com.") from error
        return address


class ChosenField(forms.ChoiceField):
    """One of a few choices, as a native select."""

    def __init__(self, **options: Any) -> None:
        words = {
            "invalid_choice": "Choose one of the values offered.",
            "required": "Choose one of the values offered.",
        }
        super().__init__(error_messages=words, **{"required": False, **options})


class LanguagesField(forms.MultipleChoiceField):
    """Some of the languages pages are offered in, each with a box to tick."""

    def __init__(self, **options: Any) -> None:
        choices = [(tag, mark(tag, name)) for tag, name in OFFERED.items()]
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **{"required": False, **options})


def mark(tag: str, name: str) -> SafeString:
    """Return what a language calls itself, marked as written in it."""
    return format_html('<span lang="{}">{}</span>', tag, name)


class NumberField(forms.IntegerField):
    """A whole number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages={"invalid": "Write a whole number."}, **options)


class SwitchField(forms.BooleanField):
    """A check box; empty is a valid answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})
