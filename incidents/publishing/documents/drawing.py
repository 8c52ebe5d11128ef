"""Drawing the pictures of `pictures.py`: paper, one glyph, one sentence."""

import unicodedata
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext, ngettext
from PIL import Image, ImageDraw, ImageFont

from incidents.lib.languages import speaking
from incidents.publishing.documents.glyphs import Ink, drawn, icon
from incidents.publishing.documents.pictures import NEUTRAL, Part, Picture
from incidents.publishing.palette import LIGHT

WIDTH, HEIGHT = 1200, 630

_STATIC = Path(__file__).resolve().parents[3] / "static"
_FACE = _STATIC / "fonts" / "source-sans-3-latin-wght-normal.woff2"
_MARK = _STATIC / "icons" / "status.svg"

_CARD = (32, 32, WIDTH - 32, HEIGHT - 32)
_LEFT, _RIGHT = 88, WIDTH - 88
_GLYPH = 116
_TEXT_LEFT = _LEFT + _GLYPH + 40
_SIZES = (84, 76, 68, 62, 56)
"""Sizes the sentence is tried in; even the smallest is 14 pixels high at 300 pixels of width."""

_LINES_AT_MOST = 3
_COLOURS = 128
_KEPT = 64
"""Pictures remembered (about 15 KB each): drawing costs 20 ms, and most events change no picture."""

_ROOM = (140, 508)
"""From the page's name to the line over the stamp."""

_SECOND, _ROW = 60, 58
_PART_GLYPH, _GAP, _MORE = 30, 36, 150

_COVERED = frozenset(
    {
        *(chr(code) for first, last in ((0x20, 0x7E), (0xA0, 0xFF)) for code in range(first, last + 1)),
        *"ıŒœˆ˚˜–—‘’‚“”„•…′″‹›⁄€™↑↓−",
    }
)
"""The characters the face has (fewer than the unicode-range in tokens.css asks for)."""

_PLAIN = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H"}
"""Letters with a stroke, which Unicode does not take apart."""


@lru_cache(maxsize=_KEPT)
def png(picture: Picture) -> bytes:
    """Return the picture as PNG with a palette."""
    with speaking(picture.language):
        return _encoded(_picture(picture))


def _picture(picture: Picture) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), LIGHT.ground)
    pencil = ImageDraw.Draw(image)
    paper = LIGHT.states[picture.ground].wash if picture.ground else LIGHT.surface
    pencil.rounded_rectangle(_CARD, radius=28, fill=paper, outline=LIGHT.hairline, width=2)
    _draw_frame(pencil, picture)
    _draw_body(image, pencil, picture, paper)
    return image


def legible(text: str) -> str:
    """Return `text` in the characters of the face: accents and signs it lacks go, foreign dashes become "-".

    Where a letter is missing it returns "": a picture in our own words is better than one in empty boxes.
    """
    known = [_in_face(character) for character in text]
    return "" if None in known else " ".join("".join(part for part in known if part).split())


def _in_face(character: str) -> str | None:
    """Return what stands for a character, None for a letter or digit of a script the face does not have."""
    if character in _COVERED:
        return character
    parts = unicodedata.normalize("NFKD", _PLAIN.get(character, character))
    kept = "".join(part for part in parts if part in _COVERED)
    if kept:
        return kept
    kind = unicodedata.category(character)
    return {"Pd": "-", "Zs": " "}.get(kind, None if kind[0] in "LN" else "")


def _draw_frame(pencil: ImageDraw.ImageDraw, picture: Picture) -> None:
    heading = _heading(picture)
    if picture.glyph != NEUTRAL:
        pencil.text((_LEFT, 76), _fitted(heading, _font(38, 600), _RIGHT - _LEFT), LIGHT.ink, _font(38, 600))
    pencil.line((_LEFT, 518, _RIGHT, 518), fill=LIGHT.hairline, width=2)
    small = _font(30, 400)
    pencil.text((_LEFT, 537), picture.stamp or picture.host, LIGHT.ink_3, small)
    if picture.stamp:
        host = _fitted(picture.host, small, 480)
        pencil.text((_RIGHT - small.getlength(host), 537), host, LIGHT.ink_3, small)


def _heading(picture: Picture) -> str:
    """Return whose picture it is, "" where nothing else stands below."""
    name = legible(picture.page)
    if picture.is_wordless:
        said = name or picture.host
        return said if said != _sentence(picture) else ""
    return gettext("{page} status").format(page=name) if name else picture.host


def _sentence(picture: Picture) -> str:
    """Return what stands largest."""
    said = legible(picture.sentence)
    if picture.is_wordless:
        return said or legible(picture.page) or picture.host
    return said or picture.second.replace(" · ", ": ") or gettext("{page} status").format(page=picture.host)


def _draw_body(image: Image.Image, pencil: ImageDraw.ImageDraw, picture: Picture, paper: str) -> None:
    """Draw glyph, sentence, second line and components, together in the middle of the room they have."""
    font, lines = _set(_sentence(picture), _RIGHT - _TEXT_LEFT)
    second = picture.second if legible(picture.sentence) else ""
    rows = _rows(picture, rows=1 if second else 2)
    leading = round(font.size * 1.1)
    height = len(lines) * leading + (_SECOND if second else 0) + len(rows) * _ROW
    top = _ROOM[0] + (_ROOM[1] - _ROOM[0] - height) // 2
    _draw_glyph(image, picture, paper, middle=top + leading // 2 if len(lines) == 1 else top + _GLYPH // 2)
    for line in lines:
        pencil.text((_TEXT_LEFT, top + leading // 2), line, LIGHT.ink, font, anchor="lm")
        top += leading
    if second:
        fitted = _fitted(second, _font(38, 400), _RIGHT - _TEXT_LEFT)
        pencil.text((_TEXT_LEFT, top + _SECOND // 2), fitted, LIGHT.ink_2, _font(38, 400), anchor="lm")
        top += _SECOND
    for row in rows:
        _draw_row(image, pencil, row, top + _ROW // 2 + 4, paper)
        top += _ROW


def _draw_glyph(image: Image.Image, picture: Picture, paper: str, *, middle: int) -> None:
    is_mark = picture.glyph == NEUTRAL
    glyph = icon(_MARK.read_text(), _GLYPH) if is_mark else _glyph(picture.glyph, _GLYPH, paper)
    image.paste(glyph, (_LEFT, middle - _GLYPH // 2), glyph)


def _rows(picture: Picture, *, rows: int) -> list[list[Part]]:
    """Return the components named, in lines that fit; a part without a glyph says how many more there are."""
    named = [Part(_fitted(legible(one.name), _font(34, 600), 380), one.glyph) for one in picture.parts]
    parts = [one for one in named if one.name]
    filled: list[list[Part]] = []
    left = float(_RIGHT)
    for position, part in enumerate(parts):
        width = _part_width(part)
        room = _RIGHT - (_MORE if len(filled) == rows else 0)
        if left + width > room:
            if len(filled) == rows:
                return _closed(filled, _more(picture, len(parts) - position + picture.more))
            filled.append([])
            left = _TEXT_LEFT
        filled[-1].append(part)
        left += width + _GAP
    return _closed(filled, _more(picture, picture.more))


def _closed(rows: list[list[Part]], more: str) -> list[list[Part]]:
    return [*rows[:-1], [*rows[-1], Part(more, "")]] if rows and more else rows


def _more(picture: Picture, count: int) -> str:
    """Return how many are left out, "" for none."""
    if picture.is_wordless:
        return f"+{count}" if count else ""
    return ngettext("+{count} more", "+{count} more", count).format(count=count) if count else ""


def _part_width(part: Part) -> float:
    return _PART_GLYPH + 12 + _font(34, 600).getlength(part.name)


def _draw_row(image: Image.Image, pencil: ImageDraw.ImageDraw, row: list[Part], middle: int, paper: str) -> None:
    left = float(_TEXT_LEFT)
    for part in row:
        if not part.glyph:
            pencil.text((left, middle), part.name, LIGHT.ink_2, _font(34, 400), anchor="lm")
            continue
        glyph = _glyph(part.glyph, _PART_GLYPH, paper)
        image.paste(glyph, (round(left), middle - _PART_GLYPH // 2), glyph)
        pencil.text((left + _PART_GLYPH + 12, middle), part.name, LIGHT.ink, _font(34, 600), anchor="lm")
        left += _part_width(part) + _GAP


def _glyph(name: str, size: int, paper: str) -> Image.Image:
    return drawn(name, size, Ink(LIGHT.text(name), paper))


def _set(sentence: str, width: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest face in which the sentence fits, and its lines; the last one is cut if none does."""
    for size in _SIZES:
        font = _font(size, 700)
        lines = _broken(sentence, font, width)
        if len(lines) <= (2 if size > _SIZES[-2] else _LINES_AT_MOST):
            return font, _balanced(sentence, font, lines, width)
    kept, rest = lines[: _LINES_AT_MOST - 1], " ".join(lines[_LINES_AT_MOST - 1 :])
    return font, [*kept, _fitted(rest, font, width)]


def _balanced(text: str, font: ImageFont.FreeTypeFont, lines: list[str], width: int) -> list[str]:
    """Return as many lines, as even in length as words allow."""
    for narrower in range(width - 24, width // 3, -24):
        even = _broken(text, font, narrower)
        if len(even) > len(lines) or any("…" in line for line in even):
            break
        lines = even
    return lines


def _broken(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        word = _fitted(word, font, width)
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _fitted(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """Return `text` cut with an ellipsis where it is too wide."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip(' .,;:')}…"


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_FACE), size)
    font.set_variation_by_axes([weight])
    return font


def _encoded(image: Image.Image) -> bytes:
    reduced = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = BytesIO()
    reduced.save(written, "PNG", optimize=False, compress_level=6)
    return written.getvalue()
