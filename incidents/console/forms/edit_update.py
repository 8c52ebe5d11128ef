"""Forms for an update that stands."""

from datetime import datetime
from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import ChosenField, LineField, MomentField, ProseField, SwitchField
from incidents.console.forms.translations import TranslatedForm
from incidents.timeline.models import Translated, Translation, Update
from incidents.timeline.models.update import UpdateChanges
from incidents.timeline.states import IncidentPhase


class EditUpdateForm(TranslatedForm):
    """Another wording, stamp or phase for an update that stands."""

    body = ProseField(label="Text", rows=8)
    phase = ChosenField(label="Phase", required=True)
    posted_at = MomentField(label="Posted at", required=True)
    next_update_due_at = MomentField(label="Next update due")
    notify = SwitchField(
        label="Mail this as a correction",
        help_text="Subscribers are told what was wrong and what is right. Leave it out for spelling.",
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, update: Update, **kwargs: Any) -> None:
        initial = {
            "body": update.body,
            "phase": update.phase.slug,
            "posted_at": _to_the_minute(update.posted_at),
            "next_update_due_at": _to_the_minute(update.next_update_due_at),
            "version": update.updated_at.isoformat(),
        }
        self.update = update
        self.is_outdated = False
        super().__init__(*args, initial=initial, **kwargs)
        incident = update.incident
        known = Translation.texts(incident, Translated.UPDATE, update)
        self.offer_translations(incident.page, known=known, rows=8)
        if not update.is_newest:
            del self.fields["notify"]
        self.phases = {
            phase.slug: phase
            for phase in incident.page.phases.all()
            if phase.is_for_maintenance == incident.is_maintenance
            # A postmortem is published by a verb of its own.
            and (phase.canonical != IncidentPhase.POSTMORTEM or phase == update.phase)
        }
        choices = [(phase.slug, phase.label) for phase in self.phases.values()]
        self.fields["phase"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Stop once where somebody else changed the update since the form was opened."""
        cleaned = super().clean() or self.cleaned_data
        current = self.update.updated_at.isoformat()
        if not self.is_draft and cleaned.get("version") not in ("", current):
            self.is_outdated = True
            self.retype({"version": current})
            self.refuse(
                "Somebody changed this update meanwhile. Compare with what stands now; saving again replaces it."
            )
        return cleaned

    @property
    def notifies(self) -> bool:
        """Whether subscribers are to be told: only where something was changed."""
        return bool(self.cleaned_data.get("notify")) and bool(self.changes())

    def changes(self) -> UpdateChanges:
        """Return what was changed and nothing else: an untouched stamp keeps its seconds."""
        changes: UpdateChanges = {}
        if "body" in self.changed_data:
            changes["body"] = self.cleaned_data["body"]
        if "phase" in self.changed_data:
            changes["phase"] = self.phases[self.cleaned_data["phase"]]
        if "posted_at" in self.changed_data:
            changes["posted_at"] = self.cleaned_data["posted_at"]
        if "next_update_due_at" in self.changed_data:
            changes["next_update_due_at"] = self.cleaned_data["next_update_due_at"]
        return changes


class ReasonForm(ConsoleForm):
    """A reason that stays in history."""

    reason = LineField(label="Reason", help_text="Kept in history; readers do not see it.")


def _to_the_minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None
