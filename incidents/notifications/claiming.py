"""Claiming on PostgreSQL by one statement: chosen, leased and read with all that is needed to write the mails."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg import ClientCursor
from psycopg.adapt import Transformer

from incidents.notifications.due import Due
from incidents.notifications.links import Link
from incidents.notifications.models import Delivery
from incidents.subscriptions.models import MutedIncident, Scope, Subscriber
from incidents.timeline.models import Event, Update

_CLAIM = f"""
    WITH chosen AS MATERIALIZED (<due> LIMIT %s FOR UPDATE SKIP LOCKED), in_order AS (
        SELECT id, row_number() OVER before AS place, min(2 ^ greatest(%s - lost, 0)) OVER before AS most
        FROM chosen WINDOW before AS (ROWS UNBOUNDED PRECEDING)
    ), taken AS (
        UPDATE {Delivery._meta.db_table} AS delivery
        SET state = 'leased', lease = %s, lease_until = statement_timestamp() + %s * interval '1 second',
            attempts = attempts + 1
        FROM in_order
        WHERE delivery.id = in_order.id AND delivery.state = ANY(%s) AND place <= most
        RETURNING delivery.*
    )
    SELECT taken.id, taken.event_id, taken.incident_id, taken.subscriber_id, taken.kind, taken.address,
        taken.message_id, taken.attempts, extract(epoch FROM taken.created_at)::float8, taken.page_id,
        taken.refusals, taken.lost, taken.unanswered,
        reader.code, reader.consents, reader.language, reader.time_zone, reader.leaving, reader.channel,
        (
            SELECT TRUE FROM {Scope._meta.db_table} AS scope
            WHERE scope.subscriber_id = taken.subscriber_id
                AND scope.component_id IS NULL AND scope.incident_id IS NULL
            LIMIT 1
        ) IS NOT NULL,
        taken.event_id IS NOT NULL AND (
            reader.state <> 'active' OR reader.paused_until > statement_timestamp() OR ((
                SELECT TRUE FROM {MutedIncident._meta.db_table} AS muted
                WHERE muted.subscriber_id = taken.subscriber_id AND muted.incident_id = taken.incident_id
                LIMIT 1
            ) IS NOT NULL OR (
                SELECT TRUE FROM {Event._meta.db_table} AS event
                JOIN {Update._meta.db_table} AS told ON told.id = event.update_id
                WHERE event.id = taken.event_id AND told.removed_at IS NOT NULL
                LIMIT 1
            ) IS NOT NULL) AND (taken.kind <> 'digest' OR (
                SELECT TRUE FROM {Delivery._meta.db_table} AS other
                JOIN {Event._meta.db_table} AS event ON event.id = other.event_id
                JOIN {Update._meta.db_table} AS told ON told.id = event.update_id AND told.removed_at IS NULL
                LEFT JOIN {MutedIncident._meta.db_table} AS muted
                    ON muted.subscriber_id = other.subscriber_id AND muted.incident_id = other.incident_id
                WHERE other.digest_id = taken.id AND muted.id IS NULL
                LIMIT 1
            ) IS NULL)
        ) IS TRUE
    FROM taken LEFT JOIN {Subscriber._meta.db_table} AS reader ON reader.id = taken.subscriber_id
    ORDER BY taken.lane, taken.next_try_at, taken.id
"""  # noqa: S608 - the tables' names are the models'
# Values with LIMIT 1, not EXISTS: PostgreSQL would read the whole table of scopes for each claim.

_CREATED = 8
"""Where the columns, in the order of Due, have the time of creation."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be leased: up to `limit` due deliveries, by the key `lease`, for `seconds`.

    `without` are events whose deliveries are left alone, `frozen` the pages whose news are. Only what is in one of
    `states` is taken. Suspects (Delivery.objects.suspected) are only taken by a claim that is of nothing else
    (`is_apart`), in groups as leases.together says; what was lost `alone_from` times or more, alone.
    """

    channel: str
    lanes: tuple[int, ...] | None
    without: frozenset[int]
    frozen: frozenset[int]
    states: Sequence[str]
    limit: int
    lease: str
    seconds: float
    alone_from: int
    is_apart: bool = False

    def statement(self) -> tuple[str, list[Any]]:
        """Return the statement and its parameters."""
        statement, parameters = _statement(self.channel, self.lanes, self.without, self.frozen, is_apart=self.is_apart)
        return statement, [*parameters, self.limit, self.alone_from, self.lease, self.seconds, list(self.states)]


class Claimer:
    """Claims over a link: the rows come while others are being sent."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @property
    def descriptor(self) -> int:
        """What becomes readable when the rows are there."""
        return self._link.descriptor

    def begin(self, claim: Claim) -> None:
        """Send the statement. Raises LinkLost."""
        # Not prepared: a plan for any limit would sort the whole table.
        statement, parameters = claim.statement()
        self._link.ask(ClientCursor(self._link.connection).mogrify(statement, parameters).encode())

    def rows(self) -> list[Due] | None:
        """Return what was claimed in the order it is due, None while that is not known. Raises LinkLost."""
        result = self._link.answer()
        if result is None:
            return None
        reader = Transformer(self._link.connection)
        reader.set_pgresult(result)
        return _due(reader.load_rows(0, result.ntuples, tuple))

    def finish(self) -> None:
        """Wait until what was asked is done; whatever was claimed is given back with its lease. Raises LinkLost."""
        self._link.wait()


def claimed(claim: Claim) -> list[Due]:
    """Claim now and return the deliveries in the order they are due."""
    with connection.cursor() as cursor:
        cursor.execute(*claim.statement())
        return _due(cursor.fetchall())


def _due(rows: Iterable[tuple[Any, ...]]) -> list[Due]:
    return [Due._make((*row[:_CREATED], _moment(row[_CREATED]), *row[_CREATED + 1 :])) for row in rows]


@lru_cache(maxsize=32)
def _statement(
    channel: str, lanes: tuple[int, ...] | None, without: frozenset[int], frozen: frozenset[int], *, is_apart: bool
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement and its first parameters; the same few are asked for all day, and Django takes 2 ms each."""
    due = Delivery.objects.due_on(channel, lanes=lanes, without=without, frozen=frozen)
    due = due.suspected() if is_apart else due.above_suspicion()
    chosen, parameters = due.values_list("pk", "lost").query.sql_with_params()
    return _CLAIM.replace("<due>", chosen.replace(' AS "pk"', "", 1)), parameters


@lru_cache(maxsize=256)
def _moment(epoch: float) -> datetime:
    """Return a moment from its seconds: all rows of a fan-out share one, and reading a date takes longer than this."""
    return datetime.fromtimestamp(epoch, UTC)
