"""Taking returned mail in: each message has one effect, and only where a tag of ours is in it."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from incidents.lib.text import clean_line
from incidents.notifications import breaker, counting
from incidents.notifications.bounces.judging import judged
from incidents.notifications.bounces.reports import READ_LIMIT, Report, ReportKind, read_report
from incidents.notifications.channels.contract import Fault, SendFailure
from incidents.notifications.mail.return_path import ReturnTag, tags_in
from incidents.notifications.models import Delivery, DeliveryState, ReturnTally, Taken
from incidents.notifications.models.delivery import ANSWER_LIMIT
from incidents.notifications.outcomes import Outcome
from incidents.subscriptions.choices import Leaving
from incidents.subscriptions.models import ChannelKind, Subscriber

PARKED_LIMIT = 500
"""Messages kept for a person to look at; beyond it they are only counted."""

FROM_READERS = {Fault.RECIPIENT_PERMANENT, Fault.RECIPIENT_TEMPORARY}

log = logging.getLogger(__name__)


def take_mail(raw: bytes, *, at: datetime, recipient: str = "") -> Taken:
    """Take one returned message in and return what it was.

    `recipient` is the address it was sent to, where whoever hands it over knows. Twice is once.
    """
    report = read_report(raw)
    taken = _take(report, recipient, at=at)
    if taken == Taken.PARKED:
        _park(raw)
    ReturnTally.add(taken, at=at)
    return taken


def bounce(delivery: Delivery, failure: SendFailure, *, at: datetime) -> Taken:
    """Keep that a delivery which was handed over did not arrive, and count it where it counts; once."""
    is_theirs = failure.fault in FROM_READERS
    state = DeliveryState.BOUNCED if is_theirs else DeliveryState.FAILED
    # What others wrote may hold NUL, which PostgreSQL refuses.
    answer = clean_line(failure.sentence)[:ANSWER_LIMIT]
    with transaction.atomic():
        sent = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENT)
        if not sent.update(state=state, last_answer=answer, fault=failure.fault.value):
            return Taken.LATER if _is_on_its_way(delivery) else Taken.REPEATED
        outcome = Outcome(
            delivery_id=delivery.pk,
            # The owner of an endpoint is told by mail; what becomes of that says nothing of the endpoint.
            subscriber_id=delivery.subscriber_id if _is_reader(delivery.subscriber) else None,
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            answer=answer,
            failure=failure,
            event_id=delivery.event_id,
        )
        counting.count([outcome], at=at)
        if not is_theirs:
            # A relay that takes everything and bounces it later refuses us all the same.
            breaker.note(ChannelKind.EMAIL, [outcome])
    return Taken.BOUNCED if is_theirs else Taken.NOT_OURS


def complain(tag: ReturnTag, *, at: datetime) -> bool:
    """Never mail again whom a signed tag names; return whether there is somebody."""
    subscriber = _subscriber_of(tag)
    if subscriber is None:
        return False
    subscriber.complain(at=at)
    return True


def leave(tag: ReturnTag, *, at: datetime) -> bool:
    """End the subscription a signed tag names; return whether it is one, of the consent it was made under.

    Where several people read an address, a mail of one of them does not end it for all.
    """
    subscriber = _subscriber_of(tag)
    if subscriber is None or subscriber.leaving != Leaving.FREE:
        return False
    if subscriber.consents != (tag.consents or subscriber.consents):
        return False
    subscriber.leave(at=at)
    return True


def _take(report: Report, recipient: str, *, at: datetime) -> Taken:
    addressed = list(tags_in(f"{recipient}\n{report.addressed}"))
    if report.kind == ReportKind.BOUNCE:
        return _take_bounce(report, [*addressed, *tags_in(report.returned)], at=at)
    if report.kind == ReportKind.COMPLAINT:
        return _take_complaint(report, [*addressed, *tags_in(report.returned)], at=at)
    if report.kind == ReportKind.UNREADABLE:
        return Taken.PARKED
    leaving = [tag for tag in addressed if tag.subscriber_code]
    if any(leave(tag, at=at) for tag in leaving[:1]):
        return Taken.LEFT
    return Taken.AUTOMATIC if addressed else Taken.PARKED


def _take_bounce(report: Report, tags: list[ReturnTag], *, at: datetime) -> Taken:
    delivery = next(_deliveries(tags), None)
    if delivery is None:
        return Taken.FORGED
    failure = judged(report, delivery.address)
    return Taken.PENDING if failure is None else bounce(delivery, failure, at=at)


def _take_complaint(report: Report, tags: list[ReturnTag], *, at: datetime) -> Taken:
    if report.feedback.casefold() == "not-spam":
        return Taken.AUTOMATIC
    return Taken.COMPLAINT if any(complain(tag, at=at) for tag in tags[:1]) else Taken.FORGED_COMPLAINT


def _deliveries(tags: list[ReturnTag]) -> Iterator[Delivery]:
    for tag in tags:
        if tag.delivery_id is not None:
            mails = Delivery.objects.filter(pk=tag.delivery_id, channel=ChannelKind.EMAIL)
            yield from mails


def _subscriber_of(tag: ReturnTag) -> Subscriber | None:
    readers = Subscriber.objects.filter(channel=ChannelKind.EMAIL)
    if tag.subscriber_code:
        return readers.filter(code=tag.subscriber_code).first()
    return readers.filter(deliveries=tag.delivery_id).first()


def _is_reader(subscriber: Subscriber | None) -> bool:
    return subscriber is not None and subscriber.channel == ChannelKind.EMAIL


def _is_on_its_way(delivery: Delivery) -> bool:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.LEASED).exists()


def _park(raw: bytes) -> None:
    """Keep the beginning of a message as a file for the owner's eyes."""
    folder = settings.DATA_DIR / "returned-mail"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sum(1 for _ in folder.iterdir()) < PARKED_LIMIT:
            name = hashlib.sha256(raw[:READ_LIMIT]).hexdigest()[:16]
            (folder / f"{name}.eml").write_bytes(raw[:READ_LIMIT])
    except OSError as error:
        log.warning("a returned message cannot be set aside (%s)", error)
