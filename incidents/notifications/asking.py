"""Asking: one request to an endpoint, and what its answer means."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from incidents.lib.http import Answer, RequestFailed, fetch
from incidents.notifications.channels.catalogue import HOOKS
from incidents.notifications.channels.contract import SendFailure
from incidents.notifications.channels.hook import Request
from incidents.notifications.channels.judging import later, unasked
from incidents.notifications.models import Delivery
from incidents.notifications.outcomes import Outcome
from incidents.notifications.packing import Packed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was answered, or not, and how long that took."""

    delivery: Delivery
    packed: Packed
    result: Answer | SendFailure
    seconds: float


def ask(request: Request) -> Answer | SendFailure:
    """Post a request and return the answer, or the failure where none was had. Never raises.

    Of the answer 64 kB are read at most; the whole takes HOOK_SECONDS at most.
    """
    try:
        return fetch(
            request.url,
            method="POST",
            headers=request.headers,
            body=request.body,
            seconds=settings.HOOK_SECONDS,
            whole=False,
            allowed=settings.OUTBOUND_ALLOWED_ADDRESSES,
        )
    except RequestFailed as error:
        return unasked(error)
    except Exception:
        log.exception("a request could not be made")
        return later("The request could not be made; the log says why.")


def outcome_of(asked: Asked, *, at: datetime) -> Outcome:
    """Return what came of a request. Never raises: what one endpoint answers must not stop what goes to all others."""
    delivery, words = asked.delivery, ""
    failure = asked.result if isinstance(asked.result, SendFailure) else None
    if isinstance(asked.result, Answer):
        try:
            words = HOOKS[delivery.channel].read(asked.result, at=at)
        except SendFailure as refusal:
            failure = refusal
        except Exception:
            log.exception("the answer to delivery %s could not be read", delivery.pk)
            failure = later("The answer could not be read; the log says why.")
    return Outcome(
        delivery_id=delivery.pk,
        subscriber_id=delivery.subscriber_id,
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        answer=words,
        failure=failure,
        event_id=delivery.event_id,
        channel=delivery.channel,
        refusals=delivery.refusals,
    )
