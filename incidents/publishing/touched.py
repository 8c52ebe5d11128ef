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

    guide: bool = False
    """Whether the error guide itself changed."""
    is_new_day: bool = False
    """Whether midnight of the page's zone has passed since the documents were made."""
    is_mere_minute: bool = False
    """Whether nothing happened but that time passed, and not even an hour has."""

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(
            everything=self.everything or other.everything,
            incidents=self.incidents | other.incidents,
            components=self.components | other.components,
            history=self.history | other.history,
            guide=self.guide or other.guide,
            is_new_day=self.is_new_day or other.is_new_day,
            is_mere_minute=self.is_mere_minute and other.is_mere_minute,
        )


EVERYTHING = Touched(everything=True)
