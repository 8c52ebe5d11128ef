"""The form that pulls a stop."""

from datetime import datetime, timedelta

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import ChosenField, LineField
from incidents.timeline.models import FreezeKind

LASTING = [
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
    ("720", "12 hours"),
    ("1440", "24 hours"),
]


class FreezeForm(ConsoleForm):
    """What stands still, for how long, and why."""

    kind = ChosenField(label="Freeze", choices=FreezeKind.choices, required=True)
    minutes = ChosenField(label="For", choices=LASTING, required=True, help_text="It ends by itself.")
    reason = LineField(label="Reason", help_text="Every screen of the console says it.")

    def ends_at(self, *, at: datetime) -> datetime:
        """Return when it ends."""
        return at + timedelta(minutes=int(self.cleaned_data["minutes"]))
