"""The form of an update: what is said about an incident that is known already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from incidents.console.conflict import Conflict, Dispute, conflict_since, seen_now
from incidents.console.drafting import was_published
from incidents.console.forms.inserting import inserted
from incidents.console.forms.message import PROMISED_BY_DEFAULT, MessageForm
from incidents.console.forms.phases import phases_of
from incidents.console.forms.states import SEEN_PREFIX, STATE_PREFIX, StateRow
from incidents.console.forms.translations import TranslatedForm
from incidents.console.repeating import doubt_about_repeating, doubt_about_telling
from incidents.lib.clock import now
from incidents.timeline.impact import impact_of
from incidents.timeline.models import Component, Incident, IncidentTemplate
from incidents.timeline.placeholders import filled
from incidents.timeline.states import ENDED_PHASES, ComponentStatus


class ComposeForm(TranslatedForm, MessageForm):
    """An update on an incident or maintenance.

    `seen` is what had been said when the form was opened; `conflict` is what was said since, once somebody
    tried to publish; `asked` are the doubts that were shown before (repeating.py).
    """

    states_for = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    conflict: Conflict | None = None

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
        rows = list(incident.affected.select_related("component__group"))
        self.worst_before = [row.worst for row in rows]
        states = template.component_states() if template else {}
        affected = [row.component for row in rows]
        super().__init__(*args, page=incident.page, affected=affected, preset=states, **kwargs)
        self.offer_phases(phases_of(incident))
        self.offer_translations(incident.page)
        if not self.is_bound:
            self._propose(template, phase)

    def clean(self) -> dict[str, Any]:
        """Stop once where somebody posted meanwhile, resolving without script left components down, or in doubt."""
        cleaned = super().clean()
        if not self.is_draft:
            self._notice_others()
        phase = cleaned.get("phase")
        if phase is not None and phase.slug != self.data.get("states_for"):
            self._stop_at_an_end(phase.slug)
        if not self.is_draft and not self.errors:
            self._ask_in_doubt(at=now())
        return cleaned

    def said(self, *, at: datetime) -> dict[str, Any]:
        """Return what a valid form says, as the verb takes it."""
        return {
            "body": self.cleaned_data["body"],
            "phase": self.cleaned_data["phase"],
            "components": self.states(),
            "posted_at": self.cleaned_data["posted_at"],
            "next_update_due_at": self.due_at(at=at),
            "notify": self.cleaned_data["notify"],
            "translations": self.translations(),
            "placeholders": True,
        }

    def began_at(self, *, at: datetime) -> datetime:
        """Return when the incident began."""
        return min(self.incident.impact_started_at, at)

    def impact(self) -> str:
        """Return what the update will make of the impact, as the form stands: it decides who is told."""
        incident = self.incident
        if incident.impact_override or incident.is_maintenance or incident.imported_from:
            return incident.impact
        stated = (str(row.field.value()) for row in self.rows() if row.field.value() != row.seen.value())
        return impact_of([*self.worst_before, *(state for state in stated if state in ComponentStatus.values)])

    def insert(self, template: IncidentTemplate, *, instead: bool = False) -> None:
        """Put a template's text where the caret is, or `instead` of all; take its phase and states over.

        Whether subscribers are told stays as it is: that is remembered for the incident.
        """
        text, caret = template.body, len(template.body)
        if not instead:
            text, caret = inserted(str(self.data.get("body", "")), template.body, caret=self.caret)
        used = f"{self.data.get('used', '')} {template.pk}".strip()
        self.retype({"body": text, "used": used, "caret_from": str(caret), "caret_to": str(caret)})
        if template.phase in self.phases:
            self.retype({"phase": template.phase.slug})
        self.follow_phase()
        self._retype_states(template.component_states())

    def follow_phase(self) -> bool:
        """Propose the states that go with the chosen phase, where it ends or reopens the story; say whether it does."""
        slug = str(self.data.get("phase", ""))
        before = self._ends(str(self.data.get("states_for", "")))
        self.retype({"states_for": slug})
        if before == self._ends(slug):
            return False
        released = self.incident.released_components() if self._ends(slug) else {}
        self._retype_states({one: released.get(one, one.status) for one in self.affected_before})
        return True

    def catch_up(self) -> None:
        """Let components nobody touched in this form show the state they are in by now; others keep what is said."""
        for component in self.affected_before:
            state, seen = f"{STATE_PREFIX}{component.code}", f"{SEEN_PREFIX}{component.code}"
            untouched = self.data.get(state, "") == self.data.get(seen, "")
            self.retype({seen: component.status, **({state: component.status} if untouched else {})})

    @property
    def disputed_rows(self) -> list[tuple[StateRow, Dispute]]:
        """The components both speak of, each with the word of the others."""
        disputes = {dispute.component: dispute for dispute in self.conflict.disputes} if self.conflict else {}
        return [(row, disputes[row.component]) for row in self.rows() if row.component in disputes]

    def _notice_others(self) -> None:
        seen, key = str(self.data.get("seen", "")), str(self.data.get("request_key", ""))
        self.conflict = conflict_since(self.incident, seen, said=self.states(), request_key=key)
        if self.conflict is None:
            return
        self.disputed = [dispute.component for dispute in self.conflict.disputes]
        self.retype({"seen": seen_now(self.incident)})
        self.catch_up()
        self.refuse("Somebody posted since you opened this. Nothing of yours is published yet.")

    def _stop_at_an_end(self, slug: str) -> None:
        if self._ends(slug) and self.incident.is_open and self._left_down():
            self.follow_phase()
            self.refuse("Resolving sets these components to Operational. Check them, then publish.")

    def _ask_in_doubt(self, *, at: datetime) -> None:
        """Ask what was not asked before; the same form sent twice is answered, not questioned."""
        said = self.cleaned_data
        if was_published(self.page, str(self.data.get("request_key", ""))):
            return
        text = filled(said["body"], self.facts(at=at), field="body")
        doubts = [
            None
            if said["posted_at"]
            else doubt_about_repeating(self.incident, body=text, phase=said["phase"], states=self.states()),
            doubt_about_telling(self.incident, at=at) if said["notify"] else None,
        ]
        asked = said["asked"].split()
        open_ones = [doubt for doubt in doubts if doubt is not None and doubt.mark not in asked]
        for doubt in open_ones:
            self.refuse(doubt.sentence)
        if open_ones:
            self.retype({"asked": " ".join([*asked, *(doubt.mark for doubt in open_ones)])})

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
            "used": str(template.pk) if template else "",
            "seen": seen_now(self.incident),
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
