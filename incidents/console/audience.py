"""How many people a post will reach, by the query that decides it when it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.subscriptions.recipients import count_recipients
from incidents.timeline.models import Component, Incident, Page


@dataclass(frozen=True, slots=True)
class Audience:
    """How many are told on each channel, or that nobody is because staff said so."""

    email: int
    notify: bool

    @property
    def words(self) -> str:
        """Return "1,248 email" or that only the page changes."""
        return f"{self.email:,} email" if self.notify else "Page and feeds only"

    @property
    def label(self) -> str:
        """Return what happens to them when."""
        if not self.notify:
            return "nobody is mailed"
        return "told as soon as you publish" if self.email else "nobody follows this yet"


def audience(
    page: Page,
    *,
    components: Iterable[Component] = (),
    incident: Incident | None = None,
    notify: bool = True,
) -> Audience:
    """Return whom an update naming `components` would reach now. One query."""
    number = count_recipients(page=page, components=list(components), incident=incident)
    return Audience(email=number, notify=notify)
