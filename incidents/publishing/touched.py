"""What a change touches: the subjects whose documents must be made again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Touched:
    """Subjects by code. Documents about the page as a whole are touched by anything."""

    everything: bool = False
    incidents: frozenset[str] = frozenset()
    """Incidents and maintenance."""
    components: frozenset[str] = frozenset()
    history: frozenset[int] = frozenset()
    """Pages of history, 1 is the newest."""

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(
            everything=self.everything or other.everything,
            incidents=self.incidents | other.incidents,
            components=self.components | other.components,
            history=self.history | other.history,
        )


EVERYTHING = Touched(everything=True)
