"""The form for a token of a program."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import DayField, LineField
from incidents.staff.scopes import Scope


class TokenForm(ConsoleForm):
    """What a token is for, what it may do, and until when."""

    name = LineField(label="What is it for?", help_text="Such as “Grafana” or “Nightly export”.")
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=Scope.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose what the token may do."},
    )
    expires_on = DayField(label="Good until the end of", help_text="Empty: until it is withdrawn.")

    def expires_at(self, zone: ZoneInfo) -> datetime | None:
        """Return the end of the chosen day in the zone of the page, None for none."""
        day = self.cleaned_data["expires_on"]
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone) if day else None
