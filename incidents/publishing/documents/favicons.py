"""The icon of the page's state at the addresses browsers ask for by themselves."""

from functools import cache
from io import BytesIO
from pathlib import Path

from incidents.publishing.documents.glyphs import icon
from incidents.publishing.documents.headline import favicon, headline
from incidents.publishing.shapes import IndexFacts

_ICONS = Path(__file__).resolve().parents[3] / "static" / "icons"
_SIZES = [(16, 16), (32, 32), (48, 48)]


def svg(facts: IndexFacts) -> bytes:
    """Return the icon as SVG, with its dark colours inside."""
    return _file(favicon(headline(facts))).encode()


def ico(facts: IndexFacts) -> bytes:
    """Return the icon in three sizes as ICO."""
    return _ico(favicon(headline(facts)))


@cache
def _file(name: str) -> str:
    return (_ICONS / f"{name}.svg").read_text()


@cache
def _ico(name: str) -> bytes:
    written = BytesIO()
    largest, *others = [icon(_file(name), size) for size, _ in reversed(_SIZES)]
    largest.save(written, "ICO", sizes=_SIZES, append_images=others)
    return written.getvalue()
