"""Long texts in mails: shortened at a paragraph, so that mail programs do not clip the rest."""

import re
from html import unescape
from zoneinfo import ZoneInfo

from django.utils.html import strip_tags

from incidents.lib.markdown import render_markdown
from incidents.lib.time_tokens import localised
from incidents.notifications.mail.unmarked import unmarked

HTML_BYTES = 14_000
"""What the text may take of the 25 KB beyond which programs clip, where nothing of it has to be encoded."""

_BLOCK_END = re.compile(r"</(?:p|li|h\d|td|th|pre|blockquote)>|<br[^>]*>")
_WHITESPACE = re.compile(r"\s+")


def shortened(body: str, html: str, *, zone: ZoneInfo, room: int = HTML_BYTES) -> tuple[str, str, bool]:
    """Return text without marks, HTML, neither of more than `room` octets, and whether something was left out.

    Times that staff wrote are told in `zone`.
    """
    html = localised(html, zone)
    text = unmarked(html)
    is_cut = False
    while len(html.encode()) > room or len(text.encode()) > room:
        body, is_cut = _cut(body, len(body) * 2 // 3), True
        html = localised(render_markdown(body), zone)
        text = unmarked(html)
    return text, html, is_cut


def summary(text: str, *, limit: int = 180) -> str:
    """Return at most `limit` octets (in UTF-8) of `text` on one line, cut between words."""
    words = _WHITESPACE.sub(" ", text).strip()
    if len(words.encode()) <= limit:
        return words
    kept = words.encode()[: limit - 3].decode(errors="ignore")
    return f"{kept.rsplit(' ', 1)[0].rstrip('.,;:')}…"


def plain(html: str) -> str:
    """Return the words of `html` on one line."""
    spaced = _BLOCK_END.sub(" ", html)
    return _WHITESPACE.sub(" ", unescape(strip_tags(spaced))).strip()


def _cut(text: str, limit: int) -> str:
    head = text[:limit]
    for end in ("\n\n", "\n", " "):
        place = head.rfind(end)
        if place > limit // 2:
            return f"{head[:place].rstrip()} …"
    return f"{head} …"
