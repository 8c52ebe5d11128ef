"""Start and end of a maintenance, in the zone of the page."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.timezone import get_current_timezone

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import LineField, MomentField, SwitchField
from incidents.lib import durations
from incidents.lib.clock import now
from incidents.timeline.checks import checked_zone
from incidents.timeline.refusals import Refused

LENGTHS = [("30", "30 min"), ("60", "1 h"), ("120", "2 h"), ("240", "4 h"), ("", "Until")]
"""How long, by one tap; the last takes the end that is typed."""

BEGINS_AT_ONCE = timedelta(hours=1)
"""A start so little back was meant to be now."""


class WindowForm(ConsoleForm):
    """A window, given by its start and either its end or its length."""

    starts_at = MomentField(label="Start", required=True)
    length = forms.ChoiceField(
        label="Length",
        choices=LENGTHS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the lengths offered."},
    )
    ends_at = MomentField(label="End")
    own_zone = LineField(label="Your own time zone", required=False)
    is_meant = SwitchField(label="The start is right: it has begun already")

    def clean(self) -> dict[str, Any]:
        """Reckon the end where a length was chosen, and ask about a start that is long past."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_at, length = cleaned.get("starts_at"), cleaned.get("length")
        if length and starts_at:
            cleaned["ends_at"] = starts_at + timedelta(minutes=int(length))
        elif "ends_at" not in self.errors and not cleaned.get("ends_at"):
            self.refuse("Choose a date and a time, or one of the lengths.", field="ends_at")
        self._ask_about_the_past(starts_at)
        return cleaned

    @property
    def asks_about_the_past(self) -> bool:
        """Whether the box is shown that says the start is meant."""
        return self.is_bound and ("is_meant" in self.errors or bool(self["is_meant"].value()))

    def planners_zone(self) -> ZoneInfo | None:
        """Return the zone of who plans, None where none is known or it is that of the page."""
        try:
            zone = ZoneInfo(checked_zone(str(self["own_zone"].value() or "")))
        except Refused:
            return None
        return None if zone.key == str(get_current_timezone()) else zone

    def window(self) -> tuple[datetime, datetime] | None:
        """Return start and end as far as both can be read, also from a form that is not valid."""
        start, end = self.moments()
        return (start, end) if start and end and start < end else None

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """Return start and end, each as far as it can be read."""
        if not self.is_bound:
            start, end = (self.get_initial_for_field(self.fields[name], name) for name in ("starts_at", "ends_at"))
            return start, end
        self.is_valid()
        return self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")

    def _ask_about_the_past(self, starts_at: datetime | None) -> None:
        if starts_at is None or self.cleaned_data.get("is_meant"):
            return
        back = now() - starts_at
        if back > BEGINS_AT_ONCE:
            self.refuse(f"The start lies {durations.in_words(back)} back. Is that meant?", field="is_meant")
