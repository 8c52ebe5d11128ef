"""What an incident's first update and every later one have in common."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from incidents.console.forms.caret import CaretForm
from incidents.console.forms.fields import ChosenField, MomentField, ProseField, SwitchField
from incidents.console.forms.phases import Step, steps
from incidents.console.forms.states import StatesForm
from incidents.lib.clock import now
from incidents.lib.numbers import whole_number
from incidents.timeline.models import Phase
from incidents.timeline.models.writing import facts_of
from incidents.timeline.placeholders import Facts, filled
from incidents.timeline.refusals import Refused

PROMISES = [
    ("", "No promise"),
    ("15", "In 15 minutes"),
    ("30", "In 30 minutes"),
    ("60", "In 1 hour"),
    ("120", "In 2 hours"),
]
PROMISED_BY_DEFAULT = "30"


class MessageForm(StatesForm, CaretForm):
    """Text, phase, promise, stamp, and whether subscribers are told."""

    body = ProseField(label="Text")
    phase = ChosenField(label="Phase", widget=forms.RadioSelect)
    promise = ChosenField(label="Next update due", choices=PROMISES)
    notify = SwitchField(label="Tell subscribers")
    posted_at = MomentField(label="Posted at", help_text="Empty means now.")
    draft = forms.CharField(widget=forms.HiddenInput, required=False)
    used = forms.CharField(widget=forms.HiddenInput, required=False)

    phases: list[Phase]
    present_phase: Phase | None = None

    def clean(self) -> dict[str, Any]:
        """Refuse a text with a blank somebody was asked to fill, at its field."""
        cleaned = super().clean()
        for name in () if self.is_draft else ("title", "body"):
            try:
                filled(str(cleaned.get(name, "")), self.facts(at=now()), field=name)
            except Refused as refusal:
                self.refuse(refusal.sentence, field=refusal.field)
        return cleaned

    def facts(self, *, at: datetime) -> Facts:
        """Return what the placeholders of the text would stand for at `at`, as far as the form is filled."""
        posted_at = self.cleaned_data.get("posted_at") or at
        due = self.due_at(at=at) if "promise" in self.cleaned_data else None
        named = [*self.affected_before, *self.states()]
        return facts_of(self.page, named, self.began_at(at=posted_at), posted_at, due)

    def began_at(self, *, at: datetime) -> datetime:
        """Return when the impact began, `at` where that is not known."""
        return at

    def used_templates(self) -> set[int]:
        """Return the keys of the templates the text was made from."""
        keys = self.cleaned_data["used"].split()[:20]
        return {key for key in map(whole_number, keys) if key is not None}

    def offer_phases(self, phases: list[Phase]) -> None:
        """Set the phases to choose between."""
        self.phases = phases
        self.fields["phase"].choices = [(phase.slug, phase.label) for phase in phases]  # type: ignore[attr-defined]

    def clean_phase(self) -> Phase | None:
        """Return the chosen phase, None to stay in the present one."""
        slug = self.cleaned_data["phase"]
        return next((phase for phase in self.phases if phase.slug == slug), None)

    def steps(self) -> list[Step]:
        """Return the segments of the stepper."""
        return steps(self.phases, chosen=str(self["phase"].value() or ""), now=self.present_phase)

    def due_at(self, *, at: datetime) -> datetime | None:
        """Return when the next update is promised, counted from this one's stamp."""
        minutes = self.cleaned_data["promise"]
        posted_at: datetime = self.cleaned_data.get("posted_at") or at
        return posted_at + timedelta(minutes=int(minutes)) if minutes else None
