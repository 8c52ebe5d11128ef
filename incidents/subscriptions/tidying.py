"""Tidying: what nobody confirmed goes, what the journal knows is applied, what it misses is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from incidents.subscriptions.choices import SubscriberState
from incidents.subscriptions.models import AskTally, MailboxTally, Subscriber, SubscriptionRequest
from incidents.subscriptions.suppression.catching_up import CaughtUp, catch_up
from incidents.subscriptions.suppression.keeping import write_what_is_missing

UNCONFIRMED_LIFE = timedelta(days=7)
"""How long an address that nobody confirmed is kept."""

TALLY_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tidied:
    """Addresses forgotten, what the journal made up for, and lines it still misses."""

    forgotten: int
    caught_up: CaughtUp
    unwritten: int


def tidy(*, at: datetime) -> Tidied:
    """Do the housekeeping of subscriptions; safe at any time and any number of times."""
    caught_up = catch_up(at=at)
    unwritten = write_what_is_missing()
    AskTally.objects.filter(period_starts_at__lt=at - TALLY_LIFE).delete()
    MailboxTally.objects.filter(newest_at__lt=at - TALLY_LIFE).delete()
    return Tidied(_forget_unconfirmed(at=at), caught_up, unwritten)


def _forget_unconfirmed(*, at: datetime) -> int:
    """Delete addresses that were entered a week ago and not since, and never confirmed."""
    long_ago = at - UNCONFIRMED_LIFE
    recent = SubscriptionRequest.objects.filter(subscriber=OuterRef("pk"), created_at__gt=long_ago)
    stale = Subscriber.objects.filter(state=SubscriberState.PENDING, consents=0, created_at__lte=long_ago)
    forgotten = stale.exclude(Exists(recent))
    keys = list(forgotten.values_list("pk", flat=True)[:10_000])
    Subscriber.objects.filter(pk__in=keys, state=SubscriberState.PENDING).delete()
    return len(keys)
