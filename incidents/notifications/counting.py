"""Counting: what refusals count against those who are told, and nothing else does.

An address that does not exist is switched off at the first answer, other lasting refusals at
the third. A mailbox that takes nothing for the time being counts half a point a day; before the
tenth such day within 30 days of each other switches it off, one mail asks whether it still works.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from incidents.notifications.choices import FINISHED
from incidents.notifications.evidence import is_their_fault
from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Delivery, DeliveryState, Lane, MailKind
from incidents.notifications.outcomes import Outcome
from incidents.notifications.verdicts import Counts, verdict
from incidents.subscriptions.models import Subscriber, SubscriberState
from incidents.subscriptions.models.endurance import SOFT_LIMIT

PATIENT_TRIES = 2
"""Tries a greylisting relay may refuse: it takes the next one, so that says nothing about the mailbox."""

PROBE_LIVES = timedelta(days=2)
"""How long a probe's answer is waited for and taken for the mailbox's."""

_GREYLISTED = re.compile(r"gr[ae]y-?list", re.IGNORECASE)


def count(outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Count what came of tries against their subscribers. Call it in the transaction that marks them."""
    hard: dict[int, Outcome] = {}
    soft: dict[int, Outcome] = {}
    for outcome in outcomes:
        if outcome.failure is None or outcome.subscriber_id is None:
            continue
        counts = verdict(outcome, at=at).counts
        if counts in {Counts.HARD, Counts.UNKNOWN} and is_their_fault(outcome):
            hard[outcome.subscriber_id] = outcome
        elif counts == Counts.SOFT and not _is_patience(outcome):
            soft[outcome.subscriber_id] = outcome
    if hard:
        _count_hard(hard, at=at)
    if soft:
        _count_soft(soft, at=at)


def judge_probes(*, at: datetime) -> int:
    """Switch off whose probe came back, start anew for whose was taken; return how many were judged."""
    judged = 0
    probes = Delivery.objects.filter(kind=MailKind.PROBE, state__in=FINISHED, created_at__gt=at - PROBE_LIVES)
    waiting = probes.filter(subscriber__soft_failures__gte=SOFT_LIMIT - 1, subscriber__state=SubscriberState.ACTIVE)
    for probe in waiting.select_related("subscriber")[:1_000]:
        if probe.subscriber is None:
            continue
        if probe.state == DeliveryState.SENT:
            with probe.subscriber.locked() as subscriber:
                subscriber.forget_failures()
                subscriber.save(update_fields=subscriber.FAILURES)
        elif probe.state in {DeliveryState.BOUNCED, DeliveryState.FAILED}:
            probe.subscriber.disable(reason=probe.last_answer, at=at)
        judged += 1
    return judged


def _is_patience(outcome: Outcome) -> bool:
    failure = outcome.failure
    return failure is not None and outcome.attempts <= PATIENT_TRIES and bool(_GREYLISTED.search(failure.sentence))


def _count_hard(told: dict[int, Outcome], *, at: datetime) -> None:
    # In the order of keys, so that two workers cannot wait for each other.
    for subscriber in Subscriber.objects.active().filter(pk__in=told).order_by("pk"):
        failure = told[subscriber.pk].failure
        if failure is not None:
            decisive = verdict(told[subscriber.pk], at=at).counts == Counts.UNKNOWN
            subscriber.count_hard(answer=failure.sentence, at=at, decisive=decisive)


def _count_soft(told: dict[int, Outcome], *, at: datetime) -> None:
    mailboxes = Subscriber.objects.filter(pk__in=told)
    _ask(mailboxes.count_soft(at=at), at=at)


def _ask(subscribers: Sequence[Subscriber], *, at: datetime) -> None:
    """Queue one mail that asks whether the mailbox still works, unless one is on its way."""
    if not subscribers:
        return
    probes = Delivery.objects.filter(kind=MailKind.PROBE, created_at__gt=at - PROBE_LIVES, subscriber__in=subscribers)
    asked = set(probes.values_list("subscriber_id", flat=True))
    Delivery.objects.bulk_create(
        Delivery(
            page_id=one.page_id,
            subscriber=one,
            channel=one.channel,
            kind=MailKind.PROBE,
            address=one.address,
            message_id=f"p{one.code}.{at:%Y%m%d}@{mail_domain()}",
            lane=Lane.NEWS,
            created_at=at,
        )
        for one in subscribers
        if one.pk not in asked
    )
