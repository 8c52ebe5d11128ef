"""The history of a page as an audit log: what sieves it, and its lines as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict

from incidents.console.event_words import sentence_of
from incidents.lib.spreadsheets import csv_lines
from incidents.lib.text import storable
from incidents.timeline.models import Event, Page

HEADER = ("number", "at", "who", "what", "words", "about")

SUBJECTS = {
    "incidents": ("incident", "update", "postmortem", "action", "suspicion"),
    "maintenance": ("maintenance",),
    "components": ("component", "group"),
    "subscribers": ("subscriber", "subscribers", "delivery", "channel"),
    "people": ("membership", "invitation", "token", "account"),
    "settings": ("page", "phase", "template", "freeze", "translation"),
}
"""What a history can be narrowed to, and the nouns of the kinds of events behind each."""


@dataclass(frozen=True, slots=True)
class AuditSieve:
    """What of the history is wanted; nothing said means all of it."""

    subject: str = ""
    person: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def asked(cls, query: QueryDict) -> AuditSieve:
        """Return what a query string asks for; what cannot be read is not asked for."""
        subject = query.get("subject", "")
        return cls(
            subject=subject if subject in SUBJECTS else "",
            person=_line(query.get("person")),
            words=_line(query.get("q")),
            first=_day(query.get("first")),
            last=_day(query.get("last")),
        )

    def apply(self, events: QuerySet[Event], *, zone: ZoneInfo) -> QuerySet[Event]:
        """Return the events wanted; days are those of `zone`."""
        if self.subject:
            nouns = "|".join(SUBJECTS[self.subject])
            events = events.filter(kind__regex=rf"^({nouns})\.")
        if self.person:
            events = events.filter(actor_name__icontains=self.person)
        if self.words:
            events = events.annotate(said=Cast("payload", TextField())).filter(self._about())
        if self.first:
            events = events.filter(at__gte=datetime.combine(self.first, time(), tzinfo=zone))
        if self.last:
            events = events.filter(at__lt=datetime.combine(self.last + timedelta(days=1), time(), tzinfo=zone))
        return events

    def _about(self) -> Q:
        # SQLite keeps the payload as it was written, with other letters than ASCII escaped; PostgreSQL does not.
        escaped = json.dumps(self.words)[1:-1]
        return Q(said__icontains=self.words) | Q(said__icontains=escaped) | Q(kind__icontains=self.words)


def audit_lines(events: QuerySet[Event]) -> Iterator[str]:
    """Yield events as CSV, line by line."""
    rows = events.select_related("update__incident")
    return csv_lines(HEADER, map(_cells, rows.iterator(chunk_size=1_000)))


def people_in(page: Page) -> list[str]:
    """Return the names of those whose acts the history of a page holds, for the filter."""
    names = page.events.order_by("actor_name").values_list("actor_name", flat=True).distinct()
    return list(names[:200])


def _cells(event: Event) -> Iterable[str]:
    about = f"{event.subject_kind} {event.subject_id}"
    return (str(event.seq), event.at.isoformat(), event.actor_name, event.kind, sentence_of(event), about)


def _line(text: str | None) -> str:
    return storable(text or "").strip()[:100]


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day < date.max else None
