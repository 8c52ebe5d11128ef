"""Forms for what is said about an incident."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms

from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.fields import (
    ChosenField,
    LineField,
    MomentField,
    ProseField,
    SwitchField,
)
from incidents.console.forms.phases import Step, phases_of, steps
from incidents.console.forms.states import STATE_PREFIX, StatesForm
from incidents.console.forms.translations import TranslatedForm
from incidents.timeline.models import (
    Component,
    Incident,
    IncidentTemplate,
    Phase,
    Translated,
    Translation,
    Update,
)
from incidents.timeline.models.update import UpdateChanges
from incidents.timeline.states import ENDED_PHASES, ComponentStatus, IncidentPhase

PROMISES = [
    ("", "No promise"),
    ("15", "In 15 minutes"),
    ("30", "In 30 minutes"),
    ("60", "In 1 hour"),
    ("120", "In 2 hours"),
]
PROMISED_BY_DEFAULT = "30"


class MessageForm(StatesForm):
    """What an incident's first update and every later one have in common."""

    body = ProseField(label="Text")
    phase = ChosenField(label="Phase", widget=forms.RadioSelect)
    promise = ChosenField(label="Next update due", choices=PROMISES)
    notify = SwitchField(label="Tell subscribers")
    posted_at = MomentField(label="Posted at", help_text="Empty means now.")

    phases: list[Phase]
    present_phase: Phase | None = None

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
        posted_at: datetime = self.cleaned_data["posted_at"] or at
        return posted_at + timedelta(minutes=int(minutes)) if minutes else None


class ComposeForm(TranslatedForm, MessageForm):
    """An update on an incident or maintenance."""

    states_for = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        incident: Incident,
        template: IncidentTemplate | None = None,
        phase: str = "",
        **kwargs: Any,
    ) -> None:
        self.incident = incident
        self.present_phase = incident.phase
        affected = [row.component for row in incident.affected.select_related("component__group")]
        states = template.component_states() if template else {}
        super().__init__(*args, page=incident.page, affected=affected, preset=states, **kwargs)
        self.offer_phases(phases_of(incident))
        self.offer_translations(incident.page)
        if not self.is_bound:
            self._propose(template, phase)

    def clean(self) -> dict[str, Any]:
        """Stop once where resolving without script left components in a bad state."""
        cleaned = super().clean()
        phase = cleaned.get("phase")
        if phase is None or phase.slug == self.data.get("states_for"):
            return cleaned
        if self._ends(phase.slug) and self.incident.is_open and self._left_down():
            self.follow_phase()
            self.refuse("Resolving sets these components to Operational. Check them, then publish.")
        return cleaned

    def insert(self, template: IncidentTemplate) -> None:
        """Put a template's text under what is typed, and take its phase and states over."""
        said = str(self.data.get("body", "")).rstrip()
        self.retype({"body": f"{said}\n\n{template.body}" if said else template.body})
        if template.phase in self.phases:
            self.retype({"phase": template.phase.slug})
        self.follow_phase()
        self._retype_states(template.component_states())

    def follow_phase(self) -> None:
        """Propose the states that go with the chosen phase, where it ends or reopens the story."""
        slug = str(self.data.get("phase", ""))
        before = self._ends(str(self.data.get("states_for", "")))
        self.retype({"states_for": slug})
        if before == self._ends(slug):
            return
        released = self.incident.released_components() if self._ends(slug) else {}
        self._retype_states({one: released.get(one, one.status) for one in self.affected_before})

    def _retype_states(self, states: Mapping[Component, str]) -> None:
        self.retype({f"{STATE_PREFIX}{one.code}": str(state) for one, state in states.items()})

    def _propose(self, template: IncidentTemplate | None, phase: str) -> None:
        # What was imported or made up told nobody; that says nothing about what a person wants.
        last = self.incident.updates.standing().exclude(author=None).newest_first().first()
        proposed = template.phase if template and template.phase in self.phases else None
        asked = next((one for one in self.phases if one.slug == phase), proposed)
        slug = (asked or self.incident.phase).slug
        self.initial = {
            **self.initial,
            "body": template.body if template else "",
            "phase": slug,
            "states_for": slug,
            "notify": last.notify if last else True,
            "promise": "" if self.incident.is_maintenance else PROMISED_BY_DEFAULT,
        }
        if self._ends(slug) and self.incident.is_open:
            for component, status in self.incident.released_components().items():
                self.initial[f"{STATE_PREFIX}{component.code}"] = status

    def _left_down(self) -> bool:
        return any(
            self.cleaned_data.get(f"{STATE_PREFIX}{component.code}") != ComponentStatus.OPERATIONAL
            for component in self.incident.released_components()
        )

    def _ends(self, slug: str) -> bool:
        return any(phase.slug == slug and phase.canonical in ENDED_PHASES for phase in self.phases)


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
