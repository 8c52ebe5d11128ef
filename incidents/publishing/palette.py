"""The colours of static/css/tokens.css for what no style sheet reaches: images and badges."""

from dataclasses import dataclass

from incidents.publishing.trace import NO_DATA
from incidents.timeline.states import ComponentStatus


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one state: its glyph and words, and the ground of what is in trouble."""

    text: str
    wash: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A light or dark set of colours."""

    ground: str
    surface: str
    ink: str
    ink_2: str
    ink_3: str
    hairline: str
    states: dict[str, Tones]

    def text(self, glyph: str) -> str:
        """Return the colour of a glyph: the hue of a state, ink for the moons of phases."""
        return self.states[glyph].text if glyph in self.states else self.ink


LIGHT = Scheme(
    ground="#f5f7f8",
    surface="#ffffff",
    ink="#12171c",
    ink_2="#434c55",
    ink_3="#59636d",
    hairline="#d5dade",
    states={
        ComponentStatus.OPERATIONAL.value: Tones("#00784d", "#e3faed"),
        ComponentStatus.UNDER_MAINTENANCE.value: Tones("#595ebc", "#eef2ff"),
        ComponentStatus.DEGRADED_PERFORMANCE.value: Tones("#856305", "#fdf2dd"),
        ComponentStatus.PARTIAL_OUTAGE.value: Tones("#a74c00", "#ffeee2"),
        ComponentStatus.MAJOR_OUTAGE.value: Tones("#c5242f", "#ffecea"),
        NO_DATA: Tones("#62696e", "#f1f4f6"),
    },
)
DARK = Scheme(
    ground="#0e1216",
    surface="#151a1f",
    ink="#e9edf0",
    ink_2="#b3bcc4",
    ink_3="#929ca5",
    hairline="#2c343c",
    states={
        ComponentStatus.OPERATIONAL.value: Tones("#3ea072", "#0a2417"),
        ComponentStatus.UNDER_MAINTENANCE.value: Tones("#7c84e6", "#191c33"),
        ComponentStatus.DEGRADED_PERFORMANCE.value: Tones("#b28827", "#281c02"),
        ComponentStatus.PARTIAL_OUTAGE.value: Tones("#d96f28", "#2f1709"),
        ComponentStatus.MAJOR_OUTAGE.value: Tones("#f45555", "#301513"),
        NO_DATA: Tones("#878f94", "#1c1e20"),
    },
)
