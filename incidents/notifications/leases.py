"""Leases: a worker takes deliveries for a few seconds and renews while it lives; what it leaves goes back.

All times in the table are the database's. The process only measures how long ago it last renewed,
counted from before the statement: another worker can take a delivery over only after this one has
stopped beginning.
"""

import math
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least, Now

from incidents.lib.clock import now
from incidents.notifications import breaker, counting, marks
from incidents.notifications.choices import WAITING
from incidents.notifications.claiming import Claim, claimed
from incidents.notifications.due import Due, due_rows
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.models.delivery import ANSWER_LIMIT
from incidents.notifications.models.delivery_set import SUSPECT_FROM, DeliveryQuerySet
from incidents.notifications.outcomes import Outcome

LEASE = timedelta(seconds=5)
"""How long a delivery stays with a worker that does not renew: half of what a recovery may take."""

SHARE_OF_LEASE = 0.6
"""Nothing is begun when the last renewal is older than this share of the lease."""

RENEW_EVERY = 1.5
"""Seconds between renewals by a running worker."""


ALONE_FROM = 13
SET_ASIDE_AT = 23
"""Workers that ended with a delivery in hand: from when on it is claimed alone, and at which it is given up.

Whatever ends a worker ends it for all it holds. Only of what it held alone can be said that it was
the cause, and workers that are killed every few seconds hold something alone now and then: ten
times in a row is no chance any more. On the way there suspects go apart from all others and in groups, each half of the
last: where workers are killed for other reasons, thousands are suspects, and one by one they would
take longer than all the others together.
"""

SET_ASIDE = "Workers ended again and again while they held this message alone; it is set aside."


@dataclass(slots=True)
class Lease:
    """What a worker holds its deliveries by."""

    channel: str
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    renewed: float = field(default_factory=time.monotonic)
    """When (time.monotonic) the last statement began that set the end of the lease."""

    @property
    def age(self) -> float:
        """Seconds since the last renewal."""
        return time.monotonic() - self.renewed

    @property
    def allows_to_begin(self) -> bool:
        """Whether a message may still be begun."""
        return self.age < LEASE.total_seconds() * SHARE_OF_LEASE

    @property
    def has_run_out(self) -> bool:
        """Whether others may have taken over what it covered."""
        return self.age >= LEASE.total_seconds()


def claim(*, channel: str, limit: int, lanes: Sequence[int] | None = None) -> tuple[Lease, list[Delivery]]:
    """Take up to `limit` due deliveries of a channel; return the lease and what it covers.

    `lanes` narrows to some lanes. The deliveries come in the order they are due, each with page,
    subscriber and event.
    """
    take_back()
    lease = Lease(channel)
    return lease, claim_rows(lease, limit=limit, lanes=lanes)


def claim_rows(lease: Lease, *, limit: int, lanes: Sequence[int] | None = None) -> list[Delivery]:
    """Take up to `limit` more due deliveries under a lease; return them with page, subscriber and event."""
    chosen = claim_into(lease, limit=limit, lanes=lanes)
    if not chosen:
        return []
    covered = Delivery.objects.filter(pk__in=chosen).order_by("lane", "next_try_at", "pk")
    return list(covered.select_related("page", "subscriber", "event"))


def claim_values(lease: Lease, *, limit: int, lanes: Sequence[int] | None = None) -> list[Due]:
    """Take up to `limit` more due deliveries under a lease; return them as plain values.

    On PostgreSQL one statement chooses, leases and reads; SQLite has no round trips to save.
    """
    if connection.vendor != "postgresql":
        chosen = claim_into(lease, limit=limit, lanes=lanes)
        return due_rows(chosen) if chosen else []
    asked = claim_of(lease, limit=limit, lanes=lanes)
    return claimed(asked) or claimed(replace(asked, is_apart=True))


def claim_of(lease: Lease, *, limit: int, lanes: Sequence[int] | None = None) -> Claim:
    """Return what is to be asked of PostgreSQL to take up to `limit` more due deliveries that are above suspicion."""
    return Claim(
        channel=lease.channel,
        lanes=None if lanes is None else tuple(lanes),
        without=breaker.held_events(lease.channel),
        frozen=breaker.frozen_pages(lease.channel),
        states=WAITING,
        limit=limit,
        lease=lease.key,
        seconds=LEASE.total_seconds() - lease.age,
        alone_from=ALONE_FROM,
    )


def claim_into(lease: Lease, *, limit: int, lanes: Sequence[int] | None = None) -> list[int]:
    """Take up to `limit` more due deliveries under a lease that was renewed just now; return their keys in order.

    PostgreSQL lets several workers claim side by side (SKIP LOCKED); on SQLite the transaction,
    begun IMMEDIATE, is the only writer. Both check the state once more in the UPDATE itself. Suspects
    are taken where nothing else is due.
    """
    # Those of held updates would be due again at once, before everything behind them.
    held, frozen = breaker.held_events(lease.channel), breaker.frozen_pages(lease.channel)
    due = Delivery.objects.due_on(lease.channel, lanes=lanes, without=held, frozen=frozen)
    with transaction.atomic():
        free = due.select_for_update(skip_locked=True)
        chosen = _group(free.above_suspicion(), limit=limit) or _group(free.suspected(), limit=limit)
        if chosen:
            Delivery.objects.filter(pk__in=chosen, state__in=WAITING).update(
                state=DeliveryState.LEASED,
                lease=lease.key,
                lease_until=Now() + (LEASE - timedelta(seconds=lease.age)),
                attempts=F("attempts") + 1,
            )
    return chosen


def is_suspect(lost: int) -> bool:
    """Say whether a delivery that was lost so often is claimed apart from others."""
    return lost >= SUSPECT_FROM


def together(lost: int) -> int:
    """Return with how many a delivery may be claimed that was lost so often, itself counted."""
    return int(2 ** max(ALONE_FROM - lost, 0))


def _group(found: DeliveryQuerySet, *, limit: int) -> list[int]:
    """Return the first keys, as many as the worst of them may be among."""
    chosen: list[int] = []
    most = math.inf
    for key, lost in found.values_list("pk", "lost")[:limit]:
        most = min(most, together(lost))
        if len(chosen) >= most:
            break
        chosen.append(key)
    return chosen


def renew(lease: Lease) -> bool:
    """Hold what is left of a lease for its full time again; return whether it was still ours.

    A worker that was stopped for longer than the lease has lost it: what it had not begun it must
    not begin any more.
    """
    if lease.has_run_out:
        return False
    began = time.monotonic()
    Delivery.objects.leased_by(lease.key).update(lease_until=Now() + LEASE)
    lease.renewed = began
    return True


def settle(lease: Lease, outcomes: Sequence[Outcome]) -> None:
    """Keep what came of tries, in one transaction that is durable when this returns.

    A message that was taken over counts as sent even if the lease was lost meanwhile; a failure
    counts only for a delivery still held.
    """
    with transaction.atomic():
        marks.mark_sent([one for one in outcomes if one.failure is None])
        failed = [one for one in outcomes if one.failure is not None]
        marks.mark_failed(lease.key, failed)
        counting.count(failed, at=now())
        breaker.note(lease.channel, outcomes)


def refuse(lease: Lease, key: int, *, answer: str) -> None:
    """End a delivery that cannot be written; nobody was asked, so nothing counts against anybody."""
    held = Delivery.objects.leased_by(lease.key).filter(pk=key)
    held.update(state=DeliveryState.FAILED, last_answer=answer[:ANSWER_LIMIT], lease="", lease_until=None)


def take_back() -> int:
    """Return what dead workers held to the queue, unless a newer update has overtaken it; return how many.

    The other side answered nothing, so the claim was no try: workers that die must not use up the
    patience a recipient is owed. What was announced waits as it says there (doubts.py).
    """
    if not Delivery.objects.abandoned().exists():
        return 0
    with transaction.atomic():
        abandoned = list(Delivery.objects.abandoned().select_for_update(skip_locked=True).values_list("pk", flat=True))
        returned = Delivery.objects.filter(pk__in=abandoned, state=DeliveryState.LEASED)
        returned.update(
            state=DeliveryState.RETRYING,
            attempts=F("attempts") - 1,
            lost=F("lost") + 1,
            unanswered=Greatest(F("unanswered"), 1),
            next_try_at=Greatest(F("next_try_at"), Now()),
            lease="",
            lease_until=None,
        )
        ended = Delivery.objects.filter(pk__in=abandoned, state=DeliveryState.RETRYING, lost__gte=SET_ASIDE_AT)
        ended.update(state=DeliveryState.FAILED, last_answer=SET_ASIDE)
        supersede(abandoned)
    return len(abandoned)


def give_back(lease: Lease, *, only: Iterable[int] | None = None) -> int:
    """Return what is left of a lease, or `only` these deliveries, as if it had not been taken."""
    left = Delivery.objects.leased_by(lease.key)
    if only is not None:
        left = left.filter(pk__in=list(only))
    with transaction.atomic():
        given = list(left.select_for_update().values_list("pk", flat=True))
        if given:
            # Its last dot did not go, whatever was announced.
            due = Least(F("next_try_at"), Now())
            left.update(
                state=DeliveryState.QUEUED, attempts=F("attempts") - 1, next_try_at=due, lease="", lease_until=None
            )
            supersede(given)
    return len(given)


def withdraw(lease: Lease) -> set[int]:
    """End those of a lease that nobody wants any more; return which they are.

    Their subscriber has left or was switched off, or the update they tell of was taken back.
    """
    leased = Delivery.objects.leased_by(lease.key)
    gone = set(leased.withdrawn().values_list("pk", flat=True))
    if gone:
        leased.filter(pk__in=gone).update(state=DeliveryState.SUPPRESSED, lease="", lease_until=None)
    return gone


def supersede(keys: Sequence[int]) -> None:
    """End those of the waiting deliveries `keys` that a newer update has overtaken."""
    Delivery.objects.filter(pk__in=keys).overtaken().update(state=DeliveryState.SUPERSEDED)
