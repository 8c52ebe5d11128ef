"""Ending what a restored database thinks active: many at once, because that is how many left since the backup."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from incidents.subscriptions import events
from incidents.subscriptions.choices import ConsentAct, SubscriberState, Suppressing
from incidents.subscriptions.models.record import ConsentRecord
from incidents.subscriptions.models.scope import MutedIncident, Scope
from incidents.subscriptions.models.subscriber import Subscriber
from incidents.subscriptions.models.suppression import Suppression
from incidents.subscriptions.suppression.journal import digest_of
from incidents.subscriptions.suppression.keeping import salts

Word = tuple[Suppressing, datetime]


def end_all(subscribers: Sequence[Subscriber], *, at: datetime) -> int:
    """End those among `subscribers` whose last word is an end they have not taken back; return how many.

    Who confirmed after that word stays. Nothing new is journaled: the journal said it.
    """
    with transaction.atomic():
        keys = [subscriber.pk for subscriber in subscribers]
        locked = Subscriber.objects.filter(~Q(state=SubscriberState.LEFT), pk__in=keys).select_for_update(of=("self",))
        living = list(locked.select_related("page"))
        words = _last_words(living)
        ended = [one for one in living if one.pk in words and _still_stands(one, words[one.pk])]
        erased = [one for one in ended if words[one.pk][0] == Suppressing.ERASED]
        for subscriber in erased:
            events.erasing.send(sender=Subscriber, subscriber=subscriber)
            subscriber.delete()
        _leave([one for one in ended if one not in erased], words, at=at)
    return len(ended)


def _still_stands(subscriber: Subscriber, word: Word) -> bool:
    kind, said_at = word
    is_older = subscriber.confirmed_at is not None and subscriber.confirmed_at > said_at
    return kind != Suppressing.CONSENTED and not is_older


def _last_words(subscribers: Sequence[Subscriber]) -> dict[int, Word]:
    """Return kind and time of the newest entry about each, by its key."""
    owner = {
        (one.page_id, digest_of(salt, channel=one.channel, address_key=one.address_key)): one.pk
        for salt in salts()
        for one in subscribers
    }
    rows = Suppression.objects.filter(digest__in=[digest for _, digest in owner]).order_by("at", "pk")
    found = rows.values_list("page_id", "digest", "kind", "at")
    return {owner[page, digest]: (Suppressing(kind), at) for page, digest, kind, at in found if (page, digest) in owner}


def _leave(subscribers: list[Subscriber], words: dict[int, Word], *, at: datetime) -> None:
    for subscriber in subscribers:
        kind, left_at = words[subscriber.pk]
        subscriber.state = SubscriberState.LEFT
        subscriber.left_at = left_at
        if kind == Suppressing.COMPLAINED:
            subscriber.complained_at = left_at
    Subscriber.objects.bulk_update(subscribers, ["state", "left_at", "complained_at"], batch_size=500)
    Scope.objects.filter(subscriber__in=subscribers).delete()
    MutedIncident.objects.filter(subscriber__in=subscribers).delete()
    ConsentRecord.objects.bulk_create(
        ConsentRecord(subscriber=subscriber, act=ConsentAct.RESTORED_LEAVE, at=at) for subscriber in subscribers
    )
