"""What makes a screen sound: nothing wider than the window, nothing axe knows to be wrong."""

from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import Page as Tab

from tests.acceptance.axe import COLOURS, findings

WIDTHS = (320, 360, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def faults_of(tab: Tab) -> Iterator[str]:
    """Yield what is wrong: all rules at both ends of the widths, what only the other scheme can change besides."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{width}: wider than the window"
        if width in (360, 1280):
            for scheme in SCHEMES:
                tab.emulate_media(color_scheme=scheme)
                found = findings(tab) if (scheme == "light") == (width == 360) else findings(tab, COLOURS)
                yield from (f"{width} {scheme}: {one}" for one in found)
