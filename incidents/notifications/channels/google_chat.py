"""Google Chat: a card (cardsV2) through a space's incoming webhook.

No `text` is sent, the only place where "<users/all>" is read as a mention; in the card's paragraphs
&, < and > are escaped, so that a text brings no tags of its own. Sources:
developers.google.com/workspace/chat "Build a Google Chat app as a webhook" (one message a second and
space), "Format messages" and "Cards v2" (32 KB a card, tags b, i, font, a, br).
"""

from datetime import datetime
from html import escape
from typing import Any

from incidents.lib.http import Answer
from incidents.notifications.channels.hook import Parcel, Request, as_json
from incidents.notifications.channels.judging import judged
from incidents.notifications.notes import Note, cut

TEXT_BYTES = 12_000
"""Of the card's 32 KB, once escaped."""


class GoogleChat:
    """Incoming webhooks of Google Chat."""

    name = "Google Chat"

    def compose(self, parcel: Parcel) -> Request:
        """Return the card: title, coloured state, text, facts, buttons."""
        note = parcel.note
        card = {
            "header": {"title": cut(note.title, 200), "subtitle": cut(note.page_name, 200)},
            "sections": [{"widgets": _widgets(note)}],
        }
        document = {"fallbackText": cut(note.summary, 500), "cardsV2": [{"cardId": parcel.reference, "card": card}]}
        return Request(parcel.address, as_json(document))

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take 200 for a yes; 404 says that hook or space are no more."""
        return judged(answer, at=at, gone=(404, 410), refused=(400, 413))


def _widgets(note: Note) -> list[dict[str, Any]]:
    headline = f'<b><font color="{note.tone}">{escape(cut(note.headline, 500))}</font></b>'
    text = escape(cut(note.text, TEXT_BYTES, size=lambda words: len(escape(words).encode())))
    facts = "<br>".join(f"<b>{escape(label)}:</b> {escape(cut(value, 600))}" for label, value in note.facts)
    buttons = [_button(note.button, note.url)]
    if note.manage_url:
        buttons.append(_button(note.manage_button, note.manage_url))
    paragraphs = [headline, text.replace("\n", "<br>"), facts]
    return [
        *({"textParagraph": {"text": paragraph}} for paragraph in paragraphs if paragraph),
        {"buttonList": {"buttons": buttons}},
    ]


def _button(text: str, url: str) -> dict[str, Any]:
    return {"text": text, "onClick": {"openLink": {"url": url}}}
