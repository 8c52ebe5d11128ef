"""What people enter on the public forms. Forms check; the verbs act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from incidents.subscriptions.addresses import clean_address
from incidents.subscriptions.choices import ChannelKind, SeverityFloor
from incidents.subscriptions.destinations import offered_channels
from incidents.subscriptions.preferences import Preferences, languages, nearest_time_zone
from incidents.subscriptions.refusals import UnknownTimeZoneName
from incidents.subscriptions.tree import Branch, component_tree
from incidents.subscriptions.wishes import Wish, wish_for_components, wish_for_incident
from incidents.timeline.models import Incident, Page
from incidents.timeline.refusals import Refused

EVERYTHING = "page"
COMPONENTS = "components"
INCIDENT = "incident"

BOTH = "all"
KINDS = [
    (BOTH, "Incidents and maintenance"),
    ("incidents", "Only incidents"),
    ("maintenance", "Only maintenance"),
]


class CodesField(forms.MultipleChoiceField):
    """Any number of codes; whether they exist is asked of the database by the wish."""

    def valid_value(self, value: Any) -> bool:
        """Accept every text here."""
        return isinstance(value, str)


class ScopeForm(forms.Form):
    """What to hear about: everything or some components; of which kind, how bad, in which language and time."""

    what = forms.CharField(required=False)
    components = CodesField(required=False)
    groups = CodesField(required=False)
    kind = forms.CharField(required=False)
    severity = forms.CharField(required=False)
    language = forms.CharField(required=False)
    time_zone = forms.CharField(required=False)

    def __init__(self, *arguments: Any, page: Page, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.page = page

    @property
    def what_chosen(self) -> str:
        """The value of the radio button that is pressed in."""
        return str(self["what"].value() or EVERYTHING)

    @property
    def tree(self) -> list[Branch]:
        """The components to tick, with what was ticked kept."""
        return component_tree(self.page, chosen=self["components"].value() or (), groups=self["groups"].value() or ())

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of each kind of news."""
        return self._options("kind", KINDS)

    @property
    def severities(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of each severity."""
        return self._options("severity", [(kind.value, str(kind.label)) for kind in SeverityFloor])

    @property
    def offered_languages(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of each language; none where there is no choice."""
        known = languages()
        return self._options("language", [("", "That of the page"), *known]) if len(known) > 1 else []

    @property
    def is_particular(self) -> bool:
        """Whether anything but the usual is chosen, so that the folded part is shown open."""
        named = [str(self[name].value() or "") for name in ("kind", "severity", "language", "time_zone")]
        return bool(self.errors.get("time_zone")) or named not in (["", "", "", ""], [BOTH, SeverityFloor.NONE, "", ""])

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field and sentence of everything that is wrong, in the order of the form."""
        return [(field, str(message)) for field, messages in self.errors.items() for message in messages]

    def preferences(self) -> Preferences:
        """Return what was chosen beside the scope. Raises UnknownTimeZoneName; other nonsense is the usual."""
        said = {name: str(self.cleaned_data.get(name, "")) for name in ("kind", "severity", "language", "time_zone")}
        zone = nearest_time_zone(said["time_zone"])
        if zone is None:
            raise UnknownTimeZoneName("There is no time zone of that name, e.g. Europe/Berlin.", field="time_zone")
        return Preferences.chosen(
            wants_incidents=said["kind"] != "maintenance",
            wants_maintenance=said["kind"] != "incidents",
            severity_floor=said["severity"],
            language=said["language"],
            time_zone=zone,
        )

    def wish(self) -> Wish | None:
        """Return what a checked form asks for. Raises Refused before it was checked."""
        preferences = self.preferences()
        if self.what_chosen == COMPONENTS:
            return wish_for_components(
                self.page,
                components=self.cleaned_data.get("components", []),
                groups=self.cleaned_data.get("groups", []),
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

    def _try(self, field: str, check: Callable[[], object]) -> None:
        try:
            check()
        except Refused as refusal:
            self.refuse(refusal, field=field)

    def _options(self, field: str, known: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
        chosen = str(self[field].value() or "")
        if chosen not in dict(known):
            chosen = known[0][0]
        return [(value, words, value == chosen) for value, words in known]


class SubscribeForm(ScopeForm):
    """An address and a wish. `website` is a trap: people do not see the field, programs fill it."""

    channel = forms.CharField(required=False)
    email = forms.CharField(required=False, strip=False)
    endpoint = forms.CharField(required=False)
    contact_email = forms.CharField(required=False)
    website = forms.CharField(required=False)
    shown = forms.CharField(required=False)
    field_order = ["channel", "email", "endpoint", "contact_email", "what", "components", "groups"]

    def __init__(self, *arguments: Any, page: Page, incident: Incident | None = None, **options: Any) -> None:
        super().__init__(*arguments, page=page, **options)
        self.incident = incident

    @property
    def what_chosen(self) -> str:
        """As in every scope form, and the incident the reader came from where nothing was pressed."""
        return str(self["what"].value() or (INCIDENT if self.incident else EVERYTHING))

    @property
    def chosen_channel(self) -> str:
        """The channel that is pressed in; mail where that is none."""
        return str(self["channel"].value() or ChannelKind.EMAIL)

    @property
    def channels(self) -> list[tuple[str, str, bool]]:
        """Value, name and whether it is chosen, of each channel."""
        return [(kind.value, str(kind.label), kind == self.chosen_channel) for kind in offered_channels()]

    @property
    def offers(self) -> dict[str, bool]:
        """Which channels this installation can use, by their value."""
        return {kind.value: True for kind in offered_channels()}

    @property
    def is_mail(self) -> bool:
        """Whether mail is wanted."""
        return self.chosen_channel == ChannelKind.EMAIL

    @property
    def is_a_robot(self) -> bool:
        """Whether the trap was filled."""
        return bool(self["website"].value())

    @property
    def address_field(self) -> str:
        """Which field the address stands in."""
        return "email" if self.is_mail else "endpoint"

    @property
    def address(self) -> str:
        """What was entered as the address."""
        return str(self.cleaned_data.get(self.address_field, ""))

    def wish(self) -> Wish:
        """Return what is asked for; an incident is one that is open. Raises Refused."""
        if self.what_chosen == INCIDENT and self.incident is not None:
            return wish_for_incident(self.page, self.incident.code, preferences=self.preferences())
        return super().wish() or Wish(preferences=self.preferences())

    def clean(self) -> dict[str, Any]:
        """Check the address and the wish, so that all problems are named at once.

        What needs the network (does the domain take mail, is the endpoint public) is left to the verb.
        """
        if self.is_mail:
            self._try("email", lambda: clean_address(self.address))
        elif not self.address.strip():
            self.add_error("endpoint", "Enter the address.")
        contact = self.cleaned_data.get("contact_email", "")
        if contact and not self.is_mail:
            self._try_contact(contact)
        return super().clean()

    def refuse(self, refusal: Refused, *, field: str = "what") -> None:
        """Show a refusal at its field; what is wrong with an address, at the field it was typed into."""
        where = self.address_field if refusal.field == "email" else refusal.field
        self.add_error(where if where in self.fields else field, refusal.sentence)

    def _try_contact(self, contact: str) -> None:
        try:
            clean_address(contact)
        except Refused as refusal:
            self.add_error("contact_email", refusal.sentence)


class MoveForm(forms.Form):
    """Another address for the same subscription."""

    address = forms.CharField(required=False, strip=False)


class LeaveForm(forms.Form):
    """The address, typed by somebody who means it: for addresses several people read."""

    typed = forms.CharField(required=False)
