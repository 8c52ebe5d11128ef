"""The form of one button: confirming a suspicion says what is said where nobody has written anything."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from incidents.console.forms.console_form import KeyedForm
from incidents.timeline.impact import impact_of
from incidents.timeline.models import Component, Incident, Suspicion
from incidents.timeline.models.suspicion import PROMISED


class ConfirmForm(KeyedForm):
    """Nothing to fill in. `confirmed` is what the sheet with the numbers sends back, where many are told."""

    confirmed = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = incident.page
        suspicion = incident if isinstance(incident, Suspicion) else Suspicion.objects.get(pk=incident.pk)
        self.words = suspicion.first_words()
        self.states: Mapping[Component, str] = suspicion.likely_states()

    def said(self, *, at: datetime) -> dict[str, Any]:
        """Return the arguments of `post_update`."""
        return {
            "body": self.words,
            "components": dict(self.states),
            "posted_at": None,
            "next_update_due_at": at + PROMISED,
            "notify": True,
        }

    def concerned(self) -> list[Component]:
        """Return what it is about, for the count of who will be told."""
        return list(self.states)

    def impact(self) -> str:
        """Return the impact that follows from the states, for the same count."""
        return impact_of(self.states.values())

    def used_templates(self) -> set[int]:
        """Return the templates it was written from: none."""
        return set()
