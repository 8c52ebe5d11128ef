"""Slack: incoming webhooks, laid out with Block Kit inside a coloured attachment.

Texts of ours go into `plain_text` objects, in which Slack reads neither mentions nor markup; where a
link needs mrkdwn, &, < and > are escaped, without which no mention can be written. Sources:
docs.slack.dev "Sending messages using incoming webhooks" (answers), "Formatting message text"
(escapes), "Block Kit" (header 150, section 3,000, field 2,000 characters, 10 fields).
"""

from datetime import datetime
from typing import Any

from incidents.lib.http import Answer
from incidents.notifications.channels.hook import Parcel, Request, as_json
from incidents.notifications.channels.judging import gone_for_good, judged, words_of
from incidents.notifications.notes import Note, cut

HEADER_LIMIT, TEXT_LIMIT, FIELD_LIMIT, FIELDS = 150, 2_900, 600, 10

_GONE = ("no_service", "no_team", "team_disabled", "channel_not_found", "channel_is_archived", "invalid_token")


class Slack:
    """Incoming webhooks of Slack."""

    name = "Slack"

    def compose(self, parcel: Parcel) -> Request:
        """Return the message: colour, title, state, text, facts, links."""
        note = parcel.note
        attachment = {"color": note.tone, "fallback": cut(escaped(note.summary), 500), "blocks": _blocks(note)}
        document = {"attachments": [attachment], "unfurl_links": False, "unfurl_media": False, "link_names": False}
        return Request(parcel.address, as_json(document))

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take "ok" for a yes; 404 and 410, and some words at 403, say that the hook is no more."""
        if answer.status in {400, 403} and answer.body.decode("utf-8", "replace").strip() in _GONE:
            raise gone_for_good(words_of(answer))
        return judged(answer, at=at, gone=(404, 410), refused=(400, 413))


def escaped(text: str) -> str:
    """Return `text` for mrkdwn: without these three signs no mention, link or channel can be written."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(note: Note) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(note.title, HEADER_LIMIT)},
        {"type": "context", "elements": [_plain(f"{note.page_name} · {note.headline}", FIELD_LIMIT)]},
    ]
    if note.text:
        blocks.append({"type": "section", "text": _plain(note.text, TEXT_LIMIT)})
    if note.facts:
        fields = [_plain(f"{label}:\n{value}", FIELD_LIMIT) for label, value in note.facts[:FIELDS]]
        blocks.append({"type": "section", "fields": fields})
    links = [_link(note.url, note.button)]
    if note.manage_url:
        links.append(_link(note.manage_url, note.manage_button))
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": " · ".join(links), "verbatim": True}]})
    return blocks


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def _link(url: str, words: str) -> str:
    return f"<{escaped(url)}|{escaped(words)}>"
