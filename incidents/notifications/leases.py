"""Leases: a worker takes deliveries for a short time; what it does not finish goes back.

All times are the database's. A delivery is marked right after its acknowledgement, so that a
crash can repeat the one message that was under way and lose none.
"""

import random
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from incidents.notifications.models import Delivery, DeliveryState, Lane
from incidents.notifications.models.delivery import ANSWER_LIMIT, WAITING, DeliveryQuerySet

LEASE = timedelta(seconds=30)
"""How long a claimed delivery stays with its worker; longer than a relay may take to answer."""

SHARE_OF_LEASE = 0.6
"""After this share of the lease no further message is begun."""


def claim(*, limit: int) -> tuple[str, list[Delivery]]:
    """Take up to `limit` due deliveries; return the lease and what it covers.

    PostgreSQL lets several workers claim side by side (SKIP LOCKED); on SQLite the
    transaction, begun IMMEDIATE, is the only writer. Both check the state once more in the
    UPDATE itself.
    """
    take_back()
    lease = secrets.token_hex(16)
    with transaction.atomic():
        due = Delivery.objects.due().order_by("lane", "next_try_at", "pk")
        chosen = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        if not chosen:
            return lease, []
        Delivery.objects.filter(pk__in=chosen, state__in=WAITING).update(
            state=DeliveryState.LEASED, lease=lease, lease_until=Now() + LEASE, attempts=F("attempts") + 1
        )
    covered = Delivery.objects.filter(lease=lease).order_by("lane", "next_try_at", "pk")
    return lease, list(covered.select_related("page", "subscriber", "event"))


def take_back() -> None:
    """Return what dead workers held to the queue, unless a newer update has overtaken it."""
    if not Delivery.objects.abandoned().exists():
        return
    with transaction.atomic():
        abandoned = list(Delivery.objects.abandoned().select_for_update(skip_locked=True).values_list("pk", flat=True))
        returned = Delivery.objects.filter(pk__in=abandoned, state=DeliveryState.LEASED)
        returned.update(state=DeliveryState.RETRYING, next_try_at=Now(), lease="", lease_until=None)
        Delivery.objects.filter(pk__in=abandoned).overtaken().update(state=DeliveryState.SUPERSEDED)


def give_back(lease: str) -> int:
    """Return what is left of a lease as if it had not been taken."""
    left = Delivery.objects.filter(lease=lease, state=DeliveryState.LEASED)
    return left.update(state=DeliveryState.QUEUED, attempts=F("attempts") - 1, lease="", lease_until=None)


def withdraw(lease: str) -> set[int]:
    """End those of a lease whose subscriber has left since; return which they are."""
    leased = Delivery.objects.filter(lease=lease, state=DeliveryState.LEASED)
    gone = set(leased.withdrawn().values_list("pk", flat=True))
    if gone:
        leased.filter(pk__in=gone).update(state=DeliveryState.SUPPRESSED, lease="", lease_until=None)
    return gone


def mark_sent(delivery: Delivery, *, answer: str) -> None:
    """Keep that the message was acknowledged, even if the lease was lost meanwhile."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.SENT,
        sent_at=Now(),
        last_answer=answer[:ANSWER_LIMIT],
        lease="",
        lease_until=None,
    )


def mark_ended(delivery: Delivery, *, state: DeliveryState, answer: str) -> None:
    """Keep that the message will not be tried again, and why."""
    _held(delivery).update(state=state, last_answer=answer[:ANSWER_LIMIT], lease="", lease_until=None)


def mark_retry(delivery: Delivery, *, wait: timedelta, answer: str) -> None:
    """Keep that the message is tried again after `wait`, less a part picked by chance.

    The chance keeps a relay that comes back from being met by everybody at once.
    """
    delay = wait * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load needs no secret
    with transaction.atomic():
        _held(delivery).update(
            state=DeliveryState.RETRYING,
            next_try_at=Now() + delay,
            lane=Lane.RETRY,
            last_answer=answer[:ANSWER_LIMIT],
            lease="",
            lease_until=None,
        )
        Delivery.objects.filter(pk=delivery.pk).overtaken().update(state=DeliveryState.SUPERSEDED)


def postpone(lease: str, *, wait: timedelta, answer: str) -> int:
    """Put off everything a lease still covers, because no message can be sent at all now."""
    with transaction.atomic():
        left = Delivery.objects.filter(lease=lease, state=DeliveryState.LEASED)
        put_off = list(left.values_list("pk", flat=True))
        left.update(
            state=DeliveryState.RETRYING,
            next_try_at=Now() + wait,
            last_answer=answer[:ANSWER_LIMIT],
            lease="",
            lease_until=None,
        )
        Delivery.objects.filter(pk__in=put_off).overtaken().update(state=DeliveryState.SUPERSEDED)
    return len(put_off)


def _held(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=DeliveryState.LEASED)
