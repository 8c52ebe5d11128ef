"""Claiming on PostgreSQL by one statement: chosen, leased and read with all that is needed to write the mails."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from incidents.notifications.due import Due
from incidents.notifications.models import Delivery
from incidents.subscriptions.models import Subscriber

_CLAIM = f"""
    WITH chosen AS MATERIALIZED (<due> LIMIT %s FOR UPDATE SKIP LOCKED), taken AS (
        UPDATE {Delivery._meta.db_table} AS delivery
        SET state = 'leased', lease = %s, lease_until = statement_timestamp() + %s * interval '1 second',
            attempts = attempts + 1
        FROM chosen
        WHERE delivery.id = chosen.id AND delivery.state = ANY(%s) AND (
            chosen.lost < %s
            OR chosen.id = (SELECT id FROM chosen LIMIT 1) AND NOT EXISTS (SELECT FROM chosen WHERE lost < %s)
        )
        RETURNING delivery.*
    )
    SELECT taken.id, taken.event_id, taken.incident_id, taken.subscriber_id, taken.kind, taken.address,
        taken.message_id, taken.attempts, extract(epoch FROM taken.created_at)::float8, taken.page_id,
        taken.refusals, taken.lost,
        reader.code, reader.consents, reader.language, reader.time_zone, reader.leaving, reader.channel
    FROM taken LEFT JOIN {Subscriber._meta.db_table} AS reader ON reader.id = taken.subscriber_id
    ORDER BY taken.lane, taken.next_try_at, taken.id
"""  # noqa: S608 - the tables' names are the models'

_CREATED = 8
"""Where the columns, in the order of Due, have the time of creation."""


def claimed(
    *,
    channel: str,
    lanes: Sequence[int] | None,
    without: frozenset[int],
    states: Sequence[str],
    limit: int,
    lease: str,
    seconds: float,
    alone_from: int,
) -> list[Due]:
    """Lease up to `limit` due deliveries for `seconds` and return them in the order they are due.

    `without` are events whose deliveries are left alone. Only what is in one of `states` is taken.
    What was lost `alone_from` times or more is taken when nothing else is due, and alone.
    """
    statement, parameters = _statement(channel, None if lanes is None else tuple(lanes), without)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, limit, lease, seconds, list(states), alone_from, alone_from])
        rows = cursor.fetchall()
    return [Due._make((*row[:_CREATED], _moment(row[_CREATED]), *row[_CREATED + 1 :])) for row in rows]


@lru_cache(maxsize=32)
def _statement(channel: str, lanes: tuple[int, ...] | None, without: frozenset[int]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement and its first parameters; the same few are asked for all day, and Django takes 2 ms each."""
    due = Delivery.objects.due_on(channel, lanes=lanes, without=without).values_list("pk", "lost")
    chosen, parameters = due.query.sql_with_params()
    return _CLAIM.replace("<due>", chosen.replace(' AS "pk"', "", 1)), parameters


@lru_cache(maxsize=256)
def _moment(epoch: float) -> datetime:
    """Return a moment from its seconds: all rows of a fan-out share one, and reading a date takes longer than this."""
    return datetime.fromtimestamp(epoch, UTC)
