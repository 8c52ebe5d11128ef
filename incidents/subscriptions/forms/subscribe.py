"""The form by which somebody subscribes: how, where, what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from incidents.subscriptions.addresses import clean_address
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.destinations import offered_channels
from incidents.subscriptions.forms.scope import EVERYTHING, INCIDENT, ScopeForm
from incidents.subscriptions.wishes import Wish, wish_for_incident
from incidents.timeline.models import Incident, Page
from incidents.timeline.refusals import Refused

FEED = "feed"
CALENDAR = "calendar"
"""Ways that need no address of the reader's: theirs is shown."""

_FIRST = (ChannelKind.EMAIL, ChannelKind.WEBHOOK, ChannelKind.SLACK, ChannelKind.TEAMS)
_FIELDS = {ChannelKind.EMAIL: "email", ChannelKind.SMS: "phone", ChannelKind.TELEGRAM: "chat"}


@dataclass(frozen=True, slots=True)
class Way:
    """A way of being told, as a radio button."""

    value: str
    words: str
    is_chosen: bool


class SubscribeForm(ScopeForm):
    """An address and a wish. `website` is a trap: people do not see the field, programs fill it.

    There is a field for each kind of address, so that each has the right keyboard; the one of the chosen way counts.
    """

    channel = forms.CharField(required=False)
    email = forms.CharField(required=False, strip=False)
    endpoint = forms.CharField(required=False)
    phone = forms.CharField(required=False)
    chat = forms.CharField(required=False)
    contact_email = forms.CharField(required=False)
    website = forms.CharField(required=False)
    shown = forms.CharField(required=False)
    field_order = ["channel", "email", "endpoint", "phone", "chat", "contact_email", "what", "components", "groups"]

    def __init__(self, *arguments: Any, page: Page, incident: Incident | None = None, **options: Any) -> None:
        super().__init__(*arguments, page=page, **options)
        self.incident = incident

    # What the page shows

    @property
    def what_chosen(self) -> str:
        """As in every scope form, and the incident the reader came from where nothing was pressed."""
        return self._said("what") or (INCIDENT if self.incident and self.incident.is_open else EVERYTHING)

    @property
    def chosen_channel(self) -> str:
        """The channel that is pressed in; mail where that is none."""
        return self._said("channel") or ChannelKind.EMAIL

    @property
    def ways(self) -> list[Way]:
        """The ways most people take, feeds and the calendar among them."""
        feeds = [(FEED, gettext("Atom or RSS feed")), (CALENDAR, gettext("Calendar of maintenance"))]
        named = [(str(kind), str(kind.label)) for kind in _FIRST if kind in offered_channels()]
        return self._ways([*named, *feeds])

    @property
    def more_ways(self) -> list[Way]:
        """The other channels this installation can use."""
        return self._ways([(str(kind), str(kind.label)) for kind in offered_channels() if kind not in _FIRST])

    @property
    def is_more_open(self) -> bool:
        """Whether one of the other channels is pressed in."""
        return any(way.is_chosen for way in self.more_ways)

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
        return bool(self._said("website"))

    # What is asked for

    @property
    def address_field(self) -> str:
        """Which field the address stands in."""
        known = {str(kind): field for kind, field in _FIELDS.items()}
        return known.get(self.chosen_channel, "endpoint")

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
        elif self.chosen_channel in (FEED, CALENDAR):
            self.add_error("channel", gettext("This needs no subscription: copy the address below."))
        elif not self.address.strip():
            self.add_error(self.address_field, gettext("Enter the address."))
        contact = self.cleaned_data.get("contact_email", "")
        if contact and not self.is_mail:
            self._try_contact(contact)
        return super().clean()

    def refuse(self, refusal: Refused, *, field: str = "what") -> None:
        """Show a refusal at its field; what is wrong with an address, at the field it was typed into."""
        where = self.address_field if refusal.field == "email" else refusal.field
        self.add_error(where if where in self.fields else field, refusal.sentence)

    # Inner steps

    def _ways(self, known: list[tuple[str, str]]) -> list[Way]:
        return [Way(value, words, value == self.chosen_channel) for value, words in known]

    def _try_contact(self, contact: str) -> None:
        try:
            clean_address(contact)
        except Refused as refusal:
            self.add_error("contact_email", refusal.sentence)
