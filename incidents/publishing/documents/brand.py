"""The style sheet of a page that chose colours, corners or a face: custom properties over those of tokens.css.

No state colour is among them: what "partial outage" looks like is the same on every page.
"""

import hashlib
from collections.abc import Mapping

from incidents.lib.neutrals import NEUTRALS, Tones
from incidents.publishing.palette import DARK, LIGHT, Scheme
from incidents.timeline.looks import Corners, Face, Look
from incidents.timeline.states import ComponentStatus

_CORNERS = {
    Corners.SOFT: {},
    Corners.SQUARE: {"corner-card": "2px", "corner-field": "2px", "corner-button": "2px"},
    Corners.ROUND: {"corner-card": "16px", "corner-field": "12px", "corner-button": "22px"},
}
_SYSTEM_FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'


def style(look: Look) -> bytes:
    """Return the style sheet. Paper stays as it is for everybody: white, black and without tint."""
    neutrals = NEUTRALS[look.neutrals]
    light, dark = colours(neutrals.light, look.accent), colours(neutrals.dark, look.accent_dark)
    rules = [
        f"@media screen {{\n:root {{{_written(light)}}}\n}}",
        f"@media screen and (prefers-color-scheme: dark) {{\n:root {{{_written(dark)}}}\n}}",
        *([f":root {{{_written(shape)}}}"] if (shape := shapes(look)) else []),
    ]
    return ("\n".join(rules) + "\n").encode()


def digest_of(look: Look) -> str:
    """Return what the address of the style sheet holds, so that another look has another address."""
    return hashlib.sha256(style(look)).hexdigest()[:20]


def preview(look: Look) -> bytes:
    """Return the same for two panels side by side, `.as-light` and `.as-dark`, whatever the scheme of the screen."""
    neutrals = NEUTRALS[look.neutrals]
    rules = [
        f".as-light {{{_written(colours(neutrals.light, look.accent) | shapes(look) | _state(LIGHT))}}}",
        f".as-dark {{{_written(colours(neutrals.dark, look.accent_dark) | shapes(look) | _state(DARK))}}}",
    ]
    return ("\n".join(rules) + "\n").encode()


def colours(tones: Tones, accent: str) -> dict[str, str]:
    """Return the custom properties of one scheme; without a brand colour its places are ink."""
    # "initial" lets the fallback of var() count, also where the other scheme has a brand colour.
    brand = {"brand": accent or "initial", "on-brand": tones.surface if accent else "initial"}
    return tones.tokens() | brand


def shapes(look: Look) -> dict[str, str]:
    """Return the custom properties of corners and face that are other than usual."""
    face = {"face": _SYSTEM_FACE} if look.face == Face.SYSTEM else {}
    return _CORNERS[Corners(look.corners)] | face


def _state(scheme: Scheme) -> dict[str, str]:
    tones = scheme.states[ComponentStatus.PARTIAL_OUTAGE.value]
    return {"partial-text": tones.text, "partial-wash": tones.wash}


def _written(properties: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in properties.items())
