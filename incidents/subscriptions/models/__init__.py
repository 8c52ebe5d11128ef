"""The models of consent."""

from incidents.subscriptions.models.limit import AskTally
from incidents.subscriptions.models.request import RequestKind, SubscriptionRequest
from incidents.subscriptions.models.scope import MutedIncident, Scope
from incidents.subscriptions.models.subscriber import Subscriber, SubscriberState

__all__ = [
    "AskTally",
    "MutedIncident",
    "RequestKind",
    "Scope",
    "Subscriber",
    "SubscriberState",
    "SubscriptionRequest",
]
