"""Badges: a state as a small SVG for other people's pages, readable without its colours."""

import unicodedata
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.translation import gettext, pgettext

from incidents.publishing.documents.glyphs import Ink, markup
from incidents.publishing.documents.parts import state_of
from incidents.publishing.palette import DARK, LIGHT, Scheme
from incidents.publishing.sentence import Sentence
from incidents.publishing.trace import NO_DATA
from incidents.timeline.states import ComponentStatus, IncidentPhase

SIZES = {"small": 0.75, "": 1.0, "large": 1.5}
SCHEMES = ("", "light", "dark")
"""Without a name the badge follows the scheme of whoever looks at it."""

_NAME_LIMIT = 40
_HEIGHT, _PADDING, _GLYPH, _FONT = 28, 9, 14, 13.5
_FACE = "'Source Sans 3',system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
_NARROW = frozenset("ijlftIr.,:;|!'()[] -")
_BROAD = frozenset("mwMW@%—…")


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says: whose state, the glyph, the word."""

    name: str
    glyph: str
    word: str


@dataclass(frozen=True, slots=True)
class Variant:
    """How it is drawn; the empty words stand for the usual size and the reader's own scheme."""

    scheme: str = ""
    size: str = ""

    @property
    def suffix(self) -> str:
        """Return "-dark-small", the variant's part of a file name."""
        return "".join(f"-{word}" for word in (self.scheme, self.size) if word)


VARIANTS = tuple(Variant(scheme, size) for scheme in SCHEMES for size in SIZES)


def badge_of_page(name: str, sentence: Sentence) -> Badge:
    """Return the badge of a whole page; the sentence over it is too long for one."""
    words = {
        NO_DATA: gettext("No data"),
        IncidentPhase.MONITORING.value: pgettext("state of a page", "Recovering"),
        IncidentPhase.INVESTIGATING.value: gettext("Investigating"),
    }
    word = words.get(sentence.glyph) or state_of(sentence.glyph).label
    return Badge(name, sentence.glyph, word)


def badge_of_component(name: str, status: str) -> Badge:
    """Return the badge of a component or group."""
    return Badge(name, status, state_of(status).label)


def badge(facts: Badge, variant: Variant = Variant()) -> bytes:
    """Return the badge as SVG of at most 2 KB."""
    scheme = DARK if variant.scheme == "dark" else LIGHT
    name = facts.name if len(facts.name) <= _NAME_LIMIT else f"{facts.name[: _NAME_LIMIT - 1].rstrip()}…"
    spoken = escape(pgettext("name and state", "{name}: {state}").format(name=name, state=facts.word))
    glyph_at = _PADDING
    name_at = glyph_at + _GLYPH + 7
    word_at = name_at + _width(name) + 7
    width = word_at + _width(facts.word, bold=True) + _PADDING
    scale = SIZES[variant.size]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.0f}" height="{_HEIGHT * scale:.0f}" '
        f'viewBox="0 0 {width:.0f} {_HEIGHT}" role="img" aria-label="{spoken}"><title>{spoken}</title>'
        f"{_dark_style(facts) if not variant.scheme else ''}"
        f'<rect class="g" x=".5" y=".5" width="{width - 1:.0f}" height="{_HEIGHT - 1}" rx="6" '
        f'fill="{scheme.surface}" stroke="{scheme.hairline}"/>'
        f'<svg x="{glyph_at}" y="{(_HEIGHT - _GLYPH) / 2:g}" width="{_GLYPH}" height="{_GLYPH}" viewBox="0 0 16 16">'
        f"{markup(facts.glyph, Ink(scheme.text(facts.glyph), scheme.surface))}</svg>"
        f'<g font-family="{_FACE}" font-size="{_FONT}">'
        f"{_text('n', name, name_at, _width(name), scheme.ink_2)}"
        f"{_text('w', facts.word, word_at, _width(facts.word, bold=True), _word_colour(facts, scheme), bold=True)}"
        "</g></svg>\n"
    ).encode()


def _text(role: str, words: str, at: float, width: float, colour: str, *, bold: bool = False) -> str:
    """Return a text that keeps its measured width whichever face draws it."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text class="{role}" x="{at:.1f}" y="18.6" textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{colour}"{weight}>{escape(words)}</text>'
    )


def _dark_style(facts: Badge) -> str:
    """Return the dark colours for readers who like it dark; attributes give the light ones."""
    colour, word = DARK.text(facts.glyph), _word_colour(facts, DARK)
    return (
        "<style>@media(prefers-color-scheme:dark){"
        f".g{{fill:{DARK.surface};stroke:{DARK.hairline}}}.f{{fill:{colour}}}.l{{stroke:{colour}}}"
        f".c{{stroke:{DARK.surface}}}.b{{fill:{DARK.surface}}}.n{{fill:{DARK.ink_2}}}.w{{fill:{word}}}}}</style>"
    )


def _word_colour(facts: Badge, scheme: Scheme) -> str:
    """Return ink in peace: only trouble takes the colour of its state."""
    return scheme.ink if facts.glyph == ComponentStatus.OPERATIONAL else scheme.text(facts.glyph)


def _width(words: str, *, bold: bool = False) -> float:
    """Return the room for `words` in units, between that of a narrow and of a broad system face."""
    ems = sum(map(_ems, words))
    return ems * _FONT * (1.04 if bold else 1)


def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.3
    if character in _BROAD:
        return 0.84
    return 0.62 if character.isupper() else 0.51
