"""Discord: a webhook's embed with a coloured bar.

`allowed_mentions` is empty, so that nothing pings whatever a text says; Markdown is escaped so that
it does not break the layout. Sources: discord.com/developers/docs/resources/webhook "Execute Webhook",
resources/message "Embed Limits" (title 256, description 4,096, 25 fields of 256 and 1,024, footer
2,048, 6,000 in all), topics/rate-limits (`retry_after` in seconds), topics/opcodes-and-status-codes
(10015 unknown webhook, 50027 invalid webhook token).
"""

import re
from datetime import datetime
from typing import Any

from incidents.lib.http import Answer
from incidents.notifications.channels.hook import Parcel, Request, as_json
from incidents.notifications.channels.judging import gone_for_good, judged, words_of
from incidents.notifications.notes import Note, cut

TITLE_LIMIT, TEXT_LIMIT, VALUE_LIMIT, NAME_LIMIT, FIELDS = 256, 3_000, 350, 100, 6
"""The sum stays under the 6,000 of all parts together."""

_GONE_CODES = {10003, 10015, 50027}
_MARKUP = re.compile(r"([\\*_~`|<>\[\]()#@:])|^(\s*\d*)([-+.])(?=\s)", re.MULTILINE)


class Discord:
    """Incoming webhooks of Discord."""

    name = "Discord"

    def compose(self, parcel: Parcel) -> Request:
        """Return the embed: title that links, state and text, facts, the way out."""
        note = parcel.note
        document = {"allowed_mentions": {"parse": []}, "embeds": [_embed(note)]}
        return Request(parcel.address, as_json(document))

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take 204 for a yes; an unknown webhook or a wrong token says that it was deleted."""
        if answer.status in {400, 401, 403, 404} and fields_code(answer) in _GONE_CODES:
            raise gone_for_good(words_of(answer))
        return judged(answer, at=at, gone=(404, 410), refused=(400, 413))


def escaped(text: str) -> str:
    """Return `text` with every sign that Discord's Markdown could read preceded by a backslash."""
    return _MARKUP.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def cut_escaped(text: str, limit: int) -> str:
    """Return `text` escaped, with at most `limit` characters once it is."""
    return escaped(cut(text, limit, size=lambda words: len(escaped(words))))


def fields_code(answer: Answer) -> int:
    """Return the number Discord gives a refusal, 0 where there is none."""
    found = re.search(rb'"code"\s*:\s*(\d{1,6})\b', answer.body[:2_000])
    return int(found[1]) if found else 0


def _embed(note: Note) -> dict[str, Any]:
    headline = f"**{cut_escaped(note.headline, 500)}**"
    text = "\n\n".join(part for part in (headline, cut_escaped(note.text, TEXT_LIMIT)) if part)
    if note.manage_url:
        text = f"{text}\n\n[{escaped(note.manage_button)}]({note.manage_url})"
    return {
        "title": cut_escaped(note.title, TITLE_LIMIT),
        "url": note.url,
        "description": text,
        "color": int(note.tone.removeprefix("#"), 16),
        "author": {"name": cut(note.page_name, NAME_LIMIT)},
        "fields": [
            {"name": cut(label, NAME_LIMIT), "value": cut_escaped(value, VALUE_LIMIT), "inline": len(value) < 40}
            for label, value in note.facts[:FIELDS]
        ],
    }
