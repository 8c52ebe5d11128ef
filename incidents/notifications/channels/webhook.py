"""Webhooks: Statuspage's payloads, signed as Standard Webhooks 1.0 asks for.

The identity (`webhook-id`) of a delivery is the same on every try, the stamp and signature are the
try's own. A payload stays under 20 kB, as the specification advises: the oldest updates go first.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from incidents.lib.http import Answer
from incidents.lib.signing import signed_headers
from incidents.notifications.channels.hook import JSON_HEADERS, Parcel, Request, as_json
from incidents.notifications.channels.judging import judged
from incidents.notifications.notes import cut

SIZE_LIMIT = 20_000
"""Bytes of a payload."""

_MORE = "\n\n(shortened; the whole is at the incident's shortlink)"


class Webhook:
    """Endpoints that subscribers run themselves."""

    name = "Webhook"

    def compose(self, parcel: Parcel) -> Request:
        """Return the payload with its three signature headers."""
        body = fitting(parcel.document)
        signed = signed_headers(parcel.secrets, reference=parcel.reference, body=body, at=parcel.at)
        return Request(parcel.address, body, {**JSON_HEADERS, **signed})

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take any 2xx for a yes and 410 for the end; all else is tried again."""
        return judged(answer, at=at)


def fitting(document: Mapping[str, Any]) -> bytes:
    """Return the payload as JSON of at most 20 kB.

    Of a longer one the oldest updates are left out, the last components, and the ends of long
    texts; the newest update always stays.
    """
    body = as_json(document)
    if len(body) <= SIZE_LIMIT or "incident" not in document:
        return body
    incident = document["incident"]
    newest, *older = incident["incident_updates"]
    shorter = {
        **incident,
        "postmortem_body": incident["postmortem_body"] and _cut(incident["postmortem_body"], 3_000),
        "incident_updates": [_shortened(newest)],
        "components": _first(incident["components"], 3_000),
    }
    room = SIZE_LIMIT - len(as_json({**document, "incident": shorter}))
    shorter["incident_updates"] += _first(older, room)
    return as_json({**document, "incident": shorter})


def _shortened(update: Mapping[str, Any]) -> dict[str, Any]:
    body = update["body"]
    if _size(body) > 8_000:
        body = f"{_cut(body, 8_000)}{_MORE}"
    changes = update["affected_components"]
    return {**update, "body": body, "affected_components": changes and _first(changes, 3_000)}


def _first(items: Sequence[Any], room: int) -> list[Any]:
    """Return as many of `items` as fit into `room` bytes, from the first on."""
    sizes = itertools.accumulate(_size(item) + 1 for item in items)
    return [item for item, size in zip(items, sizes, strict=True) if size <= room]


def _cut(text: str, limit: int) -> str:
    return cut(text, limit, size=_size)


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
