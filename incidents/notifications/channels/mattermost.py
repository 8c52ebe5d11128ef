"""Mattermost: incoming webhooks with a coloured message attachment. Any host may run one.

Attachments are Markdown and may mention: signs of Markdown get a backslash, and an invisible space
follows each "@", each "<" and a colon that could begin an emoji: for those Mattermost knows no
backslash and would show it. `fallback` is plain text (it is what a push notification shows). Sources:
developers.mattermost.com/integrate/webhooks/incoming (answers, parameters),
integrate/reference/message-attachments (fields, mentions), github.com/mattermost/marked (`inline.escape`),
16,383 characters a post.
"""

import re
from datetime import datetime
from typing import Any

from incidents.lib.http import Answer
from incidents.notifications.channels.hook import Parcel, Request, as_json
from incidents.notifications.channels.judging import fields_of, gone_for_good, judged, words_of
from incidents.notifications.notes import ZERO_WIDTH_SPACE, Note, cut, without_mentions

TITLE_LIMIT, TEXT_LIMIT, VALUE_LIMIT, FIELDS = 300, 6_000, 600, 10

_MARKUP = re.compile(r"([\\*_~`|>\[\]()#!])|^(\s*\d*)([-+.])(?=[\s-])", re.MULTILINE)
_UNESCAPABLE = re.compile(r"<|:(?!//)(?=[^\s\d])|^\s*(?==)", re.MULTILINE)
_GONE = ("web.incoming_webhook.invalid", "web.incoming_webhook.channel", "web.incoming_webhook.disabled")


class Mattermost:
    """Incoming webhooks of Mattermost."""

    name = "Mattermost"

    def compose(self, parcel: Parcel) -> Request:
        """Return the attachment: colour, title that links, state and text, facts, the way out."""
        return Request(parcel.address, as_json({"attachments": [_attachment(parcel.note)]}))

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take "ok" for a yes; an unknown hook is a 400 or 404 whose `id` says so."""
        if 400 <= answer.status < 500 and str(fields_of(answer).get("id", "")).startswith(_GONE):
            raise gone_for_good(words_of(answer))
        return judged(answer, at=at, gone=(404, 410), refused=(400, 413))


def escaped(text: str) -> str:
    """Return `text` as Markdown that shows it as it is and mentions nobody."""
    safe = _MARKUP.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)
    return without_mentions(_UNESCAPABLE.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", safe))


def cut_escaped(text: str, limit: int) -> str:
    """Return `text` escaped, with at most `limit` characters once it is."""
    return escaped(cut(text, limit, size=lambda words: len(escaped(words))))


def _attachment(note: Note) -> dict[str, Any]:
    parts = [f"**{cut_escaped(note.headline, VALUE_LIMIT)}**", cut_escaped(note.text, TEXT_LIMIT)]
    links = [f"[{escaped(note.button)}]({note.url})"]
    if note.manage_url:
        links.append(f"[{escaped(note.manage_button)}]({note.manage_url})")
    return {
        "fallback": without_mentions(cut(note.summary, TITLE_LIMIT)),
        "color": note.tone,
        "author_name": without_mentions(cut(note.page_name, TITLE_LIMIT)),
        "title": without_mentions(cut(note.title, TITLE_LIMIT)),
        "title_link": note.url,
        "text": "\n\n".join(part for part in (*parts, " · ".join(links)) if part),
        "fields": [
            {"title": label, "value": cut_escaped(value, VALUE_LIMIT), "short": len(value) < 40}
            for label, value in note.facts[:FIELDS]
        ],
    }
