"""What is photographed, and how small it is kept."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page as Tab

SIZES = {360: (780, 900), 768: (1_024, 1_100), 1_280: (900, 950)}
"""Width: height of the window, and at most so much of the page below its top."""
SCHEMES = ("light", "dark")
COLOURS = 96


@dataclass(frozen=True)
class Shot:
    """One screen: its name among the pictures, and its address or, for a mail, its HTML."""

    name: str
    address: str = ""
    html: str = ""
    widths: tuple[int, ...] = tuple(SIZES)
    is_whole: bool = True
    """Whether more than the window is shown; bars that stay below would lie across it."""


def photograph(tab: Tab, shot: Shot, folder: Path) -> int:
    """Write a screen at its widths in both schemes; return the bytes of all of them."""
    total = 0
    for width in shot.widths:
        height, most = SIZES[width]
        tab.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
            show(tab, shot)
            whole = Image.open(BytesIO(tab.screenshot(full_page=shot.is_whole)))
            body = packed(whole.crop((0, 0, width, min(whole.height, most))))
            (folder / f"{shot.name}-{width}-{scheme}.webp").write_bytes(body)
            total += len(body)
    return total


def show(tab: Tab, shot: Shot) -> None:
    """Open a screen and wait until its face is there: it is optional, so the second visit has it."""
    if shot.html:
        # The policy of the page before would forbid the mail its styles.
        tab.goto("about:blank")
        tab.set_content(shot.html)
        tab.wait_for_load_state("networkidle")
        return
    tab.goto(shot.address)
    tab.wait_for_load_state("networkidle")


def packed(picture: Image.Image) -> bytes:
    """Return a picture as WebP without loss, of its most frequent colours: every ground and state keeps its own."""
    plain = picture.convert("RGB")
    counted = sorted(plain.getcolors(1 << 24) or [], reverse=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted[:COLOURS] for part in colour])
    body = BytesIO()
    few = plain.quantize(palette=palette, dither=Image.Dither.NONE)
    few.convert("RGB").save(body, "WEBP", lossless=True, method=4)
    return body.getvalue()
