"""Doubts: mails that may have arrived without our learning so.

What was in the hands of a worker that ended, or was handed over and not answered, may have been taken. It is sent
again, or somebody would not be told. But then its last dot goes only once it is written down that it goes: so each of
these tries is known, and what ends one of them too is given time to pass before there is another. A relay that never
answers gets three.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models.functions import Now

from incidents.notifications.channels.contract import Message
from incidents.notifications.models import Delivery, DeliveryState

MOST_COPIES = 3

WAITS = (timedelta(), timedelta(minutes=5), timedelta(minutes=30))
"""How long another try waits after the first, the second and each further that nobody answered."""

SAID = f"Handed over {MOST_COPIES} times, and nobody said what became of it: it has probably arrived."

_TABLE = Delivery._meta.db_table

ANNOUNCED_ON_POSTGRES = f"""
    UPDATE {_TABLE} AS delivery
    SET unanswered = told.unanswered, next_try_at = statement_timestamp() + told.wait * interval '1 second'
    FROM unnest($1::bigint[], $2::smallint[], $3::float8[]) AS told(id, unanswered, wait)
    WHERE delivery.id = told.id AND delivery.lease = $4 AND delivery.state = '{DeliveryState.LEASED.value}'
"""  # noqa: S608 - nothing in it is anybody's input


def wait_after(unanswered: int) -> timedelta:
    """Return how long the next try waits after so many that nobody answered."""
    return WAITS[min(max(unanswered, 1), len(WAITS)) - 1]


def announce(lease: str, messages: Sequence[Message]) -> None:
    """Write down that messages are being handed over under a lease; durable when this returns.

    Should nobody say what became of one, its next try waits. An answer takes this back (marks.py). Twice is once.
    """
    for message in messages:
        unanswered = message.unanswered + 1
        Delivery.objects.leased_by(lease).filter(pk=message.reference).update(
            unanswered=unanswered, next_try_at=Now() + wait_after(unanswered)
        )
