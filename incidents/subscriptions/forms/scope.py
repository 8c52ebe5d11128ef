"""The part of a form that says what somebody wants to hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from incidents.subscriptions.choices import SeverityFloor
from incidents.subscriptions.preferences import Preferences, languages, nearest_time_zone
from incidents.subscriptions.refusals import UnknownTimeZoneName
from incidents.subscriptions.tree import Tree, component_tree
from incidents.subscriptions.wishes import Wish, wish_for_components
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused

EVERYTHING = "page"
COMPONENTS = "components"
INCIDENT = "incident"

INCIDENTS = "incidents"
MAINTENANCE = "maintenance"
KINDS = [(INCIDENTS, gettext_noop("Incidents")), (MAINTENANCE, gettext_noop("Maintenance"))]

_LISTS = frozenset({"components", "groups", "kind"})
_ANCHORS = {"components": "what", "groups": "what", "__all__": "how"}
"""Where on the page a field is, when it is not the element of its own name."""


class CodesField(forms.MultipleChoiceField):
    """Any number of codes; whether they exist is asked of the database by the wish."""

    def valid_value(self, value: Any) -> bool:
        """Accept every text here."""
        return isinstance(value, str)


def as_initial(typed: QueryDict) -> dict[str, Any]:
    """Return what was typed as the start of a form, which is then shown again without being judged."""
    return {name: typed.getlist(name) if name in _LISTS else typed.get(name) for name in typed}


class ScopeForm(forms.Form):
    """What to hear about: everything or some components; of which kind, how bad, in which language and time.

    `kind_asked` says that the boxes of `kind` were on the form: without it, none ticked means both.
    """

    what = forms.CharField(required=False)
    components = CodesField(required=False)
    groups = CodesField(required=False)
    find = forms.CharField(required=False)
    kind = CodesField(required=False)
    kind_asked = forms.CharField(required=False)
    severity = forms.CharField(required=False)
    language = forms.CharField(required=False)
    time_zone = forms.CharField(required=False)

    def __init__(self, *arguments: Any, page: Page, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.page = page

    # What the page shows

    @property
    def what_chosen(self) -> str:
        """The value of the radio button that is pressed in."""
        return self._said("what") or EVERYTHING

    @cached_property
    def tree(self) -> Tree:
        """The components to tick, with what was ticked kept; those found, where something is looked for."""
        return component_tree(
            self.page, chosen=self._list("components"), groups=self._list("groups"), find=self._said("find")
        )

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is ticked, of each kind of news."""
        return [(value, gettext(words), value in self._kinds_chosen) for value, words in KINDS]

    @property
    def severities(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of each severity."""
        return self._options("severity", [(kind.value, str(kind.label)) for kind in SeverityFloor])

    @property
    def offered_languages(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of each language; none where there is no choice."""
        known = languages()
        return self._options("language", [("", gettext("That of the page")), *known]) if len(known) > 1 else []

    @property
    def is_particular(self) -> bool:
        """Whether language or time are chosen, so that the folded part is shown open."""
        return bool(self.errors.get("time_zone")) or bool(self._said("language") or self._said("time_zone"))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Where on the page, and the sentence, of everything that is wrong, in the order of the form."""
        return [
            (_ANCHORS.get(field, field), str(message))
            for field, messages in self.errors.items()
            for message in messages
        ]

    # What is asked for

    def preferences(self) -> Preferences:
        """Return what was chosen beside the scope; nonsense is the usual. Raises NothingChosen, UnknownTimeZoneName."""
        zone = nearest_time_zone(self._said("time_zone"))
        if zone is None:
            sentence = gettext("There is no time zone of that name, e.g. Europe/Berlin.")
            raise UnknownTimeZoneName(sentence, field="time_zone")
        kinds = self._kinds_chosen
        return Preferences.chosen(
            wants_incidents=INCIDENTS in kinds,
            wants_maintenance=MAINTENANCE in kinds,
            severity_floor=self._said("severity"),
            language=self._said("language"),
            time_zone=zone,
        )

    def wish(self) -> Wish | None:
        """Return what the form asks for, checked or not; None for nothing. Raises Refused."""
        preferences = self.preferences()
        if self.what_chosen == COMPONENTS:
            return wish_for_components(
                self.page,
                components=self._list("components"),
                groups=self._list("groups"),
                preferences=preferences,
            )
        return Wish(preferences=preferences) if self.what_chosen == EVERYTHING else None

    def clean(self) -> dict[str, Any]:
        """Check that the wish can be had, so that every problem is named at once."""
        self._try("what", self.wish)
        return self.cleaned_data

    def refuse(self, refusal: Refused, *, field: str = "what") -> None:
        """Show a refusal at its field."""
        self.add_error(refusal.field if refusal.field in self.fields else field, refusal.sentence)

    # Inner steps

    @property
    def _kinds_chosen(self) -> set[str]:
        known = {value for value, _ in KINDS}
        chosen = known & set(self._list("kind"))
        return chosen if chosen or self._said("kind_asked") else known

    def _said(self, name: str) -> str:
        """Return a field as it stands on the form, whether that was sent or is what it starts from."""
        return str(self[name].value() or "").strip()

    def _list(self, name: str) -> Sequence[str]:
        return [str(value) for value in self[name].value() or ()]

    def _try(self, field: str, check: Callable[[], object]) -> None:
        try:
            check()
        except Refused as refusal:
            self.refuse(refusal, field=field)

    def _options(self, field: str, known: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
        chosen = self._said(field)
        if chosen not in dict(known):
            chosen = known[0][0]
        return [(value, words, value == chosen) for value, words in known]
