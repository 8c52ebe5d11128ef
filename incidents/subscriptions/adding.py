"""Staff add somebody: by asking them, or because their consent is on record."""

from datetime import datetime

from django.db import transaction

from incidents.subscriptions.addresses import address_key
from incidents.subscriptions.choices import ChannelKind, ConsentAct, SubscriberState
from incidents.subscriptions.destinations import clean_for
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.subscriptions.refusals import AlreadySubscribed, NoEvidence, SuppressedAddress
from incidents.subscriptions.suppression.catching_up import catch_up
from incidents.subscriptions.suppression.keeping import is_suppressed
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Page


def invite(*, page: Page, channel: ChannelKind, address: str, wish: Wish, by: str, at: datetime) -> SubscriptionRequest:
    """Send a confirmation to somebody; nothing else comes before its link is opened.

    Raises AddressRefused, AlreadySubscribed, SuppressedAddress: who left is not asked by us.
    """
    cleaned = clean_for(channel, address)
    with transaction.atomic():
        subscriber = _row(page, channel, cleaned, at=at)
        with subscriber.locked():
            subscriber.record(ConsentAct.INVITED, at=at, by=by)
            return SubscriptionRequest.invite(subscriber, wish, at=at)


def add_with_consent(
    *, page: Page, channel: ChannelKind, address: str, wish: Wish, evidence: str, by: str, at: datetime
) -> Subscriber:
    """Add somebody who agreed elsewhere; no mail is sent. `evidence` says where and when, and is kept.

    Raises AddressRefused, AlreadySubscribed, SuppressedAddress, NoEvidence.
    """
    if not evidence.strip():
        raise NoEvidence("Write where and when this person agreed.", field="evidence")
    cleaned = clean_for(channel, address)
    with transaction.atomic():
        subscriber = _row(page, channel, cleaned, at=at)
        return subscriber.consent(wish, at=at, act=ConsentAct.ADDED, by=by, detail=evidence.strip())


def _row(page: Page, channel: ChannelKind, cleaned: str, *, at: datetime) -> Subscriber:
    catch_up(at=at)
    key = address_key(cleaned, is_mail=channel == ChannelKind.EMAIL)
    if is_suppressed(page=page, channel=channel, address_key=key):
        raise _suppressed()
    subscriber, _ = Subscriber.objects.get_or_create(
        page=page, channel=channel, address_key=key, defaults={"address": cleaned, "created_at": at}
    )
    if subscriber.state == SubscriberState.LEFT:
        raise _suppressed()
    if subscriber.state != SubscriberState.PENDING:
        raise AlreadySubscribed("This address is on the list already.", field="address")
    return subscriber


def _suppressed() -> SuppressedAddress:
    return SuppressedAddress(
        "This address left, complained or was erased; only its owner can come back, by the public form.",
        field="address",
    )
