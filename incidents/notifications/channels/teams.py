"""Microsoft Teams: an adaptive card for the Workflows trigger "when a Teams webhook request is received".

Texts of ours go into RichTextBlocks, in which Teams reads no Markdown; a mention would need an entity
of its own, which no text can write. Sources: learn.microsoft.com "Create incoming webhooks"
(28 KB a message, four requests a second), "Adaptive Cards for Teams", adaptivecards.io "RichTextBlock"
(version 1.2) and "Container" (styles). Hooks of the retired connectors answer 200 with the error in words.
"""

import re
from datetime import datetime
from typing import Any

from incidents.lib.http import Answer
from incidents.notifications.channels.hook import Parcel, Request, as_json
from incidents.notifications.channels.judging import gone_for_good, judged, later, words_of
from incidents.notifications.notes import Note, cut
from incidents.timeline.states import ComponentStatus

TEXT_BYTES = 12_000
"""Of the 28 KB; some tenants were seen to refuse from 21 KB on."""

_STYLES = {
    ComponentStatus.OPERATIONAL: "good",
    ComponentStatus.DEGRADED_PERFORMANCE: "warning",
    ComponentStatus.PARTIAL_OUTAGE: "warning",
    ComponentStatus.MAJOR_OUTAGE: "attention",
    ComponentStatus.UNDER_MAINTENANCE: "accent",
}
_HIDDEN_ERROR = re.compile(r"returned HTTP error (\d{3})|delivery failed", re.IGNORECASE)
_GONE = re.compile(r"WorkflowNotFound|WorkflowTriggerIsNotEnabled|DirectApiAuthorizationRequired", re.IGNORECASE)


class Teams:
    """Incoming webhooks of Microsoft Teams."""

    name = "Microsoft Teams"

    def compose(self, parcel: Parcel) -> Request:
        """Return the card: coloured head with title and state, text, facts, buttons."""
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "msteams": {"width": "Full"},
            "fallbackText": cut(parcel.note.summary, 500),
            "body": _body(parcel.note),
            "actions": _actions(parcel.note),
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
        return Request(parcel.address, as_json({"type": "message", "attachments": [attachment]}))

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take 2xx for a yes, unless the words of a retired connector say no."""
        text = answer.body[:2_000].decode("utf-8", "replace")
        if answer.status in {400, 401, 403, 404} and _GONE.search(text):
            raise gone_for_good(words_of(answer))
        words = judged(answer, at=at, gone=(404, 410), refused=(413,))
        if _HIDDEN_ERROR.search(text):
            raise later(f"Teams did not take the message: {words}")
        return words


def _body(note: Note) -> list[dict[str, Any]]:
    head = {
        "type": "Container",
        "style": _STYLES[ComponentStatus(note.status)],
        "bleed": True,
        "items": [
            _rich(_run(cut(note.title, 300), size="Large", weight="Bolder")),
            _rich(_run(cut(f"{note.page_name} · {note.headline}", 500))),
        ],
    }
    text = cut(note.text, TEXT_BYTES, size=lambda words: len(words.encode()))
    paragraphs = [_rich(_run(part)) for part in text.split("\n\n") if part]
    facts = [
        _rich(_run(f"{label}: ", weight="Bolder"), _run(cut(value, 600)), spacing="Small")
        for label, value in note.facts
    ]
    return [head, *paragraphs, *facts]


def _rich(*runs: dict[str, Any], spacing: str = "Default") -> dict[str, Any]:
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": list(runs)}


def _run(text: str, **look: str) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **look}


def _actions(note: Note) -> list[dict[str, Any]]:
    actions = [{"type": "Action.OpenUrl", "title": note.button, "url": note.url}]
    if note.manage_url:
        actions.append({"type": "Action.OpenUrl", "title": note.manage_button, "url": note.manage_url})
    return actions
