"""What every channel over HTTP does: give a message the product's form, and read what the product answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from incidents.lib.http import Answer
from incidents.notifications.notes import SILENT, Note

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one subscriber, before it has a product's form.

    `reference` names the delivery and is the same on every try. Chats say what is in `note`;
    webhooks carry `document`, signed with `secrets`.
    """

    reference: str
    address: str
    at: datetime
    note: Note = SILENT
    secrets: str = field(default="", repr=False)
    document: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One POST. The URL of most chats is their password: it is not shown."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON_HEADERS, repr=False)


class Hook(Protocol):
    """A product that takes messages over HTTP."""

    name: str
    """What people call it, in sentences."""

    def compose(self, parcel: Parcel) -> Request:
        """Return the request that carries `parcel`, within the product's limits."""

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Return the product's words where it took the message. Raises PermanentFailure, TemporaryFailure."""


def as_json(document: Mapping[str, Any]) -> bytes:
    """Return compact JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
