"""Staff text on its way to a page or a feed; it was sanitised when it was written."""

import html as entities
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from incidents.lib.time_tokens import localised

_PARAGRAPH_BREAK = re.compile(r"</p>\s*<p>")
_OTHER_BLOCK = re.compile(r"<(?:ul|ol|table|pre|blockquote|hr|h[1-6])\b")
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_WHITESPACE = re.compile(r"\s+")

_TIME = re.compile(r'<time datetime="[^"]+">([^<]*)</time>')

_zone: ContextVar[ZoneInfo | None] = ContextVar("zone_of_prose", default=None)


@contextmanager
def told_in(zone: ZoneInfo) -> Iterator[None]:
    """Let times inside texts that are read in the block be told in `zone`, as the stamps around them are."""
    token = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(token)


def timed(html: str) -> str:
    """Return `html` with its times in the zone of the document that is made; as they were written outside one."""
    zone = _zone.get()
    return localised(html, zone) if zone is not None and "<time " in html else html


def readable(html: str, *, under: int = 3) -> SafeString:
    """Return sanitised `html` for a place below a heading of level `under`.

    Its headings continue the page's order without skipping a level; tables and code get regions
    that scroll by keyboard too.
    """
    html = timed(html)
    for tag, name in (("table", pgettext("part of a text", "Table")), ("pre", pgettext("part of a text", "Code"))):
        opening = f'<div class="scroll" role="group" tabindex="0" aria-label="{name}"><{tag}>'
        html = html.replace(f"<{tag}>", opening).replace(f"</{tag}>", f"</{tag}></div>")
    return mark_safe(_levelled(html, under))  # noqa: S308 - sanitised at write time by incidents.lib.markdown


def _levelled(html: str, under: int) -> str:
    used = sorted({int(level) for level, _ in _HEADING.findall(html)})
    previous = under

    def renumbered(heading: re.Match[str]) -> str:
        nonlocal previous
        previous = min(under + 1 + used.index(int(heading[1])), previous + 1, 6)
        return f"<h{previous}>{heading[2]}</h{previous}>"

    return _HEADING.sub(renumbered, html)


def plain(html: str) -> str:
    """Return the words of `html` on one line."""
    spaced = timed(html).replace("</p>", " ").replace("<br", " <br").replace("</li>", " ")
    return _WHITESPACE.sub(" ", entities.unescape(strip_tags(spaced))).strip()


def summary(html: str, *, limit: int) -> str:
    """Return at most `limit` characters of plain text, cut between words."""
    words = plain(html)
    if len(words) <= limit:
        return words
    return f"{words[: limit - 1].rsplit(' ', 1)[0].rstrip('.,;:')}…"


def summary_markup(html: str, *, limit: int) -> SafeString:
    """Return a summary as HTML, in which times that were not cut are the elements they were."""
    words = str(escape(summary(html, limit=limit)))
    for element in _TIME.finditer(timed(html)):
        words = words.replace(element[1], element[0], 1) if element[0] not in words else words
    return mark_safe(words)  # noqa: S308 - escaped, but for our own time elements


def inline(html: str) -> str:
    """Return `html` so that it can follow words inside one paragraph, which it may leave open.

    Paragraphs alone become line breaks (as in the feeds of Statuspage); other blocks follow
    after the first paragraph.
    """
    html = timed(html)
    if not html.startswith("<p>"):
        return f"</p>{html}<p>" if html.startswith("<") else html
    if _OTHER_BLOCK.search(html):
        return f"{html.removeprefix('<p>').removesuffix('</p>')}{'' if html.endswith('</p>') else '<p>'}"
    return _PARAGRAPH_BREAK.sub("<br /><br />", html.removeprefix("<p>").removesuffix("</p>"))
