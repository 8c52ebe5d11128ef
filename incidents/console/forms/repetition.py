"""How often a maintenance comes back: a few choices in words, or any rule of RFC 5545."""

from datetime import date, datetime
from typing import Any

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import ChosenField, DayField, LineField
from incidents.timeline.recurrence import checked_rule
from incidents.timeline.refusals import Refused

BY_RULE = "rule"
MONTHLY_BY_WEEKDAY = "monthly_weekday"

CHOICES = [
    ("", "Does not repeat"),
    ("FREQ=DAILY", "Every day"),
    ("FREQ=WEEKLY", "Every week"),
    ("FREQ=WEEKLY;INTERVAL=2", "Every two weeks"),
    ("FREQ=MONTHLY", "Every month on this date"),
    (MONTHLY_BY_WEEKDAY, "Every month on this weekday"),
    (BY_RULE, "By a rule (RFC 5545)"),
]

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST_WEEK_BEGINS = 29


class RepetitionForm(ConsoleForm):
    """Whether it repeats, until when, or by which rule."""

    repeats = ChosenField(label="Repeats", choices=CHOICES)
    repeats_until = DayField(label="Last day", help_text="Empty goes on until somebody ends it.")
    recurrence = LineField(
        label="Rule", max_length=255, help_text="Such as FREQ=MONTHLY;BYDAY=-1SU. Days, weeks, months or years."
    )

    def rule(self, starts_at: datetime | None) -> str:
        """Return the rule that is chosen or written, "" for none; `starts_at` is in the zone of the page.

        Put at the field where it cannot be read: "" and a mistake.
        """
        chosen = self.cleaned_data.get("repeats", "")
        if not chosen or starts_at is None:
            return ""
        if chosen == BY_RULE and not self.cleaned_data.get("recurrence"):
            self.refuse("Write the rule, such as FREQ=WEEKLY;BYDAY=SU.", field="recurrence")
            return ""
        return self._checked(self._written(chosen, starts_at), starts_at)

    def _written(self, chosen: str, starts_at: datetime) -> str:
        if chosen == BY_RULE:
            return str(self.cleaned_data["recurrence"])
        rule = _by_weekday(starts_at.date()) if chosen == MONTHLY_BY_WEEKDAY else chosen
        until = self.cleaned_data.get("repeats_until")
        return f"{rule};UNTIL={until:%Y%m%d}" if until else rule

    def _checked(self, rule: str, starts_at: datetime) -> str:
        zone = starts_at.tzinfo
        try:
            return checked_rule(rule, first=starts_at, zone=zone)  # type: ignore[arg-type]
        except Refused as refusal:
            is_written = self.cleaned_data["repeats"] == BY_RULE
            self.refuse(refusal.sentence, field="recurrence" if is_written else "repeats_until")
            return ""


def repetition_values(rule: str) -> dict[str, Any]:
    """Return what the form starts from for a maintenance with this rule."""
    plain = {value for value, _ in CHOICES if value.startswith("FREQ")}
    if not rule or rule in plain:
        return {"repeats": rule}
    return {"repeats": BY_RULE, "recurrence": rule}


def _by_weekday(on: date) -> str:
    """Return "every third Sunday of the month" as a rule; a fifth one is the last."""
    number = -1 if on.day >= _LAST_WEEK_BEGINS else (on.day - 1) // len(_DAYS) + 1
    return f"FREQ=MONTHLY;BYDAY={number}{_DAYS[on.weekday()]}"
