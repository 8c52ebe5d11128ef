"""Glyphs and icons where no style sheet reaches: one source of shapes, `templates/public/_glyph.html`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from PIL import Image, ImageChops, ImageDraw

from incidents.publishing.outlines import Line, circle, dashed, outlines

FIELD = 16
"""Units of the square every glyph is drawn in."""

_SUPERSAMPLED = 6
"""Shapes are drawn this many times larger and reduced, which smooths their edges."""

_ELEMENT = re.compile(r"<(path|circle)([^>]*)/>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_ROUND = 'stroke-linecap="round" stroke-linejoin="round"'


@dataclass(frozen=True, slots=True)
class Ink:
    """What a glyph is drawn with: its colour and the ground its inner mark lets through."""

    colour: str
    ground: str


@dataclass(frozen=True, slots=True)
class _Shape:
    lines: tuple[Line, ...]
    fill: str
    stroke: str
    width: float
    dash: tuple[float, float] | None


@cache
def elements(name: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return the elements of a glyph as (tag, attributes); their classes are cut, cut-body, line and thin."""
    return _elements(render_to_string("public/_glyph.html", {"name": name}))


def markup(name: str, ink: Ink) -> str:
    """Return a glyph as SVG elements that need no style sheet; classes f, b, l and c name their roles."""
    return "".join(_marked(tag, dict(attributes), ink) for tag, attributes in elements(name))


def drawn(name: str, size: int, ink: Ink) -> Image.Image:
    """Return a glyph as an image `size` pixels square, transparent around it."""
    return _drawn((_glyph_shape(tag, attributes, ink) for tag, attributes in elements(name)), FIELD, size)


def icon(svg: str, size: int) -> Image.Image:
    """Return one of our SVG icons (a field of 32 units) as an image `size` pixels square."""
    colour = re.search(r'<svg[^>]* fill="([^"]+)"', svg)
    default = colour.group(1) if colour else "#000000"
    shapes = (_icon_shape(tag, attributes, default) for tag, attributes in _elements(svg))
    return _drawn(shapes, 2 * FIELD, size)


def _elements(svg: str) -> tuple[tuple[str, dict[str, str]], ...]:
    return tuple((tag, dict(_ATTRIBUTE.findall(rest))) for tag, rest in _ELEMENT.findall(svg))


def _marked(tag: str, attributes: dict[str, str], ink: Ink) -> str:
    roles = attributes.pop("class", "").split()
    if "cut" in roles:
        own = f'class="c" fill="none" stroke="{ink.ground}" stroke-width="2" {_ROUND}'
    elif "cut-body" in roles:
        own = f'class="b" fill="{ink.ground}"'
    elif "line" in roles:
        own = f'class="l" fill="none" stroke="{ink.colour}" stroke-width="{1.5 if "thin" in roles else 2}" {_ROUND}'
    else:
        own = f'class="f" fill="{ink.colour}"'
    rest = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag} {own}{rest}/>"


def _glyph_shape(tag: str, attributes: dict[str, str], ink: Ink) -> _Shape:
    roles = attributes.get("class", "").split()
    return _Shape(
        lines=_lines(tag, attributes),
        fill=ink.ground if "cut-body" in roles else "" if roles else ink.colour,
        stroke=ink.ground if "cut" in roles else ink.colour if "line" in roles else "",
        width=1.5 if "thin" in roles else 2,
        dash=_dash(attributes),
    )


def _icon_shape(tag: str, attributes: dict[str, str], default: str) -> _Shape:
    fill = attributes.get("fill", default)
    return _Shape(
        lines=_lines(tag, attributes),
        fill="" if fill == "none" else fill,
        stroke=attributes.get("stroke", ""),
        width=float(attributes.get("stroke-width", 1)),
        dash=_dash(attributes),
    )


def _lines(tag: str, attributes: dict[str, str]) -> tuple[Line, ...]:
    if tag == "circle":
        return (circle(*(float(attributes[name]) for name in ("cx", "cy", "r"))),)
    return tuple(outlines(attributes["d"]))


def _dash(attributes: dict[str, str]) -> tuple[float, float] | None:
    if "stroke-dasharray" not in attributes:
        return None
    on, off = attributes["stroke-dasharray"].split()
    return float(on), float(off)


def _drawn(shapes: Iterable[_Shape], field: int, size: int) -> Image.Image:
    large = size * _SUPERSAMPLED
    image = Image.new("RGBA", (large, large))
    for shape in shapes:
        if shape.fill:
            image.paste(shape.fill, mask=_filled(shape, large / field, large))
        if shape.stroke:
            image.paste(shape.stroke, mask=_stroked(shape, large / field, large))
    return image.resize((size, size), Image.Resampling.BOX)


def _filled(shape: _Shape, scale: float, size: int) -> Image.Image:
    """Return the inside by the even-odd rule: what an even number of sub-paths cover is a hole."""
    inside = Image.new("1", (size, size))
    for line in shape.lines:
        one = Image.new("1", (size, size))
        ImageDraw.Draw(one).polygon(_scaled(line, scale), fill=1)
        inside = ImageChops.logical_xor(inside, one)
    return inside


def _stroked(shape: _Shape, scale: float, size: int) -> Image.Image:
    mask = Image.new("1", (size, size))
    pencil = ImageDraw.Draw(mask)
    for line in _pieces(shape):
        points = _scaled(line, scale)
        pencil.line(points, fill=1, width=round(shape.width * scale))
        for x, y in points:
            half = shape.width * scale / 2
            pencil.ellipse((x - half, y - half, x + half, y + half), fill=1)
    return mask


def _pieces(shape: _Shape) -> Iterator[Line]:
    for line in shape.lines:
        if shape.dash is None:
            yield line
        else:
            yield from dashed(line, *shape.dash)


def _scaled(line: Line, scale: float) -> list[tuple[float, float]]:
    return [(x * scale, y * scale) for x, y in line]
