"""The flood stop: who had many mails in a short time gets the next ones together, as one digest.

Five mails in ten minutes say what there is to say; the sixth is read by nobody. So further ones
are held from fan-out on, and when the time is over they go out as one mail, the newest first.
Endpoints and chats get everything at once: they do not tire.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from incidents.notifications.choices import UNFINISHED, WAITING
from incidents.notifications.models import Delivery, DeliveryState, FanOut, MailKind
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.subscriptions.models import ChannelKind, MutedIncident
from incidents.timeline.models import Event

TOLD = "Told in a digest together with others."

ROWS_AT_ONCE = 5_000
"""Held mails looked at in one transaction."""


def window() -> timedelta:
    """Return over how long mails to one reader are counted, and how long the next ones are held."""
    return timedelta(minutes=settings.FLOOD_MINUTES)


def hold(event: Event) -> int:
    """Hold the mails of `event` to readers who had enough lately; return how many.

    Call it in the transaction of the fan-out. Costs one small query unless the page told of many
    events lately.
    """
    if not settings.FLOOD_MAILS or not _is_flood(event):
        return 0
    fresh = Delivery.objects.filter(event=event, channel=ChannelKind.EMAIL, state=DeliveryState.QUEUED)
    others = Delivery.objects.filter(subscriber=OuterRef("subscriber"), channel=ChannelKind.EMAIL, event__isnull=False)
    held = others.held()
    until = Coalesce(Subquery(_earliest(held)), Now() + window())
    waits_already = Q(Exists(held)) | Q(Exists(others.filter(kind=MailKind.DIGEST, state__in=UNFINISHED)))
    lately = others.exclude(event=event).filter(created_at__gt=Now() - window())
    had = lately.filter(state__in=[DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.LEASED])
    number = Coalesce(Subquery(had.order_by().values("subscriber").annotate(number=Count("pk")).values("number")), 0)
    chosen = fresh.annotate(had=number).filter(waits_already | Q(had__gte=settings.FLOOD_MAILS))
    return Delivery.objects.filter(pk__in=chosen.values("pk")).update(state=DeliveryState.HELD, next_try_at=until)


def release() -> int:
    """Put together what was held long enough, a digest for each reader; return how many readers get one."""
    readers = 0
    while True:
        with transaction.atomic():
            ready, is_all = _due_readers()
            _put_together(ready)
        readers += len(ready)
        if is_all:
            return readers


def members_of(digests: list[int]) -> dict[int, list[int]]:
    """Return the events each of these digests tells of, oldest first, less those of incidents its reader muted."""
    told: dict[int, list[int]] = {digest: [] for digest in digests}
    muted = MutedIncident.objects.filter(subscriber=OuterRef("subscriber"), incident=OuterRef("incident"))
    rows = Delivery.objects.filter(Q(digest__in=digests) | Q(pk__in=digests), ~Exists(muted), event__isnull=False)
    for key, digest, event in rows.order_by("seq", "pk").values_list("pk", "digest_id", "event_id"):
        told[key if key in told else digest].append(event)
    return told


def _is_flood(event: Event) -> bool:
    recent = FanOut.objects.filter(event__page=event.page_id, expanded_at__gt=Now() - window(), recipients__gt=0)
    if recent.exclude(event=event)[: settings.FLOOD_MAILS].count() >= settings.FLOOD_MAILS:
        return True
    return Delivery.objects.held().filter(page=event.page_id).exists()


def _earliest(held: DeliveryQuerySet) -> QuerySet[Delivery, Any]:
    return held.order_by().values("subscriber").annotate(until=Min("next_try_at")).values("until")


def _due_readers() -> tuple[set[int], bool]:
    """Return whose time is over, with their rows locked, and whether those are all."""
    due = Delivery.objects.held().filter(next_try_at__lte=Now(), subscriber__isnull=False).order_by("next_try_at", "pk")
    locked = list(due.select_for_update(skip_locked=True).values_list("subscriber_id", flat=True)[:ROWS_AT_ONCE])
    return set(locked), len(locked) < ROWS_AT_ONCE


def _put_together(readers: set[int]) -> None:
    """Make the newest of each reader's held mails the digest of all of them.

    A digest that could not be sent yet is taken apart and goes into the new one.
    """
    theirs = Delivery.objects.filter(subscriber__in=readers, channel=ChannelKind.EMAIL)
    held = theirs.held()
    nobody_s = held.withdrawn().values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(nobody_s)).update(state=DeliveryState.SUPPRESSED)
    # Locked, so that no worker takes one of them meanwhile.
    waiting = theirs.filter(kind=MailKind.DIGEST, state__in=WAITING).order_by("pk").select_for_update()
    unsent = list(waiting.values_list("subscriber_id", "pk"))
    newest: dict[int, int] = {}
    several: set[int] = set()
    rows = [*unsent, *held.order_by("seq", "pk").values_list("subscriber_id", "pk")]
    for reader, key in rows:
        if reader in newest:
            several.add(reader)
        newest[reader] = key
    carriers = {newest[reader] for reader in several}
    carrier = Subquery(
        Delivery.objects.filter(pk__in=carriers, subscriber=OuterRef("subscriber")).order_by().values("pk")[:1]
    )
    told = Delivery.objects.filter(pk__in=[key for reader, key in rows if reader in several and key not in carriers])
    Delivery.objects.filter(digest__in=[key for _reader, key in unsent]).update(digest=carrier)
    told.update(state=DeliveryState.SUPERSEDED, digest=carrier, last_answer=TOLD)
    Delivery.objects.filter(pk__in=carriers).update(kind=MailKind.DIGEST)
    Delivery.objects.filter(pk__in=newest.values(), state=DeliveryState.HELD).update(
        state=DeliveryState.QUEUED, next_try_at=Now()
    )
    theirs.overtaken().update(state=DeliveryState.SUPERSEDED)
