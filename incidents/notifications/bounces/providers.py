"""What providers report later: bounces, complaints and leaves, as django-anymail's tracking events.

An event counts only if it brings back the signed name of the delivery that we gave along.
"""

from datetime import datetime
from typing import Any, Protocol

from incidents.lib.clock import now
from incidents.notifications.bounces.judging import judged_words, softened
from incidents.notifications.bounces.reports import folded
from incidents.notifications.bounces.taking import bounce, complain, leave
from incidents.notifications.channels.answers import failure
from incidents.notifications.channels.contract import Fault, SendFailure
from incidents.notifications.mail.return_path import ReturnTag, tag_behind
from incidents.notifications.models import Delivery, ReturnTally, Taken

MARK = "delivery"
"""The name under which providers keep our mark, or no name where they keep tags only; channels/anymail.py sets it."""

_COMPLAINTS = {"complained"}
_LEAVES = {"unsubscribed"}
_FAILURES = {"bounced", "rejected", "failed"}
_BY_REASON = {
    "invalid": Fault.RECIPIENT_PERMANENT,
    "bounced": Fault.RECIPIENT_TEMPORARY,
    "timed_out": Fault.RECIPIENT_TEMPORARY,
}
"""Where the provider gives no status: soft unless the address is no address; anything else is not the reader's."""


class TrackingEvent(Protocol):
    """The part of anymail's AnymailTrackingEvent that is used here."""

    event_type: str
    reject_reason: str | None
    description: str | None
    mta_response: str | None
    metadata: dict[str, Any] | None
    tags: list[Any] | None
    recipient: str | None


def take_event(*, event: TrackingEvent, **_signal: Any) -> None:
    """Take in what a provider reports (a receiver of anymail's signal `tracking`)."""
    known = {*_COMPLAINTS, *_LEAVES, *_FAILURES}
    if event.event_type in known:
        moment = now()
        ReturnTally.add(_take(event, at=moment), at=moment)


def _take(event: TrackingEvent, *, at: datetime) -> Taken:
    tag = _tag_of(event)
    delivery = Delivery.objects.filter(pk=tag.delivery_id).first() if tag and tag.delivery_id is not None else None
    if tag is None or delivery is None:
        return Taken.FORGED_COMPLAINT if event.event_type in _COMPLAINTS else Taken.FORGED
    if event.event_type in _COMPLAINTS or event.reject_reason == "spam":
        return _complaint(tag, at=at)
    if event.event_type in _LEAVES or event.reject_reason == "unsubscribed":
        return Taken.LEFT if leave(tag, at=at) else Taken.REPEATED
    return bounce(delivery, _failure(event, delivery), at=at)


def _tag_of(event: TrackingEvent) -> ReturnTag | None:
    """Return what our mark names, None where the event brings none that we signed."""
    tags = event.tags if isinstance(event.tags, list) else []
    marks = [(event.metadata or {}).get(MARK, ""), *tags]
    return next((tag for mark in marks if (tag := tag_behind(str(mark)))), None)


def _complaint(tag: ReturnTag, *, at: datetime) -> Taken:
    return Taken.COMPLAINT if complain(tag, at=at) else Taken.REPEATED


def _failure(event: TrackingEvent, delivery: Delivery) -> SendFailure:
    words = " ".join(part for part in (event.mta_response, event.description) if part) or str(event.reject_reason or "")
    found = judged_words(words) or failure(_BY_REASON.get(event.reject_reason or "", Fault.SENDER), words)
    concerns_them = not event.recipient or folded(event.recipient) == folded(delivery.address)
    if found.fault == Fault.RECIPIENT_PERMANENT and not concerns_them:
        return softened(words)
    return found
