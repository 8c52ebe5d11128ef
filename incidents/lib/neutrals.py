"""The neutral colours a page may choose from. The first are those of static/css/tokens.css.

Each set keeps what the states need: a ground at least as light, or as dark, as theirs (tests/lib/test_neutrals.py).
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Tones:
    """Grounds, inks and lines of one scheme, light or dark."""

    ground: str
    surface: str
    ink: str
    ink_2: str
    ink_3: str
    edge: str
    hairline: str

    def tokens(self) -> dict[str, str]:
        """Return the colours by the names of their custom properties: {"ink-2": "#434c55"}."""
        return {name.replace("_", "-"): colour for name, colour in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Neutrals:
    """A set for both schemes, and what staff read when they choose it."""

    label: str
    light: Tones
    dark: Tones


STANDARD = "slate"

NEUTRALS = {
    STANDARD: Neutrals(
        "Slate: cool greys",
        Tones("#f5f7f8", "#ffffff", "#12171c", "#434c55", "#59636d", "#7d8791", "#d5dade"),
        Tones("#0e1216", "#151a1f", "#e9edf0", "#b3bcc4", "#929ca5", "#6e7983", "#2c343c"),
    ),
    "stone": Neutrals(
        "Stone: warm greys",
        Tones("#f9f7f4", "#ffffff", "#1b1712", "#4f4840", "#665e55", "#8a8176", "#dfd9d1"),
        Tones("#12100d", "#1a1714", "#f0ece7", "#c3bbb1", "#a39a8f", "#7f766c", "#37322c"),
    ),
    "grey": Neutrals(
        "Grey: no hue at all",
        Tones("#f7f7f7", "#ffffff", "#161616", "#494949", "#606060", "#858585", "#d9d9d9"),
        Tones("#101010", "#181818", "#ededed", "#bbbbbb", "#9b9b9b", "#777777", "#333333"),
    ),
    "paper": Neutrals(
        "Paper: white, and black in the dark",
        Tones("#ffffff", "#ffffff", "#101418", "#434c55", "#59636d", "#7d8791", "#dbe0e4"),
        Tones("#000000", "#0b0d0f", "#edf0f2", "#b3bcc4", "#929ca5", "#6e7983", "#2a3138"),
    ),
}
