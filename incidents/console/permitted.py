"""What a screen may offer: the duties of each address, asked for the person who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from incidents.console.duties import DUTIES, About
from incidents.staff.standing import Standing
from incidents.timeline.models import Affected, Incident


@dataclass(frozen=True, slots=True)
class Permitted:
    """For templates: whether the screen of a name opens (`may.subscribers`), or its act (`may.do.updates`).

    A membership limited to components is asked about those in `concerned`; without any, only what keeps it out of all
    of it counts.
    """

    standing: Standing
    method: str = "GET"
    concerned: frozenset[str] = frozenset()

    @property
    def do(self) -> Permitted:
        """The same about acts (POST)."""
        return replace(self, method="POST")

    @property
    def role(self) -> str:
        """The role in words."""
        return str(self.standing.role.label)

    def about(self, incident: Incident) -> Permitted:
        """Return the same about what is done to an incident: for that all its components have to be theirs."""
        affected = Affected.objects.filter(incident=incident.pk)
        return self.naming(lambda: affected.values_list("component__code", flat=True))

    def naming(self, codes: Callable[[], Iterable[str]]) -> Permitted:
        """Return the same about something with these components; they are asked for where somebody is limited."""
        return self if self.standing.components is None else replace(self, concerned=frozenset(codes()))

    def __getitem__(self, name: str) -> bool:
        # A template looks for a key before it looks for a property: "do" must be none.
        right = DUTIES[name].right(self.method)
        if right is None or not self.standing.role.covers(right.least):
            return False
        if right.about == About.COMPONENTS:
            return self.standing.reaches(self.concerned)
        return right.about == About.NOTHING or self.standing.components is None
