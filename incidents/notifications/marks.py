"""Marks: what came of a group of tries, written by one UPDATE for all that were taken and one for all that failed.

A statement for each message would cost more than sending it. The two databases have different
words for "these rows, each with its own values"; SQLite's many small statements cost no round trip.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from incidents.lib.clock import now
from incidents.notifications.channels.contract import Fault
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.models.delivery import ANSWER_LIMIT
from incidents.notifications.outcomes import Outcome
from incidents.notifications.verdicts import verdict

_TABLE = Delivery._meta.db_table

SENT_ON_POSTGRES = f"""
    UPDATE {_TABLE} AS delivery
    SET state = 'sent', sent_at = statement_timestamp(), last_answer = told.answer, fault = '', lease = '',
        lease_until = NULL
    FROM unnest(%s::bigint[], %s::text[]) AS told(id, answer)
    WHERE delivery.id = told.id
"""  # noqa: S608 - the table's name is the model's
SENT_ON_SQLITE = f"""
    UPDATE {_TABLE}
    SET state = 'sent', sent_at = strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now'), last_answer = %s, fault = '',
        lease = '', lease_until = NULL
    WHERE id = %s
"""  # noqa: S608
FAILED_ON_POSTGRES = f"""
    UPDATE {_TABLE} AS delivery
    SET state = told.state, lane = coalesce(told.lane, delivery.lane), last_answer = told.answer,
        fault = told.fault, lease = '', lease_until = NULL,
        next_try_at = statement_timestamp() + told.wait * interval '1 second',
        refusals = told.refusals, unanswered = told.unanswered, lost = 0
    FROM unnest(%s::bigint[], %s::text[], %s::smallint[], %s::text[], %s::text[], %s::float8[], %s::smallint[],
        %s::smallint[]) AS told(id, state, lane, answer, fault, wait, refusals, unanswered)
    WHERE delivery.id = told.id AND delivery.lease = %s AND delivery.state = 'leased'
"""  # noqa: S608
FAILED_ON_SQLITE = f"""
    UPDATE {_TABLE}
    SET state = %s, lane = coalesce(%s, lane), last_answer = %s, fault = %s, lease = '', lease_until = NULL,
        next_try_at = strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s || ' seconds'), refusals = %s, unanswered = %s,
        lost = 0
    WHERE id = %s AND lease = %s AND state = 'leased'
"""  # noqa: S608


def mark_sent(outcomes: Sequence[Outcome]) -> None:
    """Keep that messages were acknowledged, whoever holds their lease by now."""
    if not outcomes:
        return
    keys, answers = [one.delivery_id for one in outcomes], [one.answer[:ANSWER_LIMIT] for one in outcomes]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(SENT_ON_POSTGRES, [keys, answers])
        else:
            cursor.executemany(SENT_ON_SQLITE, list(zip(answers, keys, strict=True)))


def mark_failed(lease: str, outcomes: Sequence[Outcome]) -> None:
    """Keep what the verdict on each failure is, for those the lease still covers."""
    if not outcomes:
        return
    at = now()
    rows = [_failed_row(one, at) for one in outcomes]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(FAILED_ON_POSTGRES, [*columns, lease])
        else:
            values = [
                (state, lane, answer, fault, f"{wait:+.3f}", refusals, unanswered, key, lease)
                for key, state, lane, answer, fault, wait, refusals, unanswered in rows
            ]
            cursor.executemany(FAILED_ON_SQLITE, values)
    again = [key for key, state, *_rest in rows if state == DeliveryState.RETRYING]
    Delivery.objects.filter(pk__in=again).overtaken().update(state=DeliveryState.SUPERSEDED)


def _failed_row(outcome: Outcome, at: datetime) -> tuple[int, str, int | None, str, str, float, int, int]:
    """Return key, state, lane, answer, fault, the seconds until the next try, refusals and tries without an answer."""
    found = verdict(outcome, at=at)
    wait = (found.wait or timedelta()).total_seconds()
    refusals = outcome.refusals + (found.fault == Fault.RECIPIENT_TEMPORARY.value)
    answer = found.answer[:ANSWER_LIMIT]
    unanswered = outcome.unanswered + bool(outcome.failure and outcome.failure.is_doubtful)
    told = (outcome.delivery_id, found.state.value, found.lane, answer, found.fault)
    return *told, wait, refusals, unanswered
