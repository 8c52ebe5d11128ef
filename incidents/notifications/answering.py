"""Answering a challenge: an endpoint that gives the random word back agrees to be told."""

import logging
from datetime import datetime

from incidents.subscriptions.models import SubscriptionRequest
from incidents.timeline.refusals import Refused

log = logging.getLogger(__name__)


def take_consent(request: SubscriptionRequest, body: bytes, *, at: datetime) -> bool:
    """Confirm `request` if its challenge stands in the answer's body; return whether it did.

    Where in the body does not matter: {"challenge": "..."} and the bare word are both common. A word
    that came too late, or whose wish is gone, changes nothing.
    """
    if request.challenge.encode() not in body:
        return False
    try:
        SubscriptionRequest.confirm_challenge(request, request.challenge, at=at)
    except Refused as refusal:
        log.info("an endpoint agreed in vain: %s", refusal.sentence)
        return False
    return True
