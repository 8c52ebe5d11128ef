"""Builds that are broken on purpose, each in one place; a suite that cannot tell them from ours proves nothing.

A saboteur patches the processes that `tests.faults.launcher` starts. The product knows nothing of it. Imported only
after Django was set up.
"""

import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from incidents.notifications import batch, doorbell, fanout, leases, marks, sweeping, verdicts, writing
from incidents.notifications.channels import answers
from incidents.notifications.channels.contract import Message
from incidents.notifications.choices import UNFINISHED
from incidents.notifications.claiming import Claimer
from incidents.notifications.due import Due
from incidents.notifications.gate import Gate
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.notifications.purse import UNBOUNDED
from incidents.notifications.smtp import openings
from incidents.timeline.models import Event
from statuspage.celery import app

SABOTEURS: dict[str, Callable[[], None]] = {}


def let_loose(name: str) -> None:
    """Break this process in the named way; an empty name breaks nothing."""
    if name:
        SABOTEURS[name]()


def saboteur(function: Callable[[], None]) -> Callable[[], None]:
    """Enter a saboteur under its name."""
    SABOTEURS[function.__name__] = function
    return function


@saboteur
def mark_before_send() -> None:
    """Claimed counts as sent (listmonk's checkpoint, Healthchecks' processed flips)."""
    claim = leases.claim_into

    def claim_as_sent(lease: leases.Lease, **options: Any) -> list[int]:
        chosen = claim(lease, **options)
        Delivery.objects.filter(pk__in=chosen).update(state=DeliveryState.SENT, sent_at=Now(), lease_until=None)
        return chosen

    values = leases.claim_values

    def values_as_sent(lease: leases.Lease, **options: Any) -> list[Due]:
        rows = values(lease, **options)
        chosen = [row.pk for row in rows]
        Delivery.objects.filter(pk__in=chosen).update(state=DeliveryState.SENT, sent_at=Now(), lease_until=None)
        return rows

    heard = Claimer.rows

    def heard_as_sent(claimer: Claimer) -> list[Due] | None:
        rows = heard(claimer)
        chosen = [row.pk for row in rows or ()]
        Delivery.objects.filter(pk__in=chosen).update(state=DeliveryState.SENT, sent_at=Now(), lease_until=None)
        return rows

    leases.claim_into, leases.claim_values, Claimer.rows = claim_as_sent, values_as_sent, heard_as_sent


@saboteur
def no_unique_key() -> None:
    """Nothing keeps a second fan-out from telling everybody again."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_delivery DROP CONSTRAINT IF EXISTS delivery_once")
    connection.close()
    create = fanout.FanOut.objects.get_or_create
    fanout.FanOut.objects.get_or_create = lambda **known: (create(**known)[0], True)
    sweeping.missing = lambda: Event.objects.filter(notify=True, update__isnull=False)


@saboteur
def no_lease_check() -> None:
    """What one worker holds, another takes as well."""
    leases.WAITING = UNFINISHED
    DeliveryQuerySet.due = lambda rows: rows.filter(state__in=UNFINISHED, next_try_at__lte=Now())


@saboteur
def no_renewal() -> None:
    """A worker believes that it holds its lease and tells nobody."""

    def pretend(lease: leases.Lease) -> bool:
        lease.renewed = time.monotonic()
        return True

    leases.renew = pretend


@saboteur
def no_taking_back() -> None:
    """What a dead worker held stays with it."""
    leases.take_back = sweeping.take_back = lambda: 0


@saboteur
def no_sweeper() -> None:
    """Only a ring makes a fan-out."""
    sweeping.missing = Event.objects.none


@saboteur
def no_order() -> None:
    """Nothing is overtaken by a newer update."""
    DeliveryQuerySet.overtaken = lambda rows: rows.none()


@saboteur
def deaf_to_leaving() -> None:
    """A fan-out that has begun is carried through, whoever leaves or whatever is taken back."""
    DeliveryQuerySet.withdrawn = lambda rows: rows.none()
    take_in = batch.Batch._take_in
    batch.Batch._take_in = lambda self, rows, wanted: take_in(
        self, [row._replace(is_unwanted=False) for row in rows], wanted
    )


@saboteur
def suppress_on_every_5xx() -> None:
    """Every lasting refusal counts as a bounce of the recipient."""
    _judge_as(answers.Answer(550, "5.1.1 No such user", answers.RECIPIENT))


@saboteur
def never_suppress() -> None:
    """No lasting refusal counts against anybody."""
    _judge_as(answers.Answer(554, "5.7.0 Blocked", answers.CONTENT))


def _judge_as(model: answers.Answer) -> None:
    """Read every lasting refusal as if it were another one."""
    rule_of = answers.rule_of
    answers.rule_of = lambda answer: rule_of(model if answer.code >= 500 else answer)


@saboteur
def no_breaker() -> None:
    """Refusals of the sender are met with the next message."""
    Gate.is_shut = lambda gate: False
    Gate.may_begin = lambda gate, event_id=None: True
    Gate.most_at_once = lambda gate: UNBOUNDED
    Gate.holds = lambda gate, event_id: False


@saboteur
def no_retries() -> None:
    """A mailbox that takes no mail for now is given up."""
    verdict = verdicts.verdict

    def give_up(*known: Any, **options: Any) -> Any:
        found = verdict(*known, **options)
        return replace(found, state=DeliveryState.FAILED) if found.state == DeliveryState.RETRYING else found

    marks.verdict = give_up


@saboteur
def waits_for_the_broker() -> None:
    """Celery's defaults: a frozen broker is waited for."""
    app.conf.broker_transport_options = {}
    app.conf.task_publish_retry = True
    doorbell.PATIENCE = 600.0


@saboteur
def mangled_addresses() -> None:
    """Django's way with a local part outside ASCII: an encoded word as mailbox, and success reported."""
    write = writing.Writer.write

    def encode(writer: writing.Writer, delivery: Delivery) -> Message:
        message = write(writer, delivery)
        local, _, domain = message.recipient.rpartition("@")
        if local.isascii():
            return message
        return replace(message, recipient=f"=?utf-8?b?{b64encode(local.encode()).decode()}?=@{domain}")

    writing.Writer.write = encode


@saboteur
def one_poisons_all() -> None:
    """A delivery that cannot be written takes its batch with it."""
    batch.Batch._written = lambda self, delivery: self._writer.write(delivery)


@saboteur
def reconnects_at_once() -> None:
    """A relay that hangs up is called again without a pause, as fast as it goes."""
    openings.SHORTEST_PAUSE = openings.LONGEST_PAUSE = 0.001
    no_breaker()
    verdicts.full_jitter = lambda attempts: timedelta(0)
