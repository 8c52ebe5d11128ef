"""Owners: who answers for a webhook is told by mail that it fails, before it is switched off, and when it is."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from incidents.notifications.evidence import is_their_fault
from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Delivery, Lane, MailKind
from incidents.notifications.outcomes import Outcome
from incidents.notifications.verdicts import Counts, verdict
from incidents.subscriptions.models import ChannelKind, Subscriber

TOLD_AT_TRY = 4
"""About 35 minutes after the first: not a restart any more, and a day before it is switched off."""

TOLD_AGAIN_AFTER = timedelta(hours=24)


def tell(outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Queue the mails that failures give reason for. Call it before what came of them is counted.

    One that warns in a day at most, and one when the endpoint is switched off: it is gone, or has failed
    for a whole day.
    """
    failed = [one for one in outcomes if one.failure is not None and one.subscriber_id is not None]
    ended = [one for one in failed if verdict(one, at=at).counts == Counts.UNKNOWN]
    off = {one.subscriber_id: one for one in ended if is_their_fault(one)}
    failing = {one.subscriber_id: one for one in failed if one.attempts >= TOLD_AT_TRY}
    _queue(MailKind.ENDPOINT_OFF, off, at=at)
    _queue(MailKind.ENDPOINT_FAILING, {key: one for key, one in failing.items() if key not in off}, at=at)


def _queue(kind: MailKind, outcomes: dict[int | None, Outcome], *, at: datetime) -> None:
    if not outcomes:
        return
    told = Delivery.objects.filter(kind=kind, created_at__gt=at - TOLD_AGAIN_AFTER)
    for subscriber in _reachable(outcomes).exclude(pk__in=told.values("subscriber")):
        Delivery.objects.create(
            page_id=subscriber.page_id,
            subscriber=subscriber,
            channel=ChannelKind.EMAIL,
            kind=kind,
            address=subscriber.contact_email,
            message_id=f"{kind}.{subscriber.code}.{at:%Y%m%d%H%M}@{mail_domain()}",
            lane=Lane.NEWS,
        )


def _reachable(keys: Collection[int | None]) -> QuerySet[Subscriber]:
    return Subscriber.objects.active().filter(pk__in=list(keys)).exclude(contact_email="")
