"""How many people a post will reach, by the query that decides it when it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.recipients import count_recipients
from incidents.timeline.models import Component, Incident, Page


@dataclass(frozen=True, slots=True)
class Audience:
    """How many are told on each channel, or that nobody is because staff said so."""

    numbers: dict[ChannelKind, int]
    notify: bool

    @property
    def words(self) -> str:
        """Return "1,248 email, 3 Slack" or that only the page changes."""
        if not self.notify:
            return "Page and feeds only"
        words = [f"{number:,} {_NAMES.get(kind, kind.label)}" for kind, number in self.numbers.items()]
        return ", ".join(words) or "0 email"

    @property
    def label(self) -> str:
        """Return what happens to them when."""
        if not self.notify:
            return "nobody is mailed"
        return "told as soon as you publish" if self.numbers else "nobody follows this yet"


_NAMES = {ChannelKind.EMAIL: "email", ChannelKind.WEBHOOK: "webhook"}


def audience(
    page: Page,
    *,
    components: Iterable[Component] = (),
    incident: Incident | None = None,
    impact: str | None = None,
    is_maintenance: bool = False,
    notify: bool = True,
) -> Audience:
    """Return whom an update naming `components` would reach now. One query.

    `impact` and `is_maintenance` are those of an incident that does not exist yet.
    """
    numbers = count_recipients(
        page=page, components=list(components), incident=incident, impact=impact, is_maintenance=is_maintenance
    )
    return Audience(numbers=numbers, notify=notify)
