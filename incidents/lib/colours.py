"""Colours as "#rrggbb", and how well one is read on another (WCAG 2.2, relative luminance and contrast ratio)."""

import re
from math import floor

_COLOUR = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_STEPS = 100


def read_colour(text: str) -> str:
    """Return what was typed as "#rrggbb" in small letters, "" for what is no colour."""
    found = _COLOUR.fullmatch(text.strip().lower())
    if found is None:
        return ""
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 for black to 1 for white."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def in_figures(ratio: float) -> str:
    """Return "4.49 : 1", rounded down: what falls short never reads as if it did not."""
    return f"{floor(ratio * 100) / 100:.2f} : 1"


def nearest_readable(colour: str, grounds: tuple[str, ...], *, least: float) -> str:
    """Return the colour nearest to `colour`, darker or lighter, that reaches `least` on every ground; "" for none."""
    is_on_light = min(map(luminance, grounds)) > 0.5
    for step in range(_STEPS + 1):
        tried = _mixed(colour, "#000000" if is_on_light else "#ffffff", step / _STEPS)
        if min(contrast(tried, ground) for ground in grounds) >= least:
            return tried
    return ""


def _mixed(colour: str, other: str, share: float) -> str:
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round((mine * (1 - share) + its * share) * 255):02x}" for mine, its in parts)


def _channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
