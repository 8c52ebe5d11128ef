"""Writing lists out as CSV that no spreadsheet calculates with."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from incidents.subscriptions.models import Subscriber

HEADER = (
    "channel",
    "address",
    "state",
    "components",
    "incidents",
    "maintenance",
    "severity",
    "language",
    "time_zone",
    "created",
    "confirmed",
    "left",
    "reason",
)

_CALCULATES = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, full-width signs included."""


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def csv_lines(subscribers: QuerySet[Subscriber]) -> Iterator[str]:
    """Yield the list line by line, with a mark in front by which spreadsheets know that it is UTF-8."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + str(writer.writerow(HEADER))
    rows = subscribers.prefetch_related("scopes__component__group")
    for subscriber in rows.iterator(chunk_size=1_000):
        yield str(writer.writerow([harmless(text) for text in _cells(subscriber)]))


def harmless(text: str) -> str:
    """Return a cell that is shown as it is: an apostrophe stands before what would be calculated."""
    return f"'{text}" if text.startswith(_CALCULATES) else text


def _cells(subscriber: Subscriber) -> Iterable[str]:
    names = [scope.component.full_name for scope in subscriber.scopes.all() if scope.component]
    moments = (subscriber.created_at, subscriber.confirmed_at, subscriber.left_at)
    return (
        subscriber.channel,
        subscriber.shown_address,
        subscriber.state,
        ";".join(names),
        "yes" if subscriber.wants_incidents else "no",
        "yes" if subscriber.wants_maintenance else "no",
        subscriber.severity_floor,
        subscriber.language,
        subscriber.time_zone,
        *(moment.isoformat() if moment else "" for moment in moments),
        subscriber.disabled_reason or ("complained" if subscriber.complained_at else ""),
    )
