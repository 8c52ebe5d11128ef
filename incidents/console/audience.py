"""How many people a post will reach, by the query that decides it when it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.recipients import by_channel, by_scope, recipients
from incidents.timeline.models import Affected, Component, Incident, Page

_NAMES = {ChannelKind.EMAIL: ("email", "email"), ChannelKind.WEBHOOK: ("webhook", "webhooks")}


@dataclass(frozen=True, slots=True)
class Reason:
    """What some of them follow, and how many they are."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Audience:
    """How many are told on each channel, or that nobody is because staff said so.

    `reasons` tells for what they are told, where that was asked.
    """

    numbers: dict[ChannelKind, int]
    notify: bool
    hold_seconds: int = 0
    reasons: tuple[Reason, ...] | None = None

    @property
    def total(self) -> int:
        """How many are told at all."""
        return sum(self.numbers.values()) if self.notify else 0

    @property
    def words(self) -> str:
        """Return "1,248 email · 12 webhooks · 3 Slack" or that only the page changes."""
        if not self.notify:
            return "Page and feeds only"
        return " · ".join(_counted(kind, number) for kind, number in self.numbers.items()) or "0 email"

    @property
    def label(self) -> str:
        """Return what happens to them when."""
        if not self.notify:
            return "Nobody is mailed"
        if not self.numbers:
            return "Nobody follows this yet"
        return f"Sends {self.hold_seconds} s after you publish" if self.hold_seconds else "Sends when you publish"


def audience(
    page: Page,
    *,
    components: Iterable[Component] = (),
    incident: Incident | None = None,
    impact: str | None = None,
    is_maintenance: bool = False,
    notify: bool = True,
    by_reason: bool = False,
) -> Audience:
    """Return whom an update naming `components` would reach now. One query, three with reasons.

    `impact` is the one the update will make; `is_maintenance` is of an incident that does not exist yet.
    """
    named = list(components)
    told = recipients(page=page, components=named, incident=incident, impact=impact, is_maintenance=is_maintenance)
    if not by_reason:
        return Audience(by_channel(told), notify, page.hold_seconds)
    whole, apart, alone = by_scope(told, _concerned(named, incident))
    known = Component.objects.filter(pk__in=apart).order_by("position", "pk")
    reasons = [
        Reason("The whole page", whole),
        *(Reason(component.name, apart[component.pk]) for component in known),
        Reason("Only this incident", alone),
    ]
    return Audience(by_channel(told), notify, page.hold_seconds, tuple(one for one in reasons if one.number))


def _concerned(named: list[Component], incident: Incident | None) -> list[Component]:
    if incident is None:
        return named
    before = [row.component for row in Affected.objects.filter(incident=incident).select_related("component")]
    return list({*named, *before})


def _counted(kind: ChannelKind, number: int) -> str:
    one, many = _NAMES.get(kind, (str(kind.label), str(kind.label)))
    return f"{number:,} {one if number == 1 else many}"
