"""What a reader may look for in history, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.timeline.models import Component, Page
from incidents.timeline.states import ComponentStatus

LONGEST_TEXT = 200
_Choices = list[tuple[str, str | Promise]]

_STATES: _Choices = [(one.value, one.label) for one in ComponentStatus if one != ComponentStatus.UNDER_MAINTENANCE]
_KINDS: _Choices = [("incident", _("Incidents")), ("maintenance", _("Maintenance"))]


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in force in words, and the query without it."""

    words: str
    without: str


class HistoryFilters(forms.Form):
    """The form above history. Everything may be left out; what is there is checked, never guessed."""

    q = forms.CharField(required=False, max_length=LONGEST_TEXT)
    component = forms.MultipleChoiceField(required=False)
    state = forms.ChoiceField(required=False, choices=[("", pgettext_lazy("state", "Any")), *_STATES])
    kind = forms.ChoiceField(required=False, choices=[("", pgettext_lazy("kind", "Everything")), *_KINDS])
    open = forms.BooleanField(required=False)
    postmortem = forms.BooleanField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def __init__(self, asked: QueryDict, *, page: Page) -> None:
        super().__init__(asked)
        self.asked = asked
        rows = Component.objects.on(page).public().order_by("position", "pk")
        self.names = dict(rows.values_list("code", "name"))
        self.fields["component"].choices = list(self.names.items())  # type: ignore[attr-defined]  # a choice field
        self.fields["since"].error_messages["invalid"] = _("“From” is not a day; write it as 2026-11-21.")
        self.fields["until"].error_messages["invalid"] = _("“To” is not a day; write it as 2026-11-21.")
        unknown = _("One of the components is not on this page.")
        self.fields["component"].error_messages["invalid_choice"] = unknown

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch of time that ends before it begins."""
        kept: dict[str, Any] = super().clean() or {}
        since, until = kept.get("since"), kept.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("“To” is before “From”."))
        return kept

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field and sentence of everything that is wrong."""
        return [(field, str(message)) for field, messages in self.errors.items() for message in messages]

    @property
    def query(self) -> str:
        """What was asked for, as it stands in the address; empty values left out."""
        return urlencode([(name, value) for name, value in self._pairs() if value])

    @property
    def is_narrowed(self) -> bool:
        """Say whether more than words was asked for."""
        return any(value for name, value in self._pairs() if name != "q")

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in force, each with the address without it."""
        pairs = [(name, value) for name, value in self._pairs() if value]
        return [
            ActiveFilter(self._words(name, value), urlencode([one for one in pairs if one != (name, value)]))
            for name, value in pairs
        ]

    def _pairs(self) -> list[tuple[str, str]]:
        return [(name, value.strip()) for name in self.fields for value in self.asked.getlist(name)]

    def _words(self, name: str, value: str) -> str:
        labels = {name: str(label) for name, label in (*_STATES, *_KINDS)}
        return {
            "q": f"“{value}”",
            "component": self.names.get(value, value),
            "state": labels.get(value, value),
            "kind": labels.get(value, value),
            "open": gettext("Open only"),
            "postmortem": gettext("With postmortem"),
            "since": gettext("From {day}").format(day=value),
            "until": gettext("To {day}").format(day=value),
        }[name]
