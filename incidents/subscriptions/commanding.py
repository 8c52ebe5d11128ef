"""What the command line does with one subscriber, by name of the deed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from incidents.subscriptions.adding import add_with_consent, invite
from incidents.subscriptions.addresses import address_key
from incidents.subscriptions.choices import ChannelKind, Suppressing
from incidents.subscriptions.destinations import clean_for
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.preferences import Preferences, checked_language
from incidents.subscriptions.refusals import NotSubscribed, UnknownChannel
from incidents.subscriptions.suppression import keeping
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Event, Page


@dataclass(frozen=True, slots=True)
class Ask:
    """Who is meant, and who asks."""

    page: Page
    channel: str
    address: str
    evidence: str
    by: str
    at: datetime
    language: str = ""

    @property
    def kind(self) -> ChannelKind:
        """The channel. Raises UnknownChannel."""
        if self.channel not in ChannelKind.values:
            raise UnknownChannel(f"There is no channel “{self.channel}”.")
        return ChannelKind(self.channel)

    @property
    def key(self) -> str:
        """What makes the address unique. Raises AddressRefused."""
        return address_key(clean_for(self.kind, self.address), is_mail=self.kind == ChannelKind.EMAIL)

    def found(self) -> Subscriber:
        """Return the subscriber. Raises NotSubscribed, AddressRefused."""
        rows = Subscriber.objects.on(self.page).filter(channel=self.kind, address_key=self.key)
        subscriber = rows.select_related("page").first()
        if subscriber is None:
            raise NotSubscribed("This address is not on the list.")
        return subscriber


def add(ask: Ask) -> str:
    """Add with evidence, ask without."""
    wish = Wish(preferences=Preferences.chosen(language=checked_language(ask.language)))
    common = {"page": ask.page, "channel": ask.kind, "address": ask.address, "wish": wish, "by": ask.by, "at": ask.at}
    if ask.evidence:
        return f"{add_with_consent(**common, evidence=ask.evidence)} is added."  # type: ignore[arg-type]
    return f"{invite(**common).subscriber} was sent a link."  # type: ignore[arg-type]


def pause(ask: Ask) -> str:
    """Send nothing for 30 days."""
    return f"{ask.found().pause(at=ask.at, by=ask.by)} is paused for 30 days."


def resume(ask: Ask) -> str:
    """End a pause."""
    return f"{ask.found().resume(at=ask.at, by=ask.by)} hears news again."


def remind(ask: Ask) -> str:
    """Send the confirmation once more."""
    return f"{SubscriptionRequest.remind(ask.found(), at=ask.at).subscriber} was sent a link."


def remove(ask: Ask) -> str:
    """End a subscription; the row stays as suppression."""
    return f"{ask.found().leave(at=ask.at, by=ask.by)} hears nothing any more."


def erase(ask: Ask) -> str:
    """Erase somebody; an address that is not on the list is kept out of it from now on, by its digest."""
    rows = Subscriber.objects.on(ask.page).filter(channel=ask.kind, address_key=ask.key)
    subscriber = rows.select_related("page").first()
    if subscriber is not None:
        subscriber.erase(at=ask.at)
    else:
        keeping.note(
            page=ask.page, channel=ask.kind, address_key=ask.key, subscriber="", kind=Suppressing.ERASED, at=ask.at
        )
    Event.record(page=ask.page, kind="subscriber.erased", by=ask.by, at=ask.at, subject=ask.page)
    return "Erased. A salted digest keeps the address from being added again."


DEEDS: dict[str, tuple[Callable[[Ask], str], str]] = {
    "add": (add, "invite somebody, or add them with --evidence of their consent"),
    "pause": (pause, "send nothing for 30 days"),
    "resume": (resume, "end a pause"),
    "remind": (remind, "send the confirmation once more"),
    "remove": (remove, "end a subscription; the row stays as suppression"),
    "erase": (erase, "erase somebody; a salted digest keeps them out"),
}
